-- SPDX-License-Identifier: MIT
pidfile = "${GROUNDWORK_BASE}/run/prosody.pid"
data_path = "${GROUNDWORK_BASE}/data"
admins = { ${for ADMIN in XMPP_ADMINS:-}"${ADMIN}"${sep}, ${end} }
modules_enabled = {
	"roster", "saslauth", "disco", "ping", "posix",
${for MODULE in GLOBAL_MODULES:-}
	"${MODULE}",
${end}
}
interfaces = { "127.0.0.1" }
c2s_ports = { ${C2S_PORT:-0} }
s2s_ports = { }
log = { info = "*console" }

VirtualHost "${XMPP_DOMAIN}"
${if on:ENABLE_AUTH env:AUTH_TYPE=jwt}
	authentication = "token"
	app_id = "${JWT_APP_ID}"
	app_secret = "${JWT_APP_SECRET}"
	${if off:JWT_ALLOW_EMPTY or !env:JWT_ALLOW_EMPTY}
	allow_empty_token = false
	${else}
	allow_empty_token = true
	${end}
${elif on:ENABLE_AUTH}
	authentication = "internal_hashed"
${else}
	authentication = "anonymous"
${end}
${for I,ROOM in BREAKOUT_ROOMS:-}
	-- ${I}
${end}

Component "${XMPP_MUC_DOMAIN}" "muc"
	restrict_room_creation = ${if on:RESTRICT_ROOMS}true${else}false${end}

	max_history_messages = ${MAX_HISTORY:-20}
${for NAME,VALUE in env:PROSODY_MUC_*}
	muc_extra_${NAME} = "${VALUE}"
${end}
