/* SPDX-License-Identifier: MIT */
/* Which words an address of a server may have. */
#include "pg/target_words.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "base/err.h"
#include "base/str.h"

const char *const target_word_files[SERVER_FILES_MAX] = {"passfile", "sslcert", "sslkey",
	"sslrootcert", "sslcrl", "sslcrldir", "servicefile", NULL};

static const char *const taken[] = {"application_name", "channel_binding",
	"client_encoding", "connect_timeout", "dbname", "fallback_application_name",
	"gssdelegation", "gssencmode", "gsslib", "host", "hostaddr", "keepalives",
	"keepalives_count", "keepalives_idle", "keepalives_interval", "krbsrvname",
	"load_balance_hosts", "max_protocol_version", "min_protocol_version", "options",
	"passfile", "password", "port", "require_auth", "requirepeer", "service",
	"servicefile", "ssl_max_protocol_version", "ssl_min_protocol_version", "sslcert",
	"sslcertmode", "sslcompression", "sslcrl", "sslcrldir", "sslkey", "sslmode",
	"sslnegotiation", "sslpassword", "sslrootcert", "sslsni", "target_session_attrs",
	"tcp_user_timeout", "user", NULL};

static const char *const modes[] = {
	"disable", "allow", "prefer", "require", "verify-ca", "verify-full", NULL};

#define SCHEMA "write the key `schema`"
#define TLS    "write sslmode=require, or verify-full"
#define CLIENT "it is for the application's client: give an address without it"

/* Those that are not taken, and words of other clients. */
static const struct {
	const char *name;
	const char *instead;
} refused[] = {
	{"replication", "such a connection runs no migrations: leave it out"},
	{"sslkeylogfile", "it would write keys of the connection: leave it out"},
	{"schema", SCHEMA},
	{"search_path", SCHEMA},
	{"currentSchema", SCHEMA},
	{"lock_timeout", "write the key `lock_timeout`"},
	{"statement_timeout", "write the key `statement_timeout`"},
	{"ssl", TLS},
	{"sslaccept", TLS},
	{"connection_limit", CLIENT},
	{"pgbouncer", CLIENT},
	{"pool_timeout", CLIENT},
};

/* A list of them, as that of hosts; one that is empty is the usual one. */
static bool are_ports(const char *list)
{
	for (;; list++) {
		char digits[6] = "";
		size_t size = strcspn(list, ",");
		uint64_t port;

		if (size >= sizeof digits)
			return false;
		memcpy(digits, list, size);
		if (size && (!str_to_u64(digits, 65535, &port) || port == 0))
			return false;
		list += size;
		if (!*list)
			return true;
	}
}

static int check_value(const char *name, const char *value, struct err *err)
{
	char room[STR_SUGGEST_SIZE];

	if (str_equal(name, "sslmode") && *value && !str_is_among(value, modes))
		return err_config(err,
			"has another sslmode than disable, allow, prefer, require, "
			"verify-ca and verify-full%s",
			str_suggest(value, modes, room));
	if (str_equal(name, "port") && !are_ports(value))
		return err_config(err, "has a port that is no number up to 65535");
	if (str_equal(name, "client_encoding") && strcasecmp(value, "UTF8") != 0 &&
		strcasecmp(value, "UTF-8") != 0)
		return err_config(err,
			"has another client_encoding than UTF8, in which migrations are: "
			"leave it out");
	if (str_is_among(name, target_word_files) && *value && *value != '/' &&
		!(str_equal(name, "sslrootcert") && str_equal(value, "system")))
		return err_config(
			err, "has a relative path as %s: write it from the '/' on", name);
	return 0;
}

int target_word_check(const char *name, const char *value, struct err *err)
{
	char room[STR_SUGGEST_SIZE];

	if (str_is_among(name, taken))
		return check_value(name, value, err);
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
		if (str_equal(refused[i].name, name))
			return err_config(err,
				"has the word '%s', which is not taken: %s",
				refused[i].name, refused[i].instead);
	return err_config(err,
		"has a word that is none of libpq's, as sslmode or connect_timeout%s",
		str_suggest(name, taken, room));
}

static size_t count_items(const char *list)
{
	size_t count = 1;

	for (; list && *list; list++)
		count += *list == ',';
	return list ? count : 0;
}

int target_word_check_counts(
	const char *host, const char *hostaddr, const char *port, struct err *err)
{
	size_t hosts = count_items(host), addresses = count_items(hostaddr);
	size_t ports = count_items(port);

	if (hosts && addresses && hosts != addresses)
		return err_config(err,
			"has %zu items in host, and %zu in hostaddr: each host has one",
			hosts, addresses);
	hosts = addresses ? addresses : hosts + !hosts;
	if (ports > 1 && ports != hosts)
		return err_config(err,
			"has %zu ports for %zu host%s: write one, or one for each", ports,
			hosts, hosts == 1 ? "" : "s");
	return 0;
}
