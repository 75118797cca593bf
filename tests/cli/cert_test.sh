#!/bin/bash
# SPDX-License-Identifier: MIT
# The kind `cert`: a certificate that programs accept, and never one that is not ours.
. "${BASH_SOURCE[0]%/*}/../lib.sh"
. "${BASH_SOURCE[0]%/*}/http.sh"

# step [KEY…]: [cert:x] of a.pem and a.key with these lines.
function step {
	printf '%s\n' '[cert:x]' 'cert = a.pem' 'key = a.key' "$@" | drop_in 10.ini
}

# pair: a.pem is the certificate of a.key.
function pair {
	equal "$(openssl pkey -in a.key -pubout)" "$(openssl x509 -in a.pem -noout -pubkey)" \
		"the keys of both"
}

# strict CA: a.pem is accepted.
function strict {
	openssl verify -x509_strict -CAfile "$1" a.pem >verified 2>&1 || fail "$(cat verified)"
	pair
}

# renewed WHY: the plan says so, apply makes a pair that is in place then.
function renewed {
	status 0 gw plan
	contains "$out" "~ cert:x"
	contains "$out" "$1"
	status 0 gw apply
	contains "$err" "$1"
	pair
	status 0 gw apply
	contains "$err" "1 in place"
}

# foreign TEXT: nothing is touched.
function foreign {
	snapshot . >"$TEST_DIR/before"
	status 111 gw apply
	contains "$err" "$1"
	equal "" "$(snapshot . | diff "$TEST_DIR/before" -)" "what was touched"
}

# shakes_hands CA NAME: does a client accept a.pem from a server of that name?
function shakes_hands {
	python3 - "$@" <<-'END'
		import socket, ssl, sys, threading
		server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
		server.load_cert_chain("a.pem", "a.key")
		listener = socket.create_server(("127.0.0.1", 0))
		def serve():
		    try:
		        server.wrap_socket(listener.accept()[0], server_side=True).close()
		    except OSError:
		        pass
		threading.Thread(target=serve, daemon=True).start()
		client = ssl.create_default_context(cafile=sys.argv[1])
		client.verify_flags |= ssl.VERIFY_X509_STRICT
		try:
		    client.wrap_socket(socket.create_connection(listener.getsockname()),
		        server_hostname=sys.argv[2]).close()
		except ssl.SSLCertVerificationError:
		    sys.exit(1)
	END
}

a_certificate_signs_itself_and_is_in_place() {
	step 'cn = app.example' 'san = *.app.example 127.0.0.1 ::1'
	status 0 gw plan
	contains "$out" "+ cert:x  make the certificate '$PWD/a.pem', with a new key"
	missing a.pem a.key
	status 0 gw apply
	lacks "$err" "PRIVATE"
	mode a.key 600
	mode a.pem 644
	strict a.pem
	contains a.key "BEGIN PRIVATE KEY"
	snapshot . >"$TEST_DIR/before"
	status 0 gw apply
	contains "$err" "1 in place"
	equal "" "$(snapshot . | diff "$TEST_DIR/before" -)" "what was touched"
}

clients_accept_its_names_and_no_others() {
	step 'cn = app.example' 'san = *.app.example 127.0.0.1' 'ca = ca.pem'
	status 0 gw apply
	strict ca.pem
	mode ca.key 600
	for name in app.example x.app.example 127.0.0.1; do
		status 0 shakes_hands ca.pem "$name"
	done
	for name in other.example x.x.app.example 127.0.0.2; do
		status 1 shakes_hands ca.pem "$name"
	done
}

nginx_serves_with_it_and_curl_accepts_it() {
	command -v nginx >/dev/null || skip "no nginx here"
	command -v curl >/dev/null || skip "no curl here"
	step 'san = localhost *.app.internal 127.0.0.1' 'ca = ca.pem'
	status 0 gw apply
	port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
	cat >nginx.conf <<-END
		daemon off;
		master_process off;
		pid $PWD/nginx.pid;
		error_log stderr;
		events {}
		http {
			access_log off;
			client_body_temp_path $PWD/t1;
			proxy_temp_path $PWD/t2;
			fastcgi_temp_path $PWD/t3;
			uwsgi_temp_path $PWD/t4;
			scgi_temp_path $PWD/t5;
			server {
				listen 127.0.0.1:$port ssl;
				ssl_certificate $PWD/a.pem;
				ssl_certificate_key $PWD/a.key;
				return 200 served;
			}
		}
	END
	background nginx -e stderr -p "$PWD" -c "$PWD/nginx.conf"
	for name in localhost a.app.internal 127.0.0.1; do
		eventually curl -sS --noproxy '*' --cacert ca.pem --resolve "$name:$port:127.0.0.1" \
			-o got "https://$name:$port/"
		equal served "$(<got)"
	done
	for name in elsewhere.example a.b.app.internal; do
		status 60 curl -sS --noproxy '*' --cacert ca.pem --resolve "$name:$port:127.0.0.1" \
			"https://$name:$port/"
	done
}

# subject NAME: of a.pem.
function subject {
	equal "$1" "$(openssl x509 -in a.pem -noout -subject -nameopt multiline | sed -n 's/.*commonName *= //p')"
}

# For curl a certificate that signs itself must have an issuer.
without_a_cn_the_first_name_is_its_subject() {
	long=$(printf '%063d' 1).example
	step "san = $long 127.0.0.1 b.example"
	status 0 gw apply
	strict a.pem
	subject 127.0.0.1
	cat a.key a.pem >both.pem
	serve both.pem
	drop_in 20.ini <<-END
		[download:f]
		url = https://$at/f
		path = f
		sha256 = $(sha256sum <files/f | cut -d' ' -f1)
		ca_file = $PWD/a.pem
	END
	status 0 gw apply
	rm a.pem conf/20.ini
	step "san = $long" 'ca = ca.pem'
	status 0 gw apply
	strict ca.pem
	subject groundwork
}

root_it_belongs_to_the_application_and_the_ca_to_root() {
	step 'cn = app.internal' 'ca = ca.pem'
	printf '[app]\nuser = 10001\n' | drop_in 20.ini
	chmod 755 .
	status 0 gw apply
	mode a.key 600 10001:10001
	mode a.pem 644 10001:10001
	mode ca.key 600 0:0
	status 0 setpriv --reuid 10001 --regid 10001 --clear-groups cat a.key
	rm a.pem
	status 111 setpriv --reuid 10001 --regid 10001 --clear-groups "$GROUNDWORK" -c conf apply
	contains "$err" ca.key
	missing a.pem
}

ed25519_and_a_long_validity_are_accepted() {
	step 'san = app.example' 'type = ed25519' 'days = 36500'
	status 0 gw apply
	strict a.pem
	contains <(openssl x509 -in a.pem -noout -text) "2126 GMT"
}

it_is_made_anew_where_it_is_no_longer_right() {
	step 'cn = app.example' 'days = 10' 'renew_before = 1d'
	status 0 gw apply
	cp a.key first.key
	step 'cn = app.example' 'days = 365' 'renew_before = 30d'
	renewed "(the old one ends in "
	! cmp -s a.key first.key || fail "the key is the same"
	step 'cn = app.example' 'san = api.example'
	renewed "has no name api.example"
	step 'cn = app.example'
	renewed "has the name api.example"
	step 'cn = app.example' 'type = ed25519'
	renewed "has a key of another type"
	step 'cn = app.example' 'type = ed25519' 'ca = ca.pem'
	renewed "(the old one signed itself)"
	strict ca.pem
	mkdir old
	mv ca.pem ca.key old
	renewed "has lost its CA"
	cp old/* .
	renewed "was signed by another CA"
	step 'cn = app.example' 'type = ed25519'
	renewed "was signed by a CA"
}

a_key_of_others_is_kept() {
	openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out theirs 2>/dev/null
	install -m 600 theirs a.key
	step 'cn = app.example' 'days = 10' 'renew_before = 1d'
	status 0 gw apply
	pair
	step 'cn = app.example' 'days = 365'
	renewed "(the old one ends in "
	cmp theirs a.key || fail "the key was replaced"
	step 'cn = app.example' 'type = ed25519'
	foreign "existed before its certificate"
}

# A start that is killed between the two leaves the new key alone, or the old certificate.
a_key_that_was_made_here_is_none_of_others() {
	local cut
	step 'cn = app.example' 'days = 10' 'renew_before = 1d'
	for cut in "rm a.pem" "cp old.pem a.pem"; do
		rm -f a.key a.pem
		status 0 gw apply
		cp a.pem old.pem
		rm a.key
		status 0 gw apply
		$cut
		cp a.key new.key
		status 0 gw apply
		cmp new.key a.key || fail "$cut: there is another key"
		step 'cn = app.example'
		renewed "(the old one ends in "
		! cmp -s new.key a.key || fail "$cut: the key was kept"
		$cut
		step 'cn = app.example' 'type = ed25519'
		status 0 gw apply
		pair
		step 'cn = app.example' 'days = 10' 'renew_before = 1d'
	done
}

another_key_gets_a_certificate() {
	step 'cn = app.example'
	status 0 gw apply
	openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out theirs 2>/dev/null
	cp theirs a.key
	renewed "does not fit its key"
	cmp theirs a.key || fail "the key was replaced"
}

what_is_not_ours_is_left() {
	step 'cn = app.example'
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout a.key \
		-out a.pem -subj /CN=theirs 2>/dev/null
	foreign "was not made here"
	rm a.key
	foreign "was not made here"
	echo text >a.pem
	foreign "holds no certificate"
	rm a.pem
	echo text >a.key
	foreign "holds no private key"
}

a_ca_without_its_key_is_an_error_where_it_must_sign() {
	step 'cn = app.example' 'ca = ca.pem'
	status 0 gw apply
	mv ca.key kept
	status 0 gw apply
	rm a.pem
	foreign "of the CA '$PWD/ca.pem' is missing"
	status 111 gw plan
	contains "$out" "of the CA '$PWD/ca.pem' is missing"
	cp a.key ca.key
	foreign "is not that of the CA"
	status 111 gw plan
	contains "$out" "is not that of the CA"
}

# refused TEXT: the CA is there, and nothing is made with it, as the plan says.
function refused {
	status 111 gw plan
	contains "$out" "$1"
	status 111 gw apply
	contains "$err" "$1"
	missing a.pem
	missing a.key
}

# foreign_ca SUBJECT OPTION…: ca.pem and ca.key, made by openssl(1).
function foreign_ca {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key \
		-out ca.pem -subj "$@" 2>/dev/null
}

what_no_client_would_accept_is_not_made() {
	local said="make the certificate '$PWD/a.pem', signed by '$PWD/ca.pem': clients would not accept it: "
	step 'cn = a.test' 'ca = ca.pem'
	foreign_ca /
	refused "${said}its issuer has no name"
	foreign_ca /CN=c -addext 'nameConstraints=critical,permitted;DNS:other.test'
	refused "${said}permitted subtree violation"
	step 'cn = a.other.test' 'ca = ca.pem'
	status 0 gw apply
	pair
}

# Chain building and most clients take such a CA; Python 3.13 does not.
a_ca_that_strict_clients_refuse_is_warned_of() {
	local said="[cert:x] strict clients, as Python 3.13 is one, refuse what the CA '$PWD/ca.pem' signs"
	step 'cn = a.test' 'ca = ca.pem'
	printf '%s\n' '[req]' 'prompt = no' 'distinguished_name = dn' 'x509_extensions = all' \
		'[dn]' 'CN = c' '[all]' 'basicConstraints = critical,CA:TRUE' \
		'subjectKeyIdentifier = hash' >lax.cnf
	foreign_ca /CN=c -config lax.cnf
	status 0 gw plan
	contains "$err" "$said"
	status 0 gw apply
	contains "$err" "$said"
	pair
	status 0 openssl verify -CAfile ca.pem a.pem
	status 2 openssl verify -x509_strict -CAfile ca.pem a.pem
	status 0 gw apply
	lacks "$err" strict
	rm a.pem a.key
	foreign_ca /CN=c -addext keyUsage=critical,keyCertSign
	status 0 gw apply
	lacks "$err" strict
	strict ca.pem
}

a_key_with_a_passphrase_is_said_to_be_that() {
	local said="the private key '$PWD/ca.key' has a passphrase, and nobody types it at a start"
	step 'cn = a.test' 'ca = ca.pem'
	foreign_ca /CN=c
	openssl pkey -in ca.key -aes128 -passout pass:x -out locked
	mv locked ca.key
	refused "$said; write the key without it: openssl pkey -in '$PWD/ca.key' -out NEW"
	openssl ec -passin pass:x -in ca.key -aes128 -passout pass:x -out locked 2>/dev/null
	mv locked ca.key
	refused "$said"
}

# reads_ca LINE…: a plan knows what a step with these lines reads of the CA.
function reads_ca {
	step 'cn = a.test' 'ca = ca.pem'
	printf '%s\n' "$@" 'url = https://localhost:9/x' | drop_in 20.ini
	status 0 gw plan
	contains "$out" "not known before cert:x has run: $said"
}

a_plan_knows_the_ca_that_an_earlier_step_makes() {
	local digest said="[wait:x] ca_file: '$PWD/ca.pem' is missing"
	digest=$(sha256sum </dev/null)
	reads_ca '[wait:x]' "ca_file = $PWD/ca.pem"
	said="[download:x] ca_file: '$PWD/ca.pem' is missing"
	reads_ca '[download:x]' path=x sha256="${digest%% *}" "ca_file = $PWD/ca.pem"
	export SSL_CERT_FILE=$PWD/ca.pem
	said="SSL_CERT_FILE: '$PWD/ca.pem' is missing"
	reads_ca '[wait:x]'
	reads_ca '[download:x]' path=x sha256="${digest%% *}"
	SSL_CERT_FILE=$PWD/other.pem
	status 111 gw plan
	contains "$out" "SSL_CERT_FILE: '$PWD/other.pem' is missing"
}

# More than is read again.
a_certificate_of_too_many_names_is_an_error() {
	step "san = $(seq -f 'n%g.example.org' -s ' ' 4000)"
	refused "would have "
	contains "$err" "bytes, more than 65536; write fewer names into \`san\`"
	step "san = $(seq -f 'n%g.example.org' -s ' ' 1000)"
	status 0 gw apply
	status 0 gw plan
}

# start_many: 32 at once, all of which end well.
function start_many {
	local pids=() pid
	for _ in {1..32}; do
		"$GROUNDWORK" -c conf apply 2>>log &
		pids+=($!)
	done
	for pid in "${pids[@]}"; do
		wait "$pid" || fail "$(cat log)"
	done
	strict ca.pem
}

many_at_once_end_with_one_pair() {
	step 'cn = app.example' 'ca = ca.pem'
	start_many
	contains_once log "made the certificate"
	rm log
	step 'cn = app.example' 'ca = ca.pem' 'san = b.example'
	start_many
	contains_once log "made the certificate"
}

# Two files cannot be replaced at once: a reader who must not see half of it takes the lock, too.
no_pair_is_replaced_while_a_reader_holds_its_directory() {
	command -v flock >/dev/null || skip "no flock here"
	step 'san = one.internal'
	status 0 gw apply
	step 'san = two.internal'
	cat a.pem a.key >before
	exec {held}<.
	flock --shared "$held"
	background "$GROUNDWORK" -c conf apply
	renewing=$!
	sleep 0.5
	cat a.pem a.key | cmp - before || fail "the pair was replaced"
	exec {held}<&-
	wait "$renewing"
	pair
	! cmp -s a.key before || fail "the pair was not replaced"
	contains <(openssl x509 -in a.pem -noout -text) two.internal
}

# Whoever has the lock, and keeps it, hinders nobody for long.
a_lock_that_is_not_released_is_passed_over() {
	step 'cn = app.example'
	exec 7<.
	flock 7
	status 0 gw apply
	strict a.pem
}

wrong_forms_are_errors_at_check() {
	step 'san = a_b.example exa:mple 10.0.0.300 -x.example *'
	status 100 gw check
	for word in exa:mple 10.0.0.300 -x.example "'*'"; do
		contains "$err" "$word"
	done
	step
	status 100 gw check
	contains "$err" "it would have no name"
	step 'cn = My Server'
	status 100 gw plan
	contains "$out" "it would have no name"
	step 'cn = app.example' 'days = 20' 'renew_before = 20d'
	status 100 gw plan
	contains "$out" "renew_before: is not shorter"
	step 'cn = app.example' 'ca = a.key'
	status 100 gw plan
	contains "$out" "is the path of"
}

a_subject_that_is_no_text_is_an_error() {
	for cn in $'caf\xe9' $'\xed\xa0\x80' $'a\x1b[31m' $'a\tb' $'a\xc2\x85b'; do
		step "cn = $cn" 'san = app.example'
		status 100 gw check
		contains "$err" 'conf/10.ini:4:'
		# shellcheck disable=SC2016 # it is ours
		step 'cn = ${NAME}' 'san = app.example'
		NAME=$cn status 100 gw apply
		matches "$err" 'conf/10.ini:4:6: \[cert:x\] cn: (is no text in UTF-8|has a control character)$'
		missing a.pem a.key
	done
	step 'cn = Größe 尺寸' 'san = app.example'
	status 0 gw apply
	strict a.pem
	contains <(openssl x509 -in a.pem -noout -subject -nameopt utf8) "Größe 尺寸"
}

# A NUL or a line end in a name is not part of a list of names.
names_that_are_none_are_other_names() {
	mkdir tls
	printf '[cert:x]\ncert = tls/c.pem\nkey = tls/c.key\nsan = app\n' | drop_in 10.ini
	for name in 61707000787a 6170700a7a7a; do
		openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 90 -subj /CN=app \
			-addext "nsComment=made by groundwork" -addext "subjectAltName=DER:30088206$name" \
			-keyout tls/c.key -out tls/c.pem 2>/dev/null
		chmod 600 tls/c.key
		status 0 gw plan
		contains "$out" "~ cert:x"
	done
}

# clock_at SECONDS: then.so has a clock that stands there.
function clock_at {
	printf '#include <time.h>\ntime_t time(time_t *t) { if (t) *t = %s; return %s; }\n' "$1" "$1" |
		cc -shared -fPIC -x c -o then.so - || skip "no compiler here"
}

# A CA of another time would be in the way of each later start.
nothing_is_made_while_the_clock_is_wrong() {
	step 'ca = ca.pem' 'ca_key = ca.key' 'cn = x'
	clock_at 1000
	LD_PRELOAD=$PWD/then.so "$GROUNDWORK" version >/dev/null 2>&1 ||
		skip "nothing can be loaded into it"
	code=0
	LD_PRELOAD=$PWD/then.so "$GROUNDWORK" -c conf apply 2>"$err" || code=$?
	if [[ $code == 0 ]]; then
		lacks <(openssl x509 -in a.pem -noout -startdate) 1970
		skip "its clock is its own"
	fi
	contains "$err" "the clock is wrong: it is before 2024"
	missing ca.pem
	missing ca.key
	missing a.pem
	status 0 gw apply
	strict ca.pem
	clock_at 1735689600
	LD_PRELOAD=$PWD/then.so status 111 "$GROUNDWORK" -c conf apply
	contains "$err" "the certificate '$PWD/a.pem' is not valid yet: is the clock right?"
}

# A client that knows it would accept whatever its owner signs.
what_is_no_ca_signs_nothing() {
	step 'cn = app.example'
	status 0 gw apply
	mv a.pem ca.pem
	mv a.key ca.key
	step 'cn = app.example' 'ca = ca.pem'
	refused "'$PWD/ca.pem' is the certificate of no CA"
}

# Behind that it would be of no use, and one that is made anew ends no later.
no_certificate_ends_after_its_ca() {
	foreign_ca /CN=c -days 5 -addext keyUsage=critical,keyCertSign
	step 'cn = app.example' 'ca = ca.pem' 'days = 100' 'renew_before = 30d'
	status 0 gw apply
	strict ca.pem
	equal "$(openssl x509 -in ca.pem -noout -enddate)" "$(openssl x509 -in a.pem -noout -enddate)"
	cp a.pem before.pem
	status 0 gw apply
	contains "$err" "1 in place"
	cmp a.pem before.pem
}

a_ca_of_ours_signs_no_other_ca() {
	step 'cn = app.example' 'ca = ca.pem'
	status 0 gw apply
	contains <(openssl x509 -in ca.pem -noout -text) "CA:TRUE, pathlen:0"
	contains <(openssl x509 -in a.pem -noout -text) "CA:FALSE"
}

# A client refuses two of one CA with one number, and which is which says no log.
no_two_certificates_have_one_number() {
	step 'cn = app.example' 'ca = ca.pem'
	status 0 gw apply
	mv a.pem before.pem
	status 0 gw apply
	[[ $(openssl x509 -in a.pem -noout -serial) != "$(openssl x509 -in before.pem -noout -serial)" ]] ||
		fail "one number"
}

# A server sends what leads from its certificate to the root, which its clients have.
a_ca_that_is_no_root_stands_behind_the_certificate() {
	foreign_ca /CN=root -addext keyUsage=critical,keyCertSign
	mv ca.pem root.pem
	mv ca.key root.key
	printf '%s\n' 'basicConstraints = critical, CA:TRUE' 'keyUsage = critical, keyCertSign' \
		'subjectKeyIdentifier = hash' 'authorityKeyIdentifier = keyid' >extensions
	openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key \
		-subj /CN=between 2>/dev/null |
		openssl x509 -req -CA root.pem -CAkey root.key -days 90 -extfile extensions \
			-out ca.pem 2>/dev/null
	chmod 600 ca.key
	step 'cn = app.example' 'ca = ca.pem' 'days = 10' 'renew_before = 1d'
	status 0 gw apply
	equal 2 "$(grep -c 'BEGIN CERT' a.pem)"
	openssl verify -x509_strict -CAfile root.pem -untrusted a.pem a.pem >verified 2>&1 ||
		fail "$(cat verified)"
	status 0 gw apply
	contains "$err" "1 in place"
}

a_name_that_is_too_long_for_a_subject_has_its_reason() {
	step "cn = $(printf 'a%.0s' {1..65}).example"
	status 100 gw check
	contains "$err" "cn: is over 64 bytes, which no certificate can have; write a long name into \`san\` alone"
}

# last_day FILE: its last day.
function last_day {
	date -u -d "$(openssl x509 -in "$1" -noout -enddate | cut -d= -f2)" +%F
}

what_is_made_is_said_with_the_day_when_it_ends() {
	step 'cn = app.example' 'ca = ca.pem' 'days = 10' 'renew_before = 1d'
	status 0 gw plan
	contains "$out" "signed by a new CA '$PWD/ca.pem' with the key '$PWD/ca.key'"
	status 0 gw apply
	contains "$err" "made the certificate '$PWD/a.pem', valid until $(last_day a.pem), and its CA '$PWD/ca.pem' with the key '$PWD/ca.key', valid until $(last_day ca.pem)"
	status 0 gw -v apply
	contains "$err" "'$PWD/a.pem' is valid until $(last_day a.pem), and fits its key"
	step 'cn = app.example' 'ca = ca.pem'
	status 0 gw apply
	matches "$err" "made the certificate '$PWD/a.pem' anew, valid until $(last_day a.pem) \(the old one ends in (9|10) days\)"
	lacks "$err" ca.key
}
