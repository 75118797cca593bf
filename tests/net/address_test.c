/* SPDX-License-Identifier: MIT */
/* Addresses of services. */
#include <string.h>

#include "../unit.h"
#include "base/err.h"
#include "base/mem.h"
#include "net/address.h"

static struct arena arena;

static int parse(const char *text, struct address *ret, struct err *err)
{
	err_init(err);
	return address_parse(text, &arena, ret, err);
}

static void each_form_is_parsed(void **state)
{
	static const struct {
		const char *text, *shown, *host, *port, *path;
	} cases[] = {
		{"tcp://db:5432", "tcp://db:5432", "db", "5432", NULL},
		{"tcp://[::1]:80", "tcp://[::1]:80", "::1", "80", NULL},
		{"tcp://[fe80::1%eth0]:80", "tcp://[fe80::1%eth0]:80", "fe80::1%eth0",
			"80", NULL},
		{"tcp://10.0.0.1:1", "tcp://10.0.0.1:1", "10.0.0.1", "1", NULL},
		{"postgres://db", "postgres://db:5432", "db", "5432", NULL},
		{"postgresql://u:p@db:6543/app?x=y#z", "postgresql://db:6543", "db",
			"6543", NULL},
		{"postgresql+psycopg://u@db/app", "postgresql://db:5432", "db", "5432",
			NULL},
		{"jdbc:mysql://db/app", "mysql://db:3306", "db", "3306", NULL},
		{"redis://:p@cache/0", "redis://cache:6379", "cache", "6379", NULL},
		{"amqp://u:p%40q@mq:/v", "amqp://mq:5672", "mq", "5672", NULL},
		{"mongodb://u:a@b@m", "mongodb://m:27017", "m", "27017", NULL},
		{"any://h:7/path?u=a@b", "any://h:7", "h", "7", NULL},
		{"mongodb://u:p@m/d?appName=@a@", "mongodb://m:27017", "m", "27017",
			NULL},
		{"TCP://h:7", "tcp://h:7", "h", "7", NULL},
		{"mysql2://u:p@db/app", "mysql2://db:3306", "db", "3306", NULL},
		{"sftp://h:7/path", "sftp://h:7", "h", "7", NULL},
		{"kafka://h:7/path", "kafka://h:7", "h", "7", NULL},
		{"unix:///run/a%20b?db=1", "unix:///run/a b", NULL, NULL, "/run/a b"},
		{"file:///run/what?", "file:///run/what?", NULL, NULL, "/run/what?"},
		{"postgres://%2Frun%2Fpg/app", "unix:///run/pg/.s.PGSQL.5432", NULL, NULL,
			"/run/pg/.s.PGSQL.5432"},
		{"postgres:///app?a=b&host=/run/pg", "unix:///run/pg/.s.PGSQL.5432", NULL,
			NULL, "/run/pg/.s.PGSQL.5432"},
		{"postgres:///app?host=db&port=6543", "postgres://db:6543", "db", "6543",
			NULL},
		{"postgres://db:1/app?port=6543#port=7", "postgres://db:6543", "db",
			"6543", NULL},
		{"postgres://x:7/?host=::1", "postgres://[::1]:7", "::1", "7", NULL},
		{"postgres://:7/?host=%2Frun", "unix:///run/.s.PGSQL.7", NULL, NULL,
			"/run/.s.PGSQL.7"},
		{"mysql://db?host=other&port=1", "mysql://db:3306", "db", "3306", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct address address;
		DECLARE_ERR(err);

		if (parse(cases[i].text, &address, &err) < 0)
			fail_msg("%s: %s", cases[i].text, err.text);
		assert_string_equal(address.shown, cases[i].shown);
		if (cases[i].path) {
			assert_string_equal(address.path, cases[i].path);
			assert_int_not_equal(address.form, ADDRESS_TCP);
			continue;
		}
		assert_int_equal(address.form, ADDRESS_TCP);
		assert_int_equal(address.hosts_count, 1);
		assert_string_equal(address.hosts[0].name, cases[i].host);
		assert_string_equal(address.hosts[0].port, cases[i].port);
	}
}

static void a_url_of_http_is_kept_whole(void **state)
{
	static const char text[] = "https://me:se%23same@web:8443/ready?token=a1b2c3#x";
	struct address address;
	DECLARE_ERR(err);

	(void)state;
	assert_int_equal(parse(text, &address, &err), 0);
	assert_int_equal(address.form, ADDRESS_HTTP);
	assert_true(address.tls);
	assert_string_equal(address.url, text);
	assert_string_equal(address.shown, "https://web:8443/ready");
	assert_string_equal(address.secret, "se%23same");
	assert_string_equal(address.plain, "se#same");
	assert_string_equal(address.query, "token=a1b2c3");
	assert_int_equal(parse("http://sesame@[::1]", &address, &err), 0);
	assert_false(address.tls);
	assert_string_equal(address.shown, "http://[::1]");
	assert_string_equal(address.secret, "sesame");
	assert_null(address.query);
}

static void a_wrong_url_of_http_shows_nothing(void **state)
{
	static const char *const cases[][2] = {
		{"http://", "names no host"},
		{"http://:80/sesame", "names no host"},
		{"http://h:sesame", "is no number from 1 to 65535"},
		{"http://u:ses@ame@h", "which is written as %40"},
		{"http://u:ses/ame@h", "these are written as %2F"},
		{"http://u:12/ame@h", "these are written as %2F"},
		{"http://u:sesame%@h", "no %XX"},
		{"http://a,sesame", "no name and no number"},
		{"http://h/a sesame", "white space"},
		{"http+x://sesame", "no URL of http"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct address address;
		DECLARE_ERR(err);

		if (parse(cases[i][0], &address, &err) == 0)
			fail_msg("%s", cases[i][0]);
		assert_int_equal(err.kind, ERR_CONFIG);
		if (!strstr(err.text, cases[i][1]))
			fail_msg("%s: %s", cases[i][0], err.text);
		assert_null(strstr(err.text, "sesame"));
		assert_null(strstr(err.text, "/ame"));
	}
}

static void the_login_of_a_database_is_known(void **state)
{
	struct address address;
	DECLARE_ERR(err);

	(void)state;
	assert_int_equal(parse("postgres://a%70p:p@db/sh%6fp?x=y", &address, &err), 0);
	assert_string_equal(address.scheme, "postgres");
	assert_string_equal(address.user, "app");
	assert_string_equal(address.database, "shop");
	assert_int_equal(parse("jdbc:postgresql://db/?a@b", &address, &err), 0);
	assert_string_equal(address.scheme, "postgresql");
	assert_null(address.user);
	assert_null(address.database);
	assert_int_equal(parse("redis://:se%23same@cache/0", &address, &err), 0);
	assert_null(address.user);
	assert_string_equal(address.password, "se#same");
	assert_int_equal(parse("redis://sesame@cache", &address, &err), 0);
	assert_null(address.password);
}

static void several_hosts_are_one_service(void **state)
{
	struct address address;
	DECLARE_ERR(err);

	(void)state;
	assert_int_equal(parse("postgres://u:p@a,b:2,[::1]:3/x", &address, &err), 0);
	assert_int_equal(address.hosts_count, 3);
	assert_string_equal(address.hosts[0].port, "5432");
	assert_string_equal(address.hosts[1].name, "b");
	assert_string_equal(address.hosts[2].name, "::1");
	assert_string_equal(address.shown, "postgres://a:5432,b:2,[::1]:3");
}

static void words_of_libpq_replace_hosts_and_ports(void **state)
{
	static const char *const cases[][2] = {
		{"postgres:///?host=a,b&port=1,2", "postgres://a:1,b:2"},
		{"postgres:///?host=a,b&port=1", "postgres://a:1,b:1"},
		{"postgres://a,[::1]:3/x?port=1,2", "postgres://a:1,[::1]:2"},
		{"postgres://x:1,y:2?host=a,b", "postgres://a:1,b:2"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct address address;
		DECLARE_ERR(err);

		if (parse(cases[i][0], &address, &err) < 0)
			fail_msg("%s: %s", cases[i][0], err.text);
		assert_string_equal(address.shown, cases[i][1]);
	}
}

/* It may be printed by a helper all the same. */
static void the_password_of_a_wrong_address_is_known(void **state)
{
	static const char *const cases[][2] = {
		{"any://u:sesame@db", "sesame"},
		{"postgres://u:se/same@db/x", "se/same"},
		{"postgres://u:se%zzame@db", "se%zzame"},
		{"u:sesame@db:5432", "sesame"},
		{"tcp://h:sesame", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct address address;
		DECLARE_ERR(err);

		assert_int_equal(parse(cases[i][0], &address, &err), -1);
		assert_null(strstr(err.text, "same"));
		if (cases[i][1])
			assert_string_equal(address.secret, cases[i][1]);
		else
			assert_null(address.secret);
	}
}

static void a_token_is_a_secret(void **state)
{
	struct address address;
	DECLARE_ERR(err);

	(void)state;
	assert_int_equal(parse("redis://sesame@cache", &address, &err), 0);
	assert_string_equal(address.secret, "sesame");
	assert_string_equal(address.plain, "sesame");
	assert_string_equal(address.shown, "redis://cache:6379");
	assert_int_equal(parse("redis://u:sesame@cache", &address, &err), 0);
	assert_string_equal(address.secret, "sesame");
}

static void a_password_is_known_in_both_forms(void **state)
{
	struct address address;
	DECLARE_ERR(err);

	(void)state;
	assert_int_equal(parse("mysql://u:se%23cret@db", &address, &err), 0);
	assert_string_equal(address.secret, "se%23cret");
	assert_string_equal(address.plain, "se#cret");
	assert_int_equal(parse("mysql://u@db", &address, &err), 0);
	assert_null(address.secret);
	assert_int_equal(
		parse("jdbc:mysql://db/x?a=b&Password=se%23cret&c=d", &address, &err), 0);
	assert_string_equal(address.secret, "se%23cret");
	assert_string_equal(address.plain, "se#cret");
}

/* Of none the text is quoted: it may be a secret's. */
static void what_is_wrong_is_named_and_nothing_is_quoted(void **state)
{
	static const char *const cases[][2] = {
		{"sesame", "is no address of a service"},
		{"://sesame", "begins with what is no scheme"},
		{"se same://x:1", "begins with what is no scheme"},
		{"tcp://sesame", "names no port"},
		{"tcp://sesame:0", "is no number from 1 to 65535"},
		{"tcp://sesame:65536", "is no number from 1 to 65535"},
		{"tcp://h:sesame", "is no number from 1 to 65535"},
		{"tcp://:80", "names no host"},
		{"unix:///run/a%0ab", "a control character"},
		{"file:///run/a\033b", "a control character"},
		{"postgres:///sesame", "names no host"},
		{"tcp://[::1]sesame", "something else than ':PORT' behind the ']'"},
		{"tcp://[sesame]:1", "something else than an address of IPv6"},
		{"tcp://[:]:1", "something else than an address of IPv6"},
		{"tcp://ses:ame:1", "has a ':' in the name of its host"},
		{"tcp://[::1", "has a '[' in its host and no ']' behind it"},
		{"tcp://ses\x01me:1", "no name and no number"},
		{"postgres://u:ses/ame@db/x", "these are written as %2F"},
		{"postgres://u:12/ame@db/x", "these are written as %2F"},
		{"redis://u:12@ses/a?me@db/x", "these are written as %2F"},
		{"postgres://u:12@ses/a?me@db/x", "these are written as %2F"},
		{"postgres://u:12?sesame@db/x", "'?' or '#'; in a password"},
		{"postgres://u:12#sesame@db", "'?' or '#'; in a password"},
		{"postgres://u:ses%zzame@db", "no %XX"},
		{"postgres://u:ses%00ame@db", "no %XX"},
		{"mongodb+srv://u:sesame@db", "an entry of DNS"},
		{"htps://u:sesame@h:8443/x", "did you mean 'https://'?"},
		{"htpps://h:8443/sesame", "did you mean 'https://'?"},
		{"hhttp://h:8080/sesame", "did you mean 'http://'?"},
		{"postgers://u:sesame@db:5432/x", "did you mean 'postgres://'?"},
		{"mysq://u:sesame@db:3306", "did you mean 'mysql://'?"},
		{"rediss2://sesame@db", "names no port"},
		{"tcpp://db:5432/sesame", "did you mean 'tcp://'?"},
		{"sesame:5432", "tcp://HOST:PORT"},
		{"unix://sesame/x", "which begins with three slashes: unix:///"},
		{"file://sesame", "which begins with three slashes: file:///"},
		{"unix:///sesame%", "no %XX"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct address address;
		DECLARE_ERR(err);

		if (parse(cases[i][0], &address, &err) == 0)
			fail_msg("%s is %s", cases[i][0], address.shown);
		assert_int_equal(err.kind, ERR_CONFIG);
		if (!strstr(err.text, cases[i][1]) || strstr(err.text, "sesame"))
			fail_msg("%s: %s", cases[i][0], err.text);
	}
}

static void what_is_suggested_is_an_address(void **state)
{
	static const char *const cases[][2] = {
		{"db:5432", "tcp://db:5432"},
		{"tcp:/db:5432", "tcp://db:5432"},
		{"tcp//db:80", "tcp://db:80"},
		{"//db:5432", "tcp://db:5432"},
		{"tcp:db:5432", "tcp://db:5432"},
		{"postgres:/db:5433/app", "postgres://db:5433/app"},
		{"redis:6379", "tcp://redis:6379"},
		{"::1:80", "tcp://[::1]:80"},
		{"[::1]:80", "tcp://[::1]:80"},
		{"unix:/run/x", "unix:///run/x"},
		{"file:/run/x", "file:///run/x"},
		{"::1", "tcp://[::1]:PORT"},
		{"2001:db8::", "tcp://[2001:db8::]:PORT"},
		{"1:2:3:4:5:6:7:8", "tcp://[1:2:3:4:5:6:7:8]:PORT"},
		{"1:2:3:4:5:6:7:8:9:1", NULL},
		{"exec:x:1", NULL},
		{"db:0", NULL},
		{"db:65536", NULL},
		{"directory:data", NULL},
		{"db", NULL},
		{"", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *text = address_suggest(cases[i][0], &arena);

		if (!cases[i][1])
			assert_null(text);
		else
			assert_string_equal(text, cases[i][1]);
	}
}

static void a_limit_is_an_error(void **state)
{
	struct address address;
	char text[8192];
	DECLARE_ERR(err);

	(void)state;
	(void)snprintf(text, sizeof text, "unix:///%0107d", 1);
	assert_int_equal(parse(text, &address, &err), -1);
	assert_non_null(strstr(err.text, "more than the 107 bytes"));
	(void)snprintf(text, sizeof text, "unix:///%0106d", 1);
	assert_int_equal(parse(text, &address, &err), 0);
	(void)snprintf(text, sizeof text, "tcp://%0254d:1", 1);
	assert_int_equal(parse(text, &address, &err), -1);
	(void)snprintf(text, sizeof text,
		"tcp://a:1,a:1,a:1,a:1,a:1,a:1,a:1,a:1,a:1,"
		"a:1,a:1,a:1,a:1,a:1,a:1,a:1");
	assert_int_equal(parse(text, &address, &err), 0);
	assert_int_equal(address.hosts_count, 16);
	(void)snprintf(text + strlen(text), 8, ",a:1");
	assert_int_equal(parse(text, &address, &err), -1);
	assert_non_null(strstr(err.text, "more than 16 hosts"));
}

static void only_an_address_is_taken_for_one(void **state)
{
	(void)state;
	assert_true(address_is("tcp://db:1"));
	assert_true(address_is("://"));
	assert_false(address_is("database:app"));
	assert_false(address_is("db:5432"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_form_is_parsed),
		cmocka_unit_test(a_url_of_http_is_kept_whole),
		cmocka_unit_test(a_wrong_url_of_http_shows_nothing),
		cmocka_unit_test(the_login_of_a_database_is_known),
		cmocka_unit_test(several_hosts_are_one_service),
		cmocka_unit_test(words_of_libpq_replace_hosts_and_ports),
		cmocka_unit_test(the_password_of_a_wrong_address_is_known),
		cmocka_unit_test(a_token_is_a_secret),
		cmocka_unit_test(a_password_is_known_in_both_forms),
		cmocka_unit_test(what_is_wrong_is_named_and_nothing_is_quoted),
		cmocka_unit_test(what_is_suggested_is_an_address),
		cmocka_unit_test(a_limit_is_an_error),
		cmocka_unit_test(only_an_address_is_taken_for_one),
	};
	int rc = cmocka_run_group_tests_name("net/address", tests, NULL, NULL);

	arena_release(&arena);
	return rc;
}
