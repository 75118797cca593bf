/* SPDX-License-Identifier: MIT */
/* Where a database is: URLs, words, what of them is shown, and what is a secret. */
#include <string.h>

#include "../unit.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "pg/target.h"

/* All words behind those that are always there, as "name=value …". */
static void words_of(const struct pg_target *target, struct buf *ret)
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
			"postgres://a,b:,6/app", false},
		{"postgres://[::1]:5432/app", "host=::1 port=5432 dbname=app",
			"postgres://::1:5432/app", false},
		{"postgres:///app?host=/run/pg", "dbname=app host=/run/pg",
			"postgres:///run/pg/app", true},
		{"postgres://%2Frun%2Fpg/app", "host=/run/pg dbname=app",
			"postgres:///run/pg/app", true},
		{"postgres:///", "", "postgres://", true},
		{"postgres://u@db", "user=u host=db", "postgres://db/u", false},
		{"host=db  dbname = app\tpassword='it\\'s a \\\\'",
			"host=db dbname=app password=it's a \\", "postgres://db/app",
			false},
		{"hostaddr=10.0.0.1 dbname=app passfile=/p",
			"hostaddr=10.0.0.1 dbname=app passfile=/p",
			"postgres://10.0.0.1/app", true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena arena = {0};
		struct pg_target target;
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

static void a_password_is_a_secret_and_in_no_name(void **state)
{
	static const char *const texts[] = {"postgres://u:geheim@db/app",
		"postgres://db/app?password=geheim", "host=db password=geheim"};

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct arena arena = {0};
		struct pg_target target;
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
		{"postgres://u:geheim/x@db/app", "is written %2F"},
		{"postgres://u:geheim%zz@db/app", "that is no %XX"},
		{"postgres://db/app?geheim", "without a '='"},
		{"postgres://[::1/app", "has a '[' without its ']'"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena arena = {0};
		struct pg_target target;
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_forms_become_words),
		cmocka_unit_test(a_password_is_a_secret_and_in_no_name),
		cmocka_unit_test(what_is_wrong_is_said_without_the_text),
	};

	return cmocka_run_group_tests_name("pg/target", tests, NULL, NULL);
}
