/* SPDX-License-Identifier: MIT */
/* Hosts with their ports. */
#include "net/host.h"

#include <arpa/inet.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"

#define HOST_MAX 253 /* RFC 1035, 2.3.4, without the last dot */

/* The ports that IANA lists, and what clients assume. */
static const struct {
	const char *scheme;
	const char *port;
} ports[] = {
	{"amqp", "5672"},
	{"amqps", "5671"},
	{"http", "80"},
	{"https", "443"},
	{"ldap", "389"},
	{"ldaps", "636"},
	{"mariadb", "3306"},
	{"mongodb", "27017"},
	{"mssql", "1433"},
	{"mysql", "3306"},
	{"mysql2", "3306"},
	{"mysqli", "3306"},
	{"mysqlx", "33060"},
	{"nats", "4222"},
	{"postgres", "5432"},
	{"postgresql", "5432"},
	{"redis", "6379"},
	{"rediss", "6379"},
	{"smtp", "25"},
};

static const char *known_port(const char *scheme)
{
	for (size_t i = 0; i < sizeof ports / sizeof *ports; i++)
		if (str_equal(ports[i].scheme, scheme))
			return ports[i].port;
	return NULL;
}

bool host_knows_scheme(const char *scheme)
{
	return str_equal(scheme, "tcp") || known_port(scheme);
}

/* Is it the other one but for a letter too many, too few or wrong, or two exchanged? */
static bool is_slip(const char *word, const char *other)
{
	size_t size = strlen(word), rest = strlen(other);

	while (*word && *word == *other)
		word++, other++, size--, rest--;
	while (size && rest && word[size - 1] == other[rest - 1])
		size--, rest--;
	return (size <= 1 && rest <= 1) ||
		(size == 2 && rest == 2 && word[0] == other[1] && word[1] == other[0]);
}

int host_check_scheme(const char *scheme, struct err *err)
{
	static const char *const asked[] = {"https", "http", "postgresql", "postgres",
		"mysql", "mariadb", "redis", "tcp", "unix", "file"};

	for (size_t i = 0; !known_port(scheme) && i < sizeof asked / sizeof *asked; i++)
		if (!str_equal(scheme, asked[i]) && is_slip(scheme, asked[i]))
			return err_config(err,
				"begins with '%s://', which is not known; did you mean "
				"'%s://'? What has a port alone is tcp://HOST:PORT",
				scheme, asked[i]);
	return 0;
}

bool host_is_bare_ipv6(const char *text, size_t size)
{
	const char *last = memrchr(text, ':', size);

	return last && memchr(text, ':', size) != last &&
		strspn(text, "0123456789abcdefABCDEF:.") >= size;
}

/* With a zone, which names an interface of ours, or without one. */
static bool is_ipv6(const char *name, struct arena *arena)
{
	struct in6_addr address;

	return inet_pton(AF_INET6, arena_memdup(arena, name, strcspn(name, "%")),
		       &address) == 1;
}

int host_split(const char *scheme, const char *text, size_t size, struct arena *arena,
	struct address_host *ret, struct err *err)
{
	const char *bracket = *text == '[' ? memchr(text, ']', size) : NULL;
	const char *from = bracket ? bracket + 1 : text;
	const char *colon = memrchr(from, ':', size - (size_t)(from - text));
	const char *end = colon ? colon : text + size;
	uint64_t port;

	if (host_is_bare_ipv6(text, size))
		return err_config(err,
			"names an address of IPv6, which is written in brackets: "
			"[2001:db8::1]:443");
	if (*text == '[' && !bracket)
		return err_config(err,
			"has a '[' in its host and no ']' behind it: "
			"[2001:db8::1]:443");
	if (bracket && end != bracket + 1)
		return err_config(err,
			"has something else than ':PORT' behind the ']' of its host");
	ret->port = known_port(scheme);
	if (colon && (size_t)(colon + 1 - text) < size)
		ret->port =
			arena_memdup(arena, colon + 1, size - (size_t)(colon + 1 - text));
	ret->name = bracket ? arena_memdup(arena, text + 1, (size_t)(bracket - text - 1))
			    : arena_memdup(arena, text, (size_t)(end - text));
	if (bracket && !is_ipv6(ret->name, arena))
		return err_config(err,
			"has something else than an address of IPv6 in its brackets, as "
			"in [2001:db8::1]:443");
	if (!bracket && strchr(ret->name, ':'))
		return err_config(err, "has a ':' in the name of its host");
	if (!ret->port)
		return err_config(err,
			"names no port, and %s has none that is known: "
			"%s://HOST:PORT",
			scheme, scheme);
	/* It may be the end of a password, and is not quoted. */
	if (!str_to_u64(ret->port, 65535, &port) || port == 0)
		return err_config(err,
			"has a port that is no number from 1 to 65535; a '/', "
			"'?' or '#' in a password is written as %%2F, "
			"%%3F or %%23");
	return 0;
}

int host_check_name(const struct address_host *host, struct err *err)
{
	size_t size = strlen(host->name);

	if (!size)
		return err_config(err, "names no host");
	for (const char *at = host->name; *at; at++)
		if (!str_is_alnum(*at) && !strchr("-._:%", *at))
			size = 0;
	if (size > 0 && size <= HOST_MAX)
		return 0;
	return err_config(err, "has a host that is no name and no number%s",
		*host->name == '$' ? "; the value of a variable is ${NAME}" : "");
}

int host_check_at(const char *rest, bool anywhere, struct err *err)
{
	if (!strchr(rest, '@') ||
		(!anywhere && *rest == '/' && !memchr(rest, '@', strcspn(rest, "?#"))))
		return 0;
	return err_config(err,
		"has an '@' behind its first '/', '?' or '#'; in a password these are "
		"written as %%2F, %%3F and %%23, and in a path it is written as %%40");
}
