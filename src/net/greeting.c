/* SPDX-License-Identifier: MIT */
/* First answers of servers. */
#include "net/greeting.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "net/address.h"

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Of at most `size` bytes of text; what is cut is long enough to be understood. */
static void explain(char why[GREETING_TEXT_MAX], const void *text, size_t size)
{
	size = strnlen(text, smaller(size, GREETING_TEXT_MAX - 1));
	memcpy(why, text, size);
	why[size] = '\0';
}

/* What other servers begin with, or answer to what they do not understand. */
static const struct {
	const char *begin;
	size_t size, at; /* where it stands */
	const char *server;
} others[] = {
	{"HTTP/", 5, 0, "HTTP"},
	{"SSH-", 4, 0, "SSH"},
	{"220", 3, 0, "SMTP or FTP"},
	{"\x15\x03", 2, 0, "TLS"},
	{"-ERR", 4, 0, "Redis"},
	{"+PONG", 5, 0, "Redis"},
	{"-NOAUTH", 7, 0, "Redis"},
	{"\0\x0a", 2, 3, "MySQL"}, /* the first packet, of protocol 10 */
	{"E\0\0\0", 4, 0, "PostgreSQL"},
};

enum greeting_verdict greeting_refuse(char why[GREETING_TEXT_MAX], const char *server,
	const unsigned char *data, size_t size)
{
	const char *other = NULL;

	for (size_t i = 0; !other && i < sizeof others / sizeof *others; i++)
		if (size >= others[i].at + others[i].size &&
			!str_equal(server, others[i].server) &&
			memcmp(data + others[i].at, others[i].begin, others[i].size) == 0)
			other = others[i].server;
	(void)snprintf(why, GREETING_TEXT_MAX, "it does not answer as %s does%s%s",
		server, other ? ", but as " : "", other ? other : ""); /* fits */
	return GREETING_NOT_YET;
}

/* ---- PostgreSQL ---- */

#define PG_PROTOCOL  0x00030000UL
#define PG_NAME_MAX  63    /* NAMEDATALEN - 1: longer ones are cut by the server, too */
#define PG_ERROR_MAX 30000 /* libpq's: what is longer is an error of protocol 2 */

static uint32_t big_endian(const unsigned char *data)
{
	return (uint32_t)data[0] << 24 | (uint32_t)data[1] << 16 |
		(uint32_t)data[2] << 8 | data[3];
}

static size_t ask_postgres(const struct address *address, char ret[GREETING_QUESTION_MAX])
{
	const char *user = address->user ? address->user : "postgres";
	const char *database = address->database ? address->database : user;
	const int most = PG_NAME_MAX;
	unsigned char head[8] = {
		0, 0, 0, 0, PG_PROTOCOL >> 24 & 0xff, PG_PROTOCOL >> 16 & 0xff};
	size_t size = sizeof head;

	/* Each with its NUL; two names of 63 bytes fit. */
	size += (size_t)snprintf(ret + size, 5 + 1, "user") + 1;
	size += (size_t)snprintf(ret + size, PG_NAME_MAX + 1, "%.*s", most, user) + 1;
	size += (size_t)snprintf(ret + size, 9 + 1, "database") + 1;
	size += (size_t)snprintf(ret + size, PG_NAME_MAX + 1, "%.*s", most, database) + 1;
	ret[size++] = '\0';
	head[2] = (unsigned char)(size >> 8);
	head[3] = (unsigned char)size;
	memcpy(ret, head, sizeof head);
	return size;
}

/* The text of a field of an ErrorResponse, which ends in NUL, or NULL. */
static const unsigned char *find_field(
	const unsigned char *data, size_t size, unsigned char field)
{
	while (size > 1 && *data) {
		const unsigned char *end = memchr(data, '\0', size);

		if (!end)
			return NULL;
		if (*data == field)
			return data + 1;
		size -= (size_t)(end + 1 - data);
		data = end + 1;
	}
	return NULL;
}

/* An error that was sent before the server knew our protocol: it is a line of text. */
static enum greeting_verdict judge_old_error(
	const unsigned char *data, size_t size, char why[GREETING_TEXT_MAX])
{
	size_t length = 1;

	while (length < size && data[length] && data[length] != '\n')
		length++;
	if (length == size && size < GREETING_ANSWER_MAX)
		return GREETING_MORE;
	if (length == 1)
		return greeting_refuse(why, "PostgreSQL", data, size);
	explain(why, data + 1, length - 1);
	return GREETING_NOT_YET;
}

static enum greeting_verdict judge_postgres(const struct address *address,
	const unsigned char *data, size_t size, char why[GREETING_TEXT_MAX])
{
	const unsigned char *code, *text;
	size_t length;

	(void)address;
	if (size && *data != 'R' && *data != 'E')
		return greeting_refuse(why, "PostgreSQL", data, size);
	if (size < 5)
		return GREETING_MORE;
	length = big_endian(data + 1);
	if (*data == 'R')
		return length >= 8 && length <= PG_ERROR_MAX
			? GREETING_READY
			: greeting_refuse(why, "PostgreSQL", data, size);
	if (length < 8 || length > PG_ERROR_MAX)
		return judge_old_error(data, size, why);
	if (size < smaller(1 + length, GREETING_ANSWER_MAX))
		return GREETING_MORE;
	code = find_field(data + 5, smaller(1 + length, size) - 5, 'C');
	text = find_field(data + 5, smaller(1 + length, size) - 5, 'M');
	/* As libpq's PQping() has it: only cannot_connect_now is no readiness. */
	if (code && strcmp((const char *)code, "57P03") != 0)
		return GREETING_READY;
	if (!text)
		return greeting_refuse(why, "PostgreSQL", data, size);
	explain(why, text, GREETING_TEXT_MAX);
	return GREETING_NOT_YET;
}

/* ---- MySQL, MariaDB ---- */

#define MYSQL_HEAD     4 /* of a packet: its size in three bytes, and its number */
#define MYSQL_PROTOCOL 10
#define MYSQL_ERROR    0xff

static enum greeting_verdict judge_mysql_error(
	const unsigned char *data, size_t size, char why[GREETING_TEXT_MAX])
{
	size_t text = MYSQL_HEAD + 3; /* behind 0xff and the number */

	if (size > text + 6 && data[text] == '#')
		text += 6; /* '#' and SQLSTATE */
	if (size <= text)
		return greeting_refuse(why, "MySQL", data, size);
	/* What is cut is long enough to be understood. */
	(void)snprintf(why, GREETING_TEXT_MAX, "error %u: %.*s",
		data[MYSQL_HEAD + 1] | (unsigned)data[MYSQL_HEAD + 2] << 8,
		(int)(size - text), (const char *)data + text);
	return GREETING_NOT_YET;
}

static enum greeting_verdict judge_mysql(const struct address *address,
	const unsigned char *data, size_t size, char why[GREETING_TEXT_MAX])
{
	size_t whole;

	(void)address;
	if (size <= MYSQL_HEAD)
		return GREETING_MORE;
	whole = MYSQL_HEAD +
		((size_t)data[0] | (size_t)data[1] << 8 | (size_t)data[2] << 16);
	if (data[MYSQL_HEAD] == MYSQL_PROTOCOL && data[3] == 0 && whole > 32 &&
		whole <= GREETING_ANSWER_MAX)
		return GREETING_READY;
	if (data[MYSQL_HEAD] != MYSQL_ERROR || whole > GREETING_ANSWER_MAX)
		return greeting_refuse(why, "MySQL", data, size);
	if (size < whole)
		return GREETING_MORE;
	return judge_mysql_error(data, whole, why);
}

/* ---- Redis ---- */

#define AUTH_MAX (GREETING_QUESTION_MAX - 32) /* the rest is for PING */

/* "AUTH [USER] PASSWORD". Returns its size, or 0 where there is none to be sent. */
static size_t add_auth(const struct address *address, char ret[AUTH_MAX])
{
	const char *user = address->user;
	const char *password = address->password;
	int size;

	if (!password)
		return 0;
	if (user)
		size = snprintf(ret, AUTH_MAX,
			"*3\r\n$4\r\nAUTH\r\n$%zu\r\n%s\r\n$%zu\r\n%s\r\n", strlen(user),
			user, strlen(password), password);
	else
		size = snprintf(ret, AUTH_MAX, "*2\r\n$4\r\nAUTH\r\n$%zu\r\n%s\r\n",
			strlen(password), password);
	return size > 0 && size < AUTH_MAX ? (size_t)size : 0;
}

static size_t ask_redis(const struct address *address, char ret[GREETING_QUESTION_MAX])
{
	static const char ping[] = "*1\r\n$4\r\nPING\r\n";
	size_t size = add_auth(address, ret);

	memcpy(ret + size, ping, sizeof ping - 1);
	return size + sizeof ping - 1;
}

/* The answer to PING. */
static enum greeting_verdict judge_pong(const char *line, char why[GREETING_TEXT_MAX])
{
	/* A server that wants a password, or another user, serves those who have it. */
	static const char *const ready[] = {"+PONG", "-NOAUTH", "-NOPERM"};

	for (size_t i = 0; i < sizeof ready / sizeof *ready; i++) {
		size_t length = strlen(ready[i]);

		if (str_starts(line, ready[i]) &&
			(line[length] == '\0' || line[length] == ' '))
			return GREETING_READY;
	}
	if (*line != '-')
		return greeting_refuse(
			why, "Redis", (const unsigned char *)line, strlen(line));
	explain(why, line + 1, strlen(line + 1));
	return GREETING_NOT_YET;
}

static enum greeting_verdict judge_redis(const struct address *address,
	const unsigned char *data, size_t size, char why[GREETING_TEXT_MAX])
{
	char auth[AUTH_MAX];
	size_t answers = add_auth(address, auth) ? 2 : 1;
	char line[GREETING_ANSWER_MAX + 1];
	const unsigned char *end = NULL;

	while (answers-- > 0) {
		if (size && *data != '+' && *data != '-')
			return greeting_refuse(why, "Redis", data, size);
		end = size ? memchr(data, '\n', size) : NULL;
		if (!end)
			return GREETING_MORE;
		(void)snprintf(line, sizeof line, "%.*s", (int)(end - data),
			(const char *)data); /* fits */
		size -= (size_t)(end + 1 - data);
		data = end + 1;
	}
	line[strcspn(line, "\r")] = '\0';
	return judge_pong(line, why);
}

/* ---- all of them ---- */

static const struct greeting greetings[] = {
	{"mariadb", "MariaDB", NULL, judge_mysql},
	{"mysql", "MySQL", NULL, judge_mysql},
	{"postgres", "PostgreSQL", ask_postgres, judge_postgres},
	{"postgresql", "PostgreSQL", ask_postgres, judge_postgres},
	{"redis", "Redis", ask_redis, judge_redis},
};

const struct greeting *greeting_find(const char *scheme)
{
	for (size_t i = 0; i < sizeof greetings / sizeof *greetings; i++)
		if (str_equal(greetings[i].scheme, scheme))
			return &greetings[i];
	return NULL;
}
