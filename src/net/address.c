/* SPDX-License-Identifier: MIT */
/* Addresses of services. */
#include "net/address.h"

#include <arpa/inet.h>
#include <limits.h>
#include <string.h>
#include <strings.h>
#include <sys/un.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "net/greeting.h"
#include "net/libpq.h"
#include "net/url.h"

#define HOSTS_MAX  16
#define SOCKET_MAX (sizeof((struct sockaddr_un *)NULL)->sun_path - 1)

/* The parts of what is being parsed. */
struct parts {
	struct arena *arena;
	const char *scheme;
	const char *authority; /* without user and password */
	const char *rest;      /* begins with "/", "?" or "#", or is "" */
	bool has_user;         /* in front of its authority */
};

bool address_is(const char *text)
{
	return strstr(text, "://") != NULL;
}

/* Is it "db:5432", whose scheme is missing? */
static bool is_bare(const char *text)
{
	const char *colon = strrchr(text, ':');
	uint64_t port;

	return colon && colon != text && str_to_u64(colon + 1, 65535, &port);
}

/* ---- its parts ---- */

static int split_scheme(
	const char *text, struct parts *ret, const char **ret_behind, struct err *err)
{
	const char *end = strstr(text, "://");
	const char *begin = str_starts(text, "jdbc:") ? text + strlen("jdbc:") : text;
	size_t size = 0;

	if (!end && is_bare(text))
		return err_config(err,
			"is a host and a port without what is in front of them: "
			"tcp://HOST:PORT");
	if (!end)
		return err_config(err,
			"is no address of a service, as in tcp://HOST:PORT, "
			"unix:///PATH, file:///PATH, https://HOST or postgres://HOST");
	while (begin + size < end &&
		(str_is_alnum(begin[size]) || (size && strchr("-.", begin[size]))))
		size++;
	if (size == 0 || (begin + size < end && begin[size] != '+'))
		return err_config(err,
			"begins with what is no scheme, as `tcp` is one: "
			"tcp://HOST:PORT");
	ret->scheme = str_lower(arena_memdup(ret->arena, begin, size));
	if (str_equal(ret->scheme, "mongodb") && str_starts(begin + size, "+srv"))
		return err_config(err,
			"begins with mongodb+srv, which names an entry of DNS "
			"and no host and port: write tcp://HOST:PORT");
	*ret_behind = end + strlen("://");
	return 0;
}

/* Is a user without a password a secret? */
static bool is_token(const char *scheme)
{
	return str_equal(scheme, "redis") || str_equal(scheme, "rediss") ||
		str_equal(scheme, "nats") || str_starts(scheme, "http");
}

/* A password may hold an '@' that its author has not encoded: the last one counts. */
static int split_user(
	const char *text, struct parts *parts, struct address *ret, struct err *err)
{
	size_t size = strcspn(text, "/?#");
	const char *at = memrchr(text, '@', size);
	const char *colon = at ? memchr(text, ':', (size_t)(at - text)) : NULL;

	if (at && !colon && is_token(parts->scheme))
		colon = text - 1;
	parts->rest = text + size;
	if (at) {
		parts->has_user = true;
		size -= (size_t)(at + 1 - text);
		text = at + 1;
	}
	parts->authority = arena_memdup(parts->arena, text, size);
	if (!colon)
		return 0;
	size = (size_t)(at - colon - 1);
	ret->secret = arena_memdup(parts->arena, colon + 1, size);
	ret->plain = url_decode(colon + 1, size, parts->arena);
	return ret->plain ? 0
			  : err_config(err, "has a password with a '%%' that is no %%XX");
}

/* The password may be a word behind the '?', too, as JDBC has it. */
static void find_word(const struct parts *parts, struct address *ret)
{
	static const char *const names[] = {"password=", "passwd=", "pass=", "pwd="};
	const char *at = parts->rest + strcspn(parts->rest, "?;");

	while (*at && !ret->secret) {
		size_t size = strcspn(++at, "?&;#");

		for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
			size_t name = strlen(names[i]);

			if (size <= name || strncasecmp(at, names[i], name) != 0)
				continue;
			ret->secret = arena_memdup(parts->arena, at + name, size - name);
			ret->plain = url_decode(at + name, size - name, parts->arena);
			ret->plain = ret->plain ? ret->plain : ret->secret;
		}
		at += size;
	}
}

/* What a server is asked for with. */
static void find_login(const char *behind, const struct parts *parts, struct address *ret)
{
	const char *at = memrchr(behind, '@', (size_t)(parts->rest - behind));
	const char *path = parts->rest + (*parts->rest == '/');
	size_t user = at ? strcspn(behind, ":@") : 0;
	size_t database = strcspn(path, "?#");

	if (user)
		ret->user = url_decode(behind, user, parts->arena);
	if (at && behind[user] == ':' && ret->plain && *ret->plain)
		ret->password = ret->plain;
	if (database)
		ret->database = url_decode(path, database, parts->arena);
}

/* ---- sockets and files ---- */

/* The name behind `form`, for people and for the kernel. */
static int take_path(const struct parts *parts, enum address_form form, const char *path,
	struct address *ret, struct err *err)
{
	size_t size = strlen(path);
	size_t most = form == ADDRESS_UNIX ? SOCKET_MAX : PATH_MAX - 1;

	if (size > most)
		return err_config(
			err, "has a path of more than the %zu bytes that it can", most);
	for (const char *at = path; *at; at++)
		if ((unsigned char)*at < ' ' || *at == 0x7f)
			return err_config(err, "has a path with a control character");
	ret->form = form;
	ret->path = path;
	ret->shown = arena_printf(
		parts->arena, "%s://%s", form == ADDRESS_UNIX ? "unix" : "file", path);
	return 0;
}

static int parse_path(const struct parts *parts, enum address_form form,
	struct address *ret, struct err *err)
{
	/* A file's name may have a question mark in it; what a client adds has not. */
	size_t size =
		form == ADDRESS_UNIX ? strcspn(parts->rest, "?#") : strlen(parts->rest);
	const char *path;

	if (*parts->authority || *parts->rest != '/')
		return err_config(err,
			"has no absolute path, which begins with three slashes: "
			"%s:///run/x",
			parts->scheme);
	path = url_decode(parts->rest, size, parts->arena);
	if (!path)
		return err_config(err, "has a path with a '%%' that is no %%XX");
	return take_path(parts, form, path, ret, err);
}

/* ---- as libpq has it ---- */

static bool is_libpq(const struct parts *parts)
{
	return str_starts(parts->scheme, "postgres");
}

/* The directory of a socket, in place of the host. */
static const char *socket_directory(const struct parts *parts, const char *host)
{
	const char *path =
		is_libpq(parts) ? url_decode(host, strlen(host), parts->arena) : NULL;

	return path && *path == '/' ? path : NULL;
}

static int parse_hosts(struct parts *parts, struct address *ret, struct err *err)
{
	CLEANUP_BUF struct buf shown = BUF_INIT;
	/* A server that gets the password must not be named by a part of it. */
	bool gets_it = parts->has_user && greeting_find(parts->scheme);
	const char *text;

	if (host_check_at(parts->rest, gets_it, err) < 0)
		return -1;
	text = is_libpq(parts) ? libpq_hosts(parts->authority, parts->rest, parts->arena)
			       : parts->authority;
	ret->form = ADDRESS_TCP;
	ret->hosts = arena_alloc(parts->arena, HOSTS_MAX * sizeof *ret->hosts);
	buf_printf(&shown, "%s://", parts->scheme);
	for (size_t size; ret->hosts_count == 0 || *text;
		text += size + (text[size] == ',')) {
		struct address_host *host = &ret->hosts[ret->hosts_count];
		const char *directory;

		size = strcspn(text, ",");
		if (ret->hosts_count == HOSTS_MAX)
			return err_config(err, "names more than %d hosts", HOSTS_MAX);
		if (host_split(parts->scheme, text, size, parts->arena, host, err) < 0)
			return -1;
		directory = socket_directory(parts, host->name);
		if (directory)
			return take_path(parts, ADDRESS_UNIX,
				arena_printf(parts->arena, "%s/.s.PGSQL.%s", directory,
					host->port),
				ret, err);
		if (!*host->name)
			return err_config(err, "names no host; a socket is unix:///PATH");
		if (host_check_name(host, err) < 0)
			return -1;
		buf_printf(&shown, strchr(host->name, ':') ? "%s[%s]:%s" : "%s%s:%s",
			ret->hosts_count++ ? "," : "", host->name, host->port);
	}
	ret->shown = arena_strdup(parts->arena, shown.data);
	return 0;
}

/* ---- HTTP ---- */

static int parse_http(
	const char *text, const struct parts *parts, struct address *ret, struct err *err)
{
	struct url url;

	if (url_parse(text, parts->arena, &url, err) < 0)
		return -1;
	/* A key of an application is often in it. */
	ret->query = *url.query ? url.query : NULL;
	ret->form = ADDRESS_HTTP;
	ret->url = url.text;
	ret->tls = url.tls;
	ret->shown = url.shown;
	return 0;
}

/* Several hosts may have commas between them, but not several addresses. */
static int check_single(const char *text, struct arena *arena, struct err *err)
{
	const char *end = text + strcspn(text, "?#");
	const char *comma = strstr(text, "://");

	while ((comma = comma ? strchr(comma + 1, ',') : NULL) && comma < end) {
		size_t size = strcspn(comma + 1, ":");
		const char *scheme = arena_memdup(arena, comma + 1, size);

		if (str_starts(comma + 1 + size, "://") &&
			(host_knows_scheme(scheme) || str_equal(scheme, "unix") ||
				str_equal(scheme, "file")))
			return err_config(err,
				"has another one behind a comma; several are separated "
				"by spaces, and each has a `--wait` of its own");
	}
	return 0;
}

static int parse(
	const char *text, struct parts *parts, struct address *ret, struct err *err)
{
	const char *behind = text; /* gcc does not see that it is set */

	if (check_single(text, parts->arena, err) < 0)
		return -1;
	if (split_scheme(text, parts, &behind, err) < 0)
		return -1;
	ret->scheme = parts->scheme;
	if (split_user(behind, parts, ret, err) < 0)
		return -1;
	find_word(parts, ret);
	if (str_equal(parts->scheme, "http") || str_equal(parts->scheme, "https"))
		return parse_http(text, parts, ret, err);
	if (str_equal(parts->scheme, "unix"))
		return parse_path(parts, ADDRESS_UNIX, ret, err);
	if (str_equal(parts->scheme, "file"))
		return parse_path(parts, ADDRESS_FILE, ret, err);
	if (host_check_scheme(parts->scheme, err) < 0)
		return -1;
	find_login(behind, parts, ret);
	return parse_hosts(parts, ret, err);
}

/* With a '/' in it, a password ends behind what looks like the host. */
static void find_loose(const char *text, struct arena *arena, struct address *ret)
{
	const char *user = strstr(text, "://");
	const char *colon = strchr(user ? user + strlen("://") : text, ':');
	const char *at = colon ? strrchr(colon, '@') : NULL;

	if (!ret->secret && at)
		ret->secret = arena_memdup(arena, colon + 1, (size_t)(at - colon - 1));
}

int address_parse(
	const char *text, struct arena *arena, struct address *ret, struct err *err)
{
	struct parts parts = {.arena = arena};
	struct address address = {.text = text};
	int rc = parse(text, &parts, &address, err);

	if (rc < 0) {
		find_loose(text, arena, &address);
		address = (struct address){.secret = address.secret,
			.plain = address.plain,
			.query = address.query};
	}
	*ret = address;
	return rc;
}

const char *address_suggest(const char *text, struct arena *arena)
{
	size_t scheme = strcspn(text, ":/");
	const char *name = arena_memdup(arena, text, scheme);
	const char *behind = text + scheme + strspn(text + scheme, ":/");
	const char *host = text + strspn(text, "/");
	const char *colon;
	struct address address;
	struct in6_addr in6;
	DECLARE_ERR(err);

	if ((str_starts(text, "unix:/") || str_starts(text, "file:/")) &&
		behind[-2] != '/')
		return arena_printf(arena, "%s:///%s", name, behind);
	/* "redis:6379" is a host that is called as its scheme. */
	if (strchr(behind, ':') && host_knows_scheme(name))
		host = behind;
	else
		name = "tcp";
	colon = strrchr(host, ':');
	if (!colon)
		return NULL;
	text = arena_printf(arena,
		host_is_bare_ipv6(host, strlen(host)) ? "%s://[%.*s]%s" : "%s://%.*s%s",
		name, (int)(colon - host), host, colon);
	if (address_parse(text, arena, &address, &err) == 0)
		return text;
	return inet_pton(AF_INET6, host, &in6) == 1
		? arena_printf(arena, "%s://[%s]:PORT", name, host)
		: NULL;
}

const char *address_wrong_port(const char *text)
{
	const char *colon = strrchr(text, ':');
	const char *port = colon ? colon + 1 : "";
	uint64_t number;

	if (!*port || colon == text || port[strspn(port, "0123456789")])
		return NULL;
	return str_to_u64(port, 65535, &number) && number ? NULL : port;
}
