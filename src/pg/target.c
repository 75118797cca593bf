/* SPDX-License-Identifier: MIT */
/* Where a database is. */
#include "pg/target.h"

#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "net/host.h"
#include "net/url.h"
#include "pg/target_words.h"

#define WORDS_MAX 64 /* libpq has about 40 */

struct word {
	const char *name;
	const char *value;
};

struct words {
	struct arena *arena;
	struct word list[WORDS_MAX];
	size_t count;
	size_t files_count; /* of target_word_files */
};

static const char *find(const struct words *words, const char *name)
{
	const char *found = NULL;

	for (size_t i = 0; i < words->count; i++)
		if (str_equal(words->list[i].name, name) && *words->list[i].value)
			found = words->list[i].value;
	return found;
}

static int add(struct words *words, const char *name, const char *value, struct err *err)
{
	if (words->count == WORDS_MAX)
		return err_config(err, "has more than %d words", WORDS_MAX);
	words->list[words->count++] = (struct word){name, value};
	return 0;
}

/* The same of a word that is written as such. */
static int add_word(
	struct words *words, const char *name, const char *value, struct err *err)
{
	if (target_word_check(name, value, err) < 0)
		return -1;
	return add(words, name, value, err);
}

/* ---- its two forms ---- */

/* A value, in quotes if it has blanks; a backslash takes the next byte as it is. */
static int read_value(
	const char **at, struct arena *arena, const char **ret, struct err *err)
{
	CLEANUP_BUF struct buf value = BUF_INIT;
	const char *text = *at;
	bool quoted = *text == '\'';

	for (text += quoted; *text && (quoted ? *text != '\'' : !str_is_space(*text));
		text++) {
		if (*text == '\\' && text[1])
			text++;
		buf_putc(&value, *text);
	}
	if (quoted && *text++ != '\'')
		return err_config(err, "has a quote that is not closed");
	*at = text;
	*ret = arena_strdup(arena, value.data);
	return 0;
}

static int read_words(const char *text, struct words *words, struct err *err)
{
	for (;;) {
		const char *value = "", *name;
		size_t size;

		text += strspn(text, " \t\r\n");
		if (!*text)
			return 0;
		size = strcspn(text, "= \t\r\n");
		name = arena_memdup(words->arena, text, size);
		text += size + strspn(text + size, " \t\r\n");
		if (!size || *text != '=')
			return err_config(err,
				"is neither postgres://HOST/DATABASE nor words as "
				"host=HOST dbname=DATABASE");
		text++;
		text += strspn(text, " \t\r\n");
		if (read_value(&text, words->arena, &value, err) < 0 ||
			add_word(words, name, value, err) < 0)
			return -1;
	}
}

/* The words behind the '?' of a URL. */
static int read_query(const char *query, struct words *words, struct err *err)
{
	while (*query) {
		size_t size = strcspn(query, "&");
		const char *equals = memchr(query, '=', size);
		const char *name, *value;

		if (!equals)
			return err_config(err, "has a word behind its '?' without a '='");
		name = url_decode(query, (size_t)(equals - query), words->arena);
		value = url_decode(
			equals + 1, (size_t)(query + size - equals - 1), words->arena);
		if (!name || !value)
			return err_config(err, "has a '%%' that is no %%XX");
		/* As libpq does for the sake of JDBC, in a URL alone. */
		if (str_equal(name, "ssl") && str_equal(value, "true")) {
			name = "sslmode";
			value = "require";
		}
		if (add_word(words, name, value, err) < 0)
			return -1;
		query += size + (query[size] == '&');
	}
	return 0;
}

/* ---- what is known of it ---- */

static bool is_socket(const struct words *words)
{
	const char *host = find(words, "host");

	return !find(words, "hostaddr") && (!host || *host == '/' || *host == '@');
}

/* What the process must be allowed to read, or to be, as we are. */
static bool needs_us(const struct words *words)
{
	return words->files_count || find(words, "service") || is_socket(words);
}

static void add_secrets(const struct words *words, struct server_target *ret)
{
	static const char *const names[] = {"password", "sslpassword"};
	size_t count = 0;

	for (size_t i = 0; i < words->count; i++)
		for (size_t k = 0; k < sizeof names / sizeof *names; k++)
			if (str_equal(words->list[i].name, names[k]) &&
				count < SERVER_SECRETS_MAX - 1)
				ret->secrets[count++] = words->list[i].value;
}

/* Returns the first item of a list, and moves on to the next; the last one stays. */
static const char *take_item(const char **list, struct arena *arena)
{
	size_t size = strcspn(*list, ",");
	const char *item = arena_memdup(arena, *list, size);

	if ((*list)[size])
		*list += size + 1;
	return item;
}

/* HOST:PORT,… of the list of hosts and that of ports, of which one is for all. */
static void name_hosts(
	const char *hosts, const char *ports, struct arena *arena, struct buf *ret)
{
	for (bool more = true; more;) {
		const char *host, *port;

		more = strchr(hosts, ',') != NULL;
		host = take_item(&hosts, arena);
		port = take_item(&ports, arena);
		buf_printf(ret, *host != '/' && strchr(host, ':') ? "[%s]" : "%s", host);
		buf_printf(ret, "%s%s%s", *port ? ":" : "", port, more ? "," : "");
	}
}

static void name_it(const struct words *words, struct server_target *ret)
{
	const char *hosts = find(words, "host"), *ports = find(words, "port");
	const char *addresses = find(words, "hostaddr");
	const char *names = hosts ? hosts : addresses;
	CLEANUP_BUF struct buf name = BUF_INIT;

	buf_puts(&name, "postgres://");
	name_hosts(names ? names : "", ports ? ports : "", words->arena, &name);
	if (ret->database)
		buf_printf(&name, "/%s", ret->database);
	if (ret->service)
		buf_printf(&name, "?service=%s", ret->service);
	ret->name = arena_strdup(words->arena, name.data);
}

/* The files that it names, and where the server is to be verified without one. */
static int find_files(struct words *words, struct server_target *ret, struct err *err)
{
	const char *mode = find(words, "sslmode"), *roots = find(words, "sslrootcert");
	bool public = !roots || str_equal(roots, "system");
	bool service = find(words, "service");

	for (size_t i = 0; target_word_files[i]; i++) {
		const char *path = find(words, target_word_files[i]);

		if (path && *path == '/')
			ret->files[words->files_count++] = (struct server_target_file){
				.word = target_word_files[i], .path = path};
	}
	if (roots && public && !mode)
		mode = "verify-full";
	if (mode && str_equal(mode, "verify-full") && find(words, "hostaddr") &&
		!find(words, "host") && !service)
		return err_config(err,
			"has sslmode=verify-full, and a hostaddr without the host, whose "
			"name the certificate has");
	if (public && mode && str_equal(mode, "verify-full")) {
		ret->needs_roots = !is_socket(words) && !service;
		return add(words, "sslmode", mode, err);
	}
	if (roots && public)
		return err_config(err,
			"has sslrootcert=system, with which any server of a public "
			"authority is accepted, unless sslmode is verify-full");
	if (public && mode && str_equal(mode, "verify-ca") && !service)
		return err_config(err,
			"has sslmode=verify-ca, and no certificate of the authority: "
			"write sslrootcert=FILE, or verify-full");
	return 0;
}

/* Ours come first, so that those that are written replace them. */
static void finish(const struct words *words, struct server_target *ret)
{
	static const char *const ours[] = {"fallback_application_name", "groundwork"};
	size_t most =
		sizeof ours / sizeof *ours + 2 * (words->count + SERVER_ADDED_MAX) + 1;
	size_t count = 0;
	const char **list = arena_alloc(words->arena, most * sizeof *list);

	for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
		list[count++] = ours[i];
	for (size_t i = 0; i < words->count; i++) {
		list[count++] = words->list[i].name;
		list[count++] = words->list[i].value;
	}
	list[count] = NULL;
	ret->words = list;
	ret->end = &list[count];
	ret->service = find(words, "service");
	ret->database = find(words, "dbname");
	if (!ret->database && !ret->service)
		ret->database = find(words, "user");
	ret->as_us = needs_us(words);
	name_it(words, ret);
}

/* ---- URLs ---- */

/* user[:password], of which either may be encoded. */
static int read_user(const char *text, size_t size, struct words *words, struct err *err)
{
	const char *colon = memchr(text, ':', size);
	size_t user = colon ? (size_t)(colon - text) : size;
	const char *name = url_decode(text, user, words->arena);
	const char *password =
		colon ? url_decode(colon + 1, size - user - 1, words->arena) : "";

	if (!name || !password)
		return err_config(err, "has a '%%' in user or password that is no %%XX");
	if ((*name && add(words, "user", name, err) < 0) ||
		(*password && add(words, "password", password, err) < 0))
		return -1;
	return 0;
}

/* HOST[:PORT],… as the words `host` and `port`, which are lists, too. */
static int read_hosts(const char *text, size_t size, struct words *words, struct err *err)
{
	CLEANUP_BUF struct buf hosts = BUF_INIT, ports = BUF_INIT;
	bool any_port = false;

	for (size_t i = 0; i < size;) {
		size_t length = strcspn(text + i, ",/?");
		size_t host = text[i] == '[' ? strcspn(text + i, "]") + 1
					     : strcspn(text + i, ":,/?");
		bool brackets = text[i] == '[';
		const char *name;

		if (host > length)
			return err_config(err, "has a '[' without its ']'");
		name = url_decode(
			text + i + brackets, host - 2 * (size_t)brackets, words->arena);
		if (!name)
			return err_config(err, "has a '%%' in its host that is no %%XX");
		buf_printf(&hosts, "%s%s", i ? "," : "", name);
		if (host < length && text[i + host] != ':')
			return err_config(err, "has no ':' behind its host's ']'");
		any_port |= host < length;
		buf_printf(&ports, "%s%.*s", i ? "," : "",
			host < length ? (int)(length - host - 1) : 0,
			text + i + host + 1);
		i += length + 1;
	}
	if (hosts.len &&
		add(words, "host", arena_strdup(words->arena, hosts.data), err) < 0)
		return -1;
	return any_port
		? add_word(words, "port", arena_strdup(words->arena, ports.data), err)
		: 0;
}

/* A password may hold an '@' that its author has not encoded: the last one counts. */
static int read_url(const char *text, struct words *words, struct err *err)
{
	size_t size = strcspn(text, "/?");
	const char *at = memrchr(text, '@', size);
	const char *host = at ? at + 1 : text;
	const char *path = text + size;
	const char *database;

	if (text[strcspn(text, "\t\r\n")])
		return err_config(err, "has a line end or a tab in it");
	if (host_check_at(path, true, err) < 0)
		return -1;
	if (at && read_user(text, (size_t)(at - text), words, err) < 0)
		return -1;
	if (read_hosts(host, (size_t)(path - host), words, err) < 0)
		return -1;
	size = *path == '/' ? strcspn(path, "?") : 0;
	if (size > 1) {
		database = url_decode(path + 1, size - 1, words->arena);
		if (!database)
			return err_config(
				err, "has a '%%' in its database that is no %%XX");
		if (add(words, "dbname", database, err) < 0)
			return -1;
	}
	path += size;
	return *path == '?' ? read_query(path + 1, words, err) : 0;
}

bool pg_target_is_url(const char *text)
{
	return str_starts(text, "postgres://") || str_starts(text, "postgresql://");
}

int pg_target_parse(
	const char *text, struct arena *arena, struct server_target *ret, struct err *err)
{
	struct words words = {.arena = arena};
	const char *behind = strstr(text, "://");
	int rc;

	*ret = (struct server_target){.as_us = false};
	if (pg_target_is_url(text))
		rc = read_url(behind + strlen("://"), &words, err);
	else if (behind && behind < text + strcspn(text, "= \t\r\n"))
		rc = err_config(err,
			"is no address of a server that we know: there is "
			"postgres://HOST/DATABASE");
	else
		rc = read_words(text, &words, err);
	add_secrets(&words, ret);
	if (rc == 0)
		rc = target_word_check_counts(find(&words, "host"),
			find(&words, "hostaddr"), find(&words, "port"), err);
	if (rc == 0)
		rc = find_files(&words, ret, err);
	if (rc == 0)
		finish(&words, ret);
	return rc;
}
