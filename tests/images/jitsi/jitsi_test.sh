#!/bin/bash
# SPDX-License-Identifier: MIT
# The image jitsi/prosody.
. "${BASH_SOURCE[0]%/*}/../image.sh"

# value EXPRESSION [HOST]: what Lua, with the two words of prosody, finds in the configuration.
function value {
	lua5.4 -e '
		local hosts, here = {}, {}
		local global = here
		function VirtualHost(name) here = {}; hosts[name] = here end
		Component = function(name) here = {}; hosts[name] = here; return function() end end
		local env = setmetatable({VirtualHost = VirtualHost, Component = Component}, {
			__newindex = function(_, key, value) here[key] = value end})
		assert(loadfile("config/prosody.cfg.lua", "t", env))()
		settings = setmetatable({}, {__index = arg[2] and hosts[arg[2]] or global})
		print(load("return " .. arg[1])())' /dev/null "$@"
}

function lay {
	needs luac lua5.4
	PROSODY_USER=$(id -u) status 0 "$GROUNDWORK" -c "$CONF" apply
}

lists_become_lists() {
	XMPP_ADMINS="a@x, b@x" GLOBAL_MODULES="one two" lay
	equal 'a@x b@x' "$(value 'table.concat(settings.admins, " ")')"
	equal 7 "$(value '#settings.modules_enabled')"
	equal anonymous "$(value settings.authentication meet.jitsi)"
	equal false "$(value settings.restrict_room_creation muc.meet.jitsi)"
	lay
	equal 0 "$(value '#settings.admins')"
}

conditions_choose_and_values_stay_values() {
	export ENABLE_AUTH=1 AUTH_TYPE=jwt JWT_APP_ID=me PROSODY_MUC_a=1 PROSODY_MUC_b='x" y'
	JWT_APP_SECRET='"] os.execute("touch pwned") --' lay
	equal '"] os.execute("touch pwned") --' "$(value settings.app_secret meet.jitsi)"
	missing pwned
	equal 'x" y' "$(value settings.muc_extra_b muc.meet.jitsi)"
	equal false "$(value settings.allow_empty_token meet.jitsi)"
	AUTH_TYPE=internal lay
	equal internal_hashed "$(value settings.authentication meet.jitsi)"
	AUTH_TYPE=internal RESTRICT_ROOMS=true lay
	equal true "$(value settings.restrict_room_creation muc.meet.jitsi)"
}

what_is_missing_is_said_before_anything_is_made() {
	needs luac
	ENABLE_AUTH=1 AUTH_TYPE=jwt status 100 "$GROUNDWORK" -c "$CONF" apply
	contains "$err" "AUTH_TYPE=jwt needs JWT_APP_ID and JWT_APP_SECRET"
	missing config
	MAX_HISTORY='20 os.exit()' lay
	equal '20 os.exit()' "$(value settings.max_history_messages muc.meet.jitsi)"
}

# handles_term: it is up; before, TERM would end it. What becomes it may handle that, too.
function handles_term {
	! grep -q '^groundwork' "/proc/$pid/comm" &&
		grep -q '^SigCgt:.*[4-7c-f][0-9a-f]\{3\}$' "/proc/$pid/status"
}

function serves {
	needs prosody luac
	chmod 755 .
	start prosody -F --config config/prosody.cfg.lua
	serving handles_term
}

root_the_server_takes_it_and_is_prosody() {
	serves
	equal "$(id -u prosody) $(id -u prosody)" "$(owner_of_process "$pid")"
	mode config/prosody.cfg.lua 640 "$(id -u prosody):$(id -g prosody)"
	snapshot config >before
	stop TERM
	serves
	equal "$(cat before)" "$(snapshot config)" "what a warm start leaves alone"
	stop TERM
}

root_the_root_file_system_is_read_only() {
	needs prosody luac
	chmod 755 .
	start_read_only "$PWD/data" "$PWD/config" "$PWD/run" --
	serving handles_term
	stop TERM
}
