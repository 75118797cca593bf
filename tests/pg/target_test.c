/* SPDX-License-Identifier: MIT */
/* Where a database is: URLs, words, what of them is shown, and what is a secret. */
#include <string.h>

#include "../unit.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "pg/target.h"

/* All words behind those that are always there, as "name=value …". */
static void words_of(const struct server_target *target, struct buf *ret)
{
	size_t i = 0;

	while (target->words[i] && strcmp(target->words[i], "groundwork") != 0)
		i++;
	for (i++; target->words[i]; i += 2)
		buf_printf(ret, "%s%s=%s", ret->len ? " " : "", target->words[i],
			target->words[i + 1]);
}

static void both_forms_become_words(void **state)
{
	static const struct {
		const char *text, *words, *name;
		bool as_us;
	} cases[] = {
		{"postgres://db/app", "host=db dbname=app", "postgres://db/app", false},
		{"postgresql://u:p%40w@db:5433/app?sslmode=require",
			"user=u password=p@w host=db port=5433 dbname=app "
			"sslmode=require",
			"postgres://db:5433/app", false},
		{"postgres://u:p@w@a,b:6/app",
			"user=u password=p@w host=a,b port=,6 dbname=app",
			"postgres://a,b:6/app", false},
		{"postgres://[::1]:5432/app", "host=::1 port=5432 dbname=app",
			"postgres://[::1]:5432/app", false},
		{"host=::1,b,/run/pg port=1,,2", "host=::1,b,/run/pg port=1,,2",
			"postgres://[::1]:1,b,/run/pg:2", false},
		{"host=a,b port=6", "host=a,b port=6", "postgres://a:6,b:6", false},
		{"postgres:///app?host=/run/pg", "dbname=app host=/run/pg",
			"postgres:///run/pg/app", true},
		{"postgres://%2Frun%2Fpg/app", "host=/run/pg dbname=app",
			"postgres:///run/pg/app", true},
		{"postgres:///", "", "postgres://", true},
		{"postgres://u@db", "user=u host=db", "postgres://db/u", false},
		{"host=db  dbname = app\tpassword='it\\'s a \\\\'",
			"host=db dbname=app password=it's a \\", "postgres://db/app",
			false},
		{"postgres://db/app?ssl=true", "host=db dbname=app sslmode=require",
			"postgres://db/app", false},
		{"postgres://db/app?sslmode=verify-full&sslrootcert=/r",
			"host=db dbname=app sslmode=verify-full sslrootcert=/r",
			"postgres://db/app", true},
		{"postgres://db/app?sslrootcert=system",
			"host=db dbname=app sslrootcert=system sslmode=verify-full",
			"postgres://db/app", false},
		{"hostaddr=10.0.0.1 dbname=app passfile=/p",
			"hostaddr=10.0.0.1 dbname=app passfile=/p",
			"postgres://10.0.0.1/app", true},
		{"postgres://u@db/app?service=a", "user=u host=db dbname=app service=a",
			"postgres://db/app?service=a", true},
		{"service=a servicefile=/s hostaddr=::1",
			"service=a servicefile=/s hostaddr=::1",
			"postgres://[::1]?service=a", true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena arena = {0};
		struct server_target target;
		struct buf words = BUF_INIT;
		DECLARE_ERR(err);

		if (pg_target_parse(cases[i].text, &arena, &target, &err) < 0)
			fail_msg("%s: %s", cases[i].text, err.text);
		words_of(&target, &words);
		assert_string_equal(words.data, cases[i].words);
		assert_string_equal(target.name, cases[i].name);
		assert_int_equal(target.as_us, cases[i].as_us);
		buf_release(&words);
		arena_release(&arena);
	}
}

/* libpq 15 knows no word for those of the system. */
static void what_needs_the_roots_of_the_system(void **state)
{
	static const struct {
		const char *text;
		bool needs;
	} cases[] = {
		{"host=db", false},
		{"host=db sslmode=require", false},
		{"host=db sslmode=verify-full", true},
		{"host=db sslmode=verify-full sslrootcert=", true},
		{"host=db sslmode=verify-full sslrootcert=/r", false},
		{"host=db sslmode=verify-ca sslrootcert=/r", false},
		{"host=db sslrootcert=system", true},
		{"host=/run/pg sslmode=verify-full", false},
		{"service=a sslmode=verify-full", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena arena = {0};
		struct server_target target;
		struct buf words = BUF_INIT;
		DECLARE_ERR(err);

		assert_int_equal(
			pg_target_parse(cases[i].text, &arena, &target, &err), 0);
		if (target.needs_roots != cases[i].needs)
			fail_msg("%s", cases[i].text);
		server_target_add(&target, "sslrootcert", "/found");
		words_of(&target, &words);
		assert_non_null(strstr(words.data, " sslrootcert=/found"));
		buf_release(&words);
		arena_release(&arena);
	}
}

static void a_password_is_a_secret_and_in_no_name(void **state)
{
	static const char *const texts[] = {"postgres://u:geheim@db/app",
		"postgres://db/app?password=geheim", "host=db password=geheim"};

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct arena arena = {0};
		struct server_target target;
		DECLARE_ERR(err);

		assert_int_equal(pg_target_parse(texts[i], &arena, &target, &err), 0);
		assert_string_equal(target.secrets[0], "geheim");
		assert_null(target.secrets[1]);
		assert_null(strstr(target.name, "geheim"));
		arena_release(&arena);
	}
}

static void what_is_wrong_is_said_without_the_text(void **state)
{
	static const struct {
		const char *text, *says;
	} cases[] = {
		{"mysql://u:geheim@db/app", "no address of a server that we know"},
		{"geheim", "is neither postgres://"},
		{"host=db password='geheim", "a quote that is not closed"},
		{"postgres://u:geheim/x@db/app", "written as %2F"},
		{"postgres://u:ge@heim/x@db/app", "written as %2F"},
		{"postgres://u:ge@heim?x=y@db/app", "written as %2F"},
		{"postgres://db:geheim/app", "has a port that is no number"},
		{"postgres://db:65536/app", "has a port that is no number"},
		{"postgres://db:1,c:x/app", "has a port that is no number"},
		{"host=db port=0", "has a port that is no number"},
		{"postgres://u:geheim%zz@db/app", "that is no %XX"},
		{"postgres://db/app?geheim", "without a '='"},
		{"postgres://[::1/app", "has a '[' without its ']'"},
		{"postgres://db/app?geheim=1", "a word that is none of libpq's"},
		{"postgres://db/app?ssmode=geheim", "; did you mean 'sslmode'?"},
		{"postgres://db/app?sslmode=geheim", "another sslmode than disable"},
		{"postgres://db/app?schema=geheim", "write the key `schema`"},
		{"postgres://db/app?ssl=1", "write sslmode=require"},
		{"service=a servicefile=geheim", "has a relative path as servicefile"},
		{"host=db replication=database", "runs no migrations"},
		{"host=db client_encoding=latin1", "another client_encoding than UTF8"},
		{"host=db passfile=geheim", "has a relative path as passfile"},
		{"host=db passfile=system", "has a relative path as passfile"},
		{"host=db sslcrldir=geheim", "has a relative path as sslcrldir"},
		{"host=a,b port=1,2,3", "has 3 ports for 2 hosts"},
		{"hostaddr=::1 port=1,2", "has 2 ports for 1 host:"},
		{"port=1,2", "has 2 ports for 1 host:"},
		{"postgres://a,b/?port=1,2,3", "has 3 ports for 2 hosts"},
		{"host=a,b hostaddr=127.0.0.1", "2 items in host, and 1 in hostaddr"},
		{"host=db sslmode=verify-ca", "no certificate of the authority"},
		{"hostaddr=::1 sslmode=verify-full sslrootcert=/r", "without the host"},
		{"host=db sslmode=require sslrootcert=system", "a public authority"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena arena = {0};
		struct server_target target;
		DECLARE_ERR(err);

		if (pg_target_parse(cases[i].text, &arena, &target, &err) == 0)
			fail_msg("%s is accepted", cases[i].text);
		assert_int_equal(err.kind, ERR_CONFIG);
		if (!strstr(err.text, cases[i].says))
			fail_msg("%s: %s", cases[i].text, err.text);
		assert_null(strstr(err.text, "geheim"));
		arena_release(&arena);
	}
}

/* A part of a password became a host, and a value another word. */
static void a_value_is_no_more_than_the_part_that_it_is_in(void **state)
{
	static const struct {
		const char *before, *value;
		bool fits;
	} cases[] = {
		{"", "postgres://u:p@db/app?sslmode=require", true},
		{"", "host=db user=u", true},
		{"postgres://", "u:p@db:5432,c:1", true},
		{"postgres://", "db/app", false},
		{"postgresql://u:", "p@ss:w#rd =&'\\", true},
		{"postgres://u:", "p@ss/w0rd", false},
		{"postgres://u:", "half@127.0.0.1:1/rest", false},
		{"postgres://u:", "p?x", false},
		{"postgres://u:", "p%41", false},
		{"postgres://u:p@", "[::1]:5432,db", true},
		{"postgres://u:p@", "x@evil", false},
		{"postgres://u:p@", "/run/pg", false},
		{"postgres://u:p@db/", "app=&x", true},
		{"postgres://u:p@db/", "app?host=evil", false},
		{"postgres://u:p@db/", "a@b", false},
		{"postgres://db/app?sslmode=", "require", true},
		{"postgres://db/app?sslmode=", "require&host=evil", false},
		{"postgres://db/app?sslmode=", "require%26", false},
		{"host=db password=", "p=&?/@%", true},
		{"host=db password=", "x host=evil", false},
		{"host=db password=", "x\nhost=evil", false},
		{"host=db password=", "'", false},
		{"host=db password=", "x\\", false},
		{"host=db password='", "a b", true},
		{"host=db password='", "a' host='evil", false},
		{"host=db password='it\\'s ", "a b", true},
		{"host=db password='' user=", "a b", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		DECLARE_ERR(err);
		int rc = pg_target_check_part(cases[i].before, cases[i].value, &err);

		if ((rc == 0) != cases[i].fits)
			fail_msg("%s, %s: %d, %s", cases[i].before, cases[i].value, rc,
				err.text);
		if (rc == 0)
			continue;
		assert_int_equal(err.kind, ERR_CONFIG);
		assert_null(strstr(err.text, "evil"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_forms_become_words),
		cmocka_unit_test(what_needs_the_roots_of_the_system),
		cmocka_unit_test(a_password_is_a_secret_and_in_no_name),
		cmocka_unit_test(a_value_is_no_more_than_the_part_that_it_is_in),
		cmocka_unit_test(what_is_wrong_is_said_without_the_text),
	};

	return cmocka_run_group_tests_name("pg/target", tests, NULL, NULL);
}
