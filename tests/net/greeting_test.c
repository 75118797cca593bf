/* SPDX-License-Identifier: MIT */
/* First answers of servers. */
#include <string.h>

#include "../unit.h"
#include "net/address.h"
#include "net/greeting.h"

#define READY   GREETING_READY
#define NOT_YET GREETING_NOT_YET
#define MORE    GREETING_MORE

/* A text with NUL bytes in it, and its size. */
#define BYTES(text) (const unsigned char *)(text), sizeof(text) - 1

struct answer {
	const char *scheme;
	const unsigned char *data;
	size_t size;
	enum greeting_verdict verdict;
	const char *why; /* is part of the reason */
};

static const struct address none = {.scheme = "postgres"};

static const struct answer answers[] = {
	/* AuthenticationOk; AuthenticationSASL */
	{"postgres", BYTES("R\0\0\0\x08\0\0\0\0"), READY, NULL},
	{"postgresql", BYTES("R\0\0\0\x17\0\0\0\nSCRAM-SHA-256\0\0"), READY, NULL},
	{"postgres",
		BYTES("E\0\0\0\x33"
		      "SFATAL\0VFATAL\0C28000\0Mno entry for host\0Fauth\0\0"),
		READY, NULL},
	{"postgres", BYTES("E\0\0\0\x1dSFATAL\0C53300\0Mtoo many\0\0"), READY, NULL},
	{"postgres",
		BYTES("E\0\0\0\x3e"
		      "SFATAL\0VFATAL\0C57P03\0"
		      "Mthe database system is starting up\0\0"),
		NOT_YET, "the database system is starting up"},
	{"postgres", BYTES("E\0\0\0\x11SFATAL\0Mx y\0\0"), NOT_YET, "x y"},
	{"postgres", BYTES("E\0\0\0\x0cSFATAL\0\0"), NOT_YET, "as PostgreSQL does"},
	/* Of protocol 2, when there is no memory for more. */
	{"postgres", BYTES("Ecould not fork new process\n\0"), NOT_YET,
		"could not fork new process"},
	{"postgres", BYTES("Ecould not fo"), MORE, NULL},
	{"postgres", BYTES("E\0\0\0\0"), NOT_YET, "as PostgreSQL does"},
	{"postgres", BYTES("HTTP/1.1 400 Bad Request\r\n"), NOT_YET,
		"it does not answer as PostgreSQL does"},
	{"postgres", BYTES("R\xff\xff\xff\xff"), NOT_YET, "as PostgreSQL does"},
	{"postgres", BYTES("R\0\0\0"), MORE, NULL},
	{"postgres", BYTES("E\0\0\0\x3eSFATAL\0C57"), MORE, NULL},
	{"postgres", BYTES(""), MORE, NULL},
	{"mysql",
		BYTES("\x4a\0\0\0\x0a"
		      "8.0.36\0"),
		READY, NULL},
	{"mariadb",
		BYTES("\x6e\0\0\0\x0a"
		      "5.5.5-10.11.6-MariaDB\0"),
		READY, NULL},
	{"mysql", BYTES("\x17\0\0\0\xff\x10\x04Too many connections"), NOT_YET,
		"error 1040: Too many connections"},
	{"mysql", BYTES("\x11\0\0\0\xff\x69\x04#HY000blocked!"), NOT_YET,
		"error 1129: blocked!"},
	{"mysql", BYTES("\x17\0\0\0\xff\x10\x04Too many"), MORE, NULL},
	{"mysql", BYTES("\x4a\0\0\0"), MORE, NULL},
	{"mysql", BYTES("\x03\0\0\0\xff\x10\x04"), NOT_YET, "as MySQL does"},
	{"mysql",
		BYTES("\x4a\0\0\0\x09"
		      "3.21"),
		NOT_YET, "as MySQL does"},
	{"mysql", BYTES("\x01\0\0\0\x0a"), NOT_YET, "as MySQL does"},
	{"mysql", BYTES("\xff\xff\xff\0\xff\x10\x04x"), NOT_YET, "as MySQL does"},
	{"mysql", BYTES("SSH-2.0-OpenSSH_9.2\r\n"), NOT_YET, "as MySQL does"},
	{"redis", BYTES("+PONG\r\n"), READY, NULL},
	{"redis", BYTES("-NOAUTH Authentication required.\r\n"), READY, NULL},
	{"redis", BYTES("-NOPERM this user has no permissions\r\n"), READY, NULL},
	{"redis", BYTES("-LOADING Redis is loading the dataset in memory\r\n"), NOT_YET,
		"LOADING Redis is loading the dataset in memory"},
	{"redis", BYTES("-MASTERDOWN Link with MASTER is down\r\n"), NOT_YET, "MASTER"},
	{"redis", BYTES("-BUSY Redis is busy\r\n"), NOT_YET, "BUSY"},
	{"redis", BYTES("-NOAUTHORITY\r\n"), NOT_YET, "NOAUTHORITY"},
	{"redis", BYTES("+PONGO\r\n"), NOT_YET, "as Redis does"},
	{"redis", BYTES("+OK\r\n"), NOT_YET, "as Redis does"},
	{"redis", BYTES("HTTP/1.1 400 Bad Request\r\n"), NOT_YET, "as Redis does"},
	{"redis", BYTES("+PON"), MORE, NULL},
	/* What answers is another server. */
	{"postgres", BYTES("HTTP/1.0 400"), NOT_YET, "as PostgreSQL does, but as HTTP"},
	{"postgres",
		BYTES("\x4a\0\0\0\x0a"
		      "8.0.36\0"),
		NOT_YET, "as PostgreSQL does, but as MySQL"},
	{"postgres", BYTES("-ERR unknown command\r\n"), NOT_YET, "but as Redis"},
	{"mysql", BYTES("SSH-2.0-OpenSSH_9.2\r\n"), NOT_YET, "but as SSH"},
	{"mysql", BYTES("220 mail.example.org ESMTP\r\n"), NOT_YET, "but as SMTP or FTP"},
	{"mysql", BYTES("E\0\0\0\x11SFATAL\0Mx y\0\0"), NOT_YET, "but as PostgreSQL"},
	{"redis", BYTES("\x15\x03\x01\0\x02\x02\x46"), NOT_YET, "but as TLS"},
	{"redis",
		BYTES("\x4a\0\0\0\x0a"
		      "8.0.36\0"),
		NOT_YET, "as Redis does, but as MySQL"},
	{"redis", BYTES(""), MORE, NULL},
};

static void each_answer_is_judged(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
		const struct answer *answer = &answers[i];
		char why[GREETING_TEXT_MAX] = "";
		enum greeting_verdict got =
			greeting_find(answer->scheme)
				->judge(&none, answer->data, answer->size, why);

		if (got != answer->verdict)
			fail_msg("%zu: got %d, %s", i, got, why);
		if (answer->why && !strstr(why, answer->why))
			fail_msg("%zu: %s", i, why);
	}
}

/* In pieces it is not yet known what is, or it is what it will be. */
static void an_answer_may_come_in_pieces(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
		const struct answer *answer = &answers[i];

		for (size_t size = 0; size < answer->size; size++) {
			/* A copy of its own: nothing behind it may be read. */
			unsigned char *data = malloc(size + !size);
			char why[GREETING_TEXT_MAX];
			enum greeting_verdict got;

			assert_non_null(data);
			memcpy(data, answer->data, size);
			got = greeting_find(answer->scheme)
				      ->judge(&none, data, size, why);
			free(data);
			if (got != MORE && got != answer->verdict)
				fail_msg("%zu: %zu bytes: %d", i, size, got);
		}
	}
}

/* Whatever comes is judged, at the latest once no more of it is read. */
static void any_bytes_are_judged(void **state)
{
	static const char *const schemes[] = {"postgres", "mysql", "redis"};
	static const char first[] = "RE+-\xff\x0a";
	unsigned seed = 1;

	(void)state;
	for (int round = 0; round < 3000; round++) {
		const char *scheme = schemes[round % 3];
		size_t size = round % 7 ? (size_t)(round % 50) : GREETING_ANSWER_MAX;
		unsigned char *data = malloc(size + !size);
		char why[GREETING_TEXT_MAX] = "";

		assert_non_null(data);
		for (size_t i = 0; i < size; i++) {
			seed = seed * 1103515245 + 12345;
			data[i] = (unsigned char)(seed >> (seed & 1 ? 16 : 27));
		}
		if (size)
			data[0] = (unsigned char)first[round % 6];
		(void)greeting_find(scheme)->judge(&none, data, size, why);
		assert_non_null(memchr(why, '\0', sizeof why));
		free(data);
	}
}

static void postgres_is_asked_for_the_user_and_the_database(void **state)
{
	static const char asked[] = "\0\0\0\x00\0\3\0\0user\0app\0database\0shop\0";
	static const char usual[] = "\0\0\0\x00\0\3\0\0user\0postgres\0"
				    "database\0postgres\0";
	const struct address login = {.user = "app", .database = "shop"};
	const struct greeting *greeting = greeting_find("postgres");
	char question[GREETING_QUESTION_MAX];

	(void)state;
	assert_int_equal(greeting->ask(&login, question), sizeof asked);
	assert_memory_equal(question + 4, asked + 4, sizeof asked - 4);
	assert_int_equal(question[3], sizeof asked);
	assert_int_equal(greeting->ask(&none, question), sizeof usual);
	assert_memory_equal(question + 4, usual + 4, sizeof usual - 4);
	assert_int_equal(question[3], sizeof usual);
}

/* The answer to AUTH, whatever it is, is passed over. */
static void redis_gets_the_password_of_the_address(void **state)
{
	static const char asked[] = "*3\r\n$4\r\nAUTH\r\n$3\r\napp\r\n$6\r\nsesame\r\n"
				    "*1\r\n$4\r\nPING\r\n";
	static const struct {
		const char *text;
		enum greeting_verdict verdict;
	} cases[] = {
		{"+OK\r\n+PONG\r\n", READY},
		{"+OK\r\n-LOADING x\r\n", NOT_YET},
		{"-WRONGPASS x\r\n-NOAUTH x\r\n", READY},
		{"-ERR x\r\n+PONG\r\n", READY},
		{"+PONG\r\n", MORE},
		{"+OK\r\n", MORE},
		{"+OK\r\n:1\r\n", NOT_YET},
	};
	const struct address both = {.user = "app", .password = "sesame"};
	const struct address alone = {.password = "sesame"};
	const struct greeting *greeting = greeting_find("redis");
	char question[GREETING_QUESTION_MAX];
	char why[GREETING_TEXT_MAX];
	size_t size = greeting->ask(&both, question);

	(void)state;
	assert_int_equal(size, sizeof asked - 1);
	assert_memory_equal(question, asked, size);
	assert_int_equal(greeting->ask(&alone, question), 26 + 14);
	assert_memory_equal(question, "*2\r\n$4\r\nAUTH\r\n$6\r\nsesame\r\n*1", 28);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_int_equal(
			greeting->judge(&both, (const unsigned char *)cases[i].text,
				strlen(cases[i].text), why),
			cases[i].verdict);
}

static void a_password_that_is_too_long_is_not_sent(void **state)
{
	char password[GREETING_QUESTION_MAX];
	const struct address address = {.password = password};
	const struct greeting *greeting = greeting_find("redis");
	char question[GREETING_QUESTION_MAX];
	char why[GREETING_TEXT_MAX];

	(void)state;
	memset(password, 'x', sizeof password - 1);
	password[sizeof password - 1] = '\0';
	for (size_t size = sizeof password - 1; size > 4000; size--) {
		size_t asked;

		password[size] = '\0';
		asked = greeting->ask(&address, question);
		assert_in_range(asked, 14, sizeof question);
		assert_int_equal(greeting->judge(&address,
					 (const unsigned char *)"+PONG\r\n", 7, why),
			asked == 14 ? READY : MORE);
	}
}

static void a_long_name_is_cut(void **state)
{
	char name[1000];
	const struct address address = {.user = name, .database = name};
	char question[GREETING_QUESTION_MAX];
	size_t size;

	(void)state;
	memset(name, 'x', sizeof name - 1);
	name[sizeof name - 1] = '\0';
	size = greeting_find("postgresql")->ask(&address, question);
	assert_int_equal(size, 8 + 5 + 64 + 9 + 64 + 1);
	assert_int_equal(question[size - 1], 0);
}

static void other_servers_are_not_asked(void **state)
{
	static const char *const schemes[] = {
		"tcp", "unix", "http", "rediss", "mysqlx", "amqp", ""};

	(void)state;
	for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
		assert_null(greeting_find(schemes[i]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_answer_is_judged),
		cmocka_unit_test(an_answer_may_come_in_pieces),
		cmocka_unit_test(any_bytes_are_judged),
		cmocka_unit_test(postgres_is_asked_for_the_user_and_the_database),
		cmocka_unit_test(redis_gets_the_password_of_the_address),
		cmocka_unit_test(a_password_that_is_too_long_is_not_sent),
		cmocka_unit_test(a_long_name_is_cut),
		cmocka_unit_test(other_servers_are_not_asked),
	};

	return cmocka_run_group_tests_name("net/greeting", tests, NULL, NULL);
}
