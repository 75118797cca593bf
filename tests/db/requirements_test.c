/* SPDX-License-Identifier: MIT */
/* SQL that needs a newer SQLite is named, with the version that has it. */
#include "fixture.h"

#include "db/requirements.h"
#include "migration/split.h"

#define OLD 3040001

static int check_at(const char *text, int version, struct err *err)
{
	struct statement statement = {.text = text, .size = strlen(text), .line = 3};

	err_init(err);
	return requirements_check(&statement, "m/1_a.sql", version, err);
}

static void assert_needs(const char *text, int version)
{
	DECLARE_ERR(err);

	if (check_at(text, version, &err) < 0)
		fail_msg("refused at its version: %s", text);
	if (check_at(text, version - 1, &err) == 0)
		fail_msg("not refused before its version: %s", text);
}

static void modifiers_and_formats_that_would_give_null_are_refused(void **state)
{
	(void)state;
	assert_needs("SELECT datetime('now','subsec');", 3042000);
	assert_needs("SELECT DateTime ( 'now' , 'utc', 'SubSecond' ) ;", 3042000);
	assert_needs("SELECT unixepoch('subsec');", 3042000);
	assert_needs("SELECT julianday('now', '-1 month', 'ceiling');", 3046000);
	assert_needs("INSERT INTO a VALUES(1, (time(b + 1, 'subsec')), 2);", 3042000);
	assert_needs("CREATE TABLE a(b DEFAULT (datetime('now', 'subsec')));", 3042000);
	assert_needs("SELECT strftime('%s', 'now', 'subsec');", 3042000);
	assert_needs("SELECT date('2024-01-31', '+1 month', 'floor');", 3046000);
	assert_needs("SELECT date(max(b, c), 'ceiling');", 3046000);
	assert_needs("SELECT strftime('%F %T', b);", 3044000);
	assert_needs("SELECT strftime('%%F %G', b);", 3046000);
}

static void the_same_words_elsewhere_are_not(void **state)
{
	static const char *const texts[] = {
		"INSERT INTO words VALUES('subsec', datetime('now'), 'subsec');",
		"SELECT datetime('now', /* 'subsec' */ 'utc'); -- date('subsec')",
		"SELECT datetime('now', lower('subsec'));",
		"SELECT datetime('now', 'subsec' || '');",
		"SELECT datetime('now', \"subsec\"), replace(a, 'subsec', 'floor');",
		"SELECT strftime('%Y-%m-%d %H:%M:%f %%F', 'now');",
		"SELECT strftime('subsec', 'now'), date('now', '%F');",
		"SELECT ')', date('now'), 'subsec';",
		"SELECT date('now', 'it''subsec');",
		"SELECT )))) date('now') ('subsec');",
		"SELECT date('now', 'subsec",
	};
	DECLARE_ERR(err);

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if (check_at(texts[i], OLD, &err) < 0)
			fail_msg("%s: %s", texts[i], err.text);
}

static void what_is_too_deep_is_not_looked_at(void **state)
{
	struct buf text = BUF_INIT;
	DECLARE_ERR(err);

	(void)state;
	for (int i = 0; i < 1000; i++)
		buf_puts(&text, "date(");
	buf_puts(&text, "'subsec'");
	for (int i = 0; i < 1000; i++)
		buf_puts(&text, ")");
	assert_int_equal(check_at(text.data, OLD, &err), 0);
	buf_puts(&text, ", date('subsec')");
	assert_int_equal(check_at(text.data, OLD, &err), -1);
	buf_release(&text);
}

static void the_error_has_the_line_and_both_versions(void **state)
{
	DECLARE_ERR(err);

	(void)state;
	assert_int_equal(
		check_at("SELECT 1,\n\ndatetime('now',\n'subsec')\n;", OLD, &err), -1);
	assert_string_equal(err.at.file, "m/1_a.sql");
	assert_int_equal(err.at.line, 6);
	assert_says(err.text, "'subsec' needs SQLite 3.42; in ours, 3.40.1,");
}

static const char *explained_of(const char *text, const char *message, int version)
{
	static struct err err;
	const struct statement statement = {.text = text, .size = strlen(text)};

	err_init(&err);
	err_fail(&err, "%s", message);
	requirements_explain(&statement, message, version, &err);
	return err.text;
}

static const char *explained(const char *message, int version)
{
	return explained_of("SELECT 1;", message, version);
}

static void assert_explained(
	const char *text, const char *message, int version, const char *what)
{
	assert_says(explained_of(text, message, version - 1), what);
	assert_string_equal(explained_of(text, message, version), message);
}

static void assert_not_explained(const char *text, const char *message)
{
	assert_string_equal(explained_of(text, message, OLD), message);
}

static void grammar_of_newer_versions_is_explained(void **state)
{
	static const char order[] = "near \"order\": syntax error";

	(void)state;
	assert_explained("SELECT group_concat(b, ',' order by b) FROM a;", order, 3044000,
		"ORDER BY among the arguments of a function needs SQLite 3.44");
	assert_not_explained("SELECT 1 FROM a (SELECT 2) order b;", order);
	assert_not_explained(
		"SELECT sum(b) OVER (PARTITION BY c ORDER BY b) order;", order);
	assert_not_explained("SELECT b IN (SELECT c FROM d ORDER BY c) order;", order);
	assert_explained("SELECT 1_000;", "unrecognized token: \"1_000\"", 3046000,
		"a '_' in a number needs SQLite 3.46");
	assert_not_explained("SELECT 1_a;", "unrecognized token: \"1_a\"");
	assert_explained("SELECT if(1,2,3);", "no such function: if", 3048000,
		"it needs SQLite 3.48");
	assert_not_explained("SELECT iff(1,2,3);", "no such function: iff");
}

static void constraints_that_are_altered_are_explained(void **state)
{
	static const char near[] = "near \"X\": syntax error";
	static const char needs[] =
		"to add or drop a CHECK or NOT NULL needs SQLite 3.53";

	(void)state;
	assert_explained(
		"ALTER TABLE a ALTER COLUMN b SET NOT NULL;", near, 3053000, needs);
	assert_explained("alter table a alter b drop not null", near, 3053000, needs);
	assert_explained(
		"ALTER TABLE a ADD CONSTRAINT c CHECK (b > 1);", near, 3053000, needs);
	assert_explained("ALTER TABLE a ADD CHECK (b > 1);", near, 3053000, needs);
	assert_not_explained("ALTER TABLE a ADD CONSTRAINT c UNIQUE (b);", near);
	assert_not_explained("ALTER TABLE a ALTER COLUMN b TYPE int;", near);
	assert_not_explained("ALTER TABLE a ADD COLUMN b int NOT NULL x;", near);
}

/* It was named for rows that are plain text. */
static void json5_is_named_only_where_there_may_be_some(void **state)
{
	(void)state;
	assert_explained("SELECT json('{a:1}');", "malformed JSON", 3042000,
		"if it is JSON5, it needs SQLite 3.42");
	assert_not_explained("SELECT 'x' -> '$';", "malformed JSON");
	assert_not_explained(
		"UPDATE a SET b = json_extract(name, '$.c');", "malformed JSON");
}

static void messages_are_explained_up_to_the_version_that_knows(void **state)
{
	static const struct {
		const char *function, *version;
	} functions[] = {{"unixepoch", "3.38"}, {"unhex", "3.41"},
		{"json_error_position", "3.42"}, {"octet_length", "3.43"},
		{"timediff", "3.43"}, {"concat", "3.44"}, {"string_agg", "3.44"},
		{"jsonb", "3.45"}, {"json_pretty", "3.46"}, {"if", "3.48"},
		{"unistr", "3.50"}};

	(void)state;
	for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
		char message[80], says[160];

		(void)snprintf(message, sizeof message, "no such function: %s",
			functions[i].function);
		(void)snprintf(says, sizeof says,
			"%s: it needs SQLite %s, and this program has 3.37.2", message,
			functions[i].version);
		assert_string_equal(explained(message, 3037002), says);
	}
	assert_string_equal(explained("no such function: concat_ws", OLD),
		"no such function: concat_ws: it needs SQLite 3.44, and this program has "
		"3.40.1");
	assert_string_equal(explained("no such function: concat_ws", 3044000),
		"no such function: concat_ws");
	assert_says(explained("no such function: jsonb_set", OLD), "SQLite 3.45");
	assert_says(explained("wrong number of arguments to function iif()", 3046001),
		"with two arguments it needs SQLite 3.48, and this program has 3.46.1");
	assert_string_equal(
		explained("no such function: nosuch", OLD), "no such function: nosuch");
}

/* Works with whichever SQLite the tests run with. */
static void a_migration_stores_no_null_in_silence(void **state)
{
	struct world *world = *state;

	put("m/1_a.sql",
		"CREATE TABLE a(b);\nINSERT INTO a\n"
		"VALUES(datetime('2024-01-01 00:00:00.5', 'subsec'));\n");
	contribute(world, "app", "m");
	load(world);
	if (sqlite3_libversion_number() >= 3042000) {
		apply_all(world);
		assert_string_equal(
			sql(world, "SELECT b FROM a"), "2024-01-01 00:00:00.500\n");
		return;
	}
	assert_int_equal(apply(world), -1);
	assert_says(world->err.text, "m/1_a.sql:3: 'subsec' needs SQLite 3.42");
	assert_false(exists("app.db"));
}

static void a_function_that_is_missing_is_explained(void **state)
{
	struct world *world = *state;

	put("m/1_a.sql", "CREATE TABLE a AS SELECT unistr(octet_length('a'));\n");
	contribute(world, "app", "m");
	load(world);
	if (sqlite3_libversion_number() >= 3043000)
		skip();
	assert_int_equal(apply(world), -1);
	assert_says(world->err.text, ": it needs SQLite 3.");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(modifiers_and_formats_that_would_give_null_are_refused),
		cmocka_unit_test(the_same_words_elsewhere_are_not),
		cmocka_unit_test(what_is_too_deep_is_not_looked_at),
		cmocka_unit_test(the_error_has_the_line_and_both_versions),
		cmocka_unit_test(messages_are_explained_up_to_the_version_that_knows),
		cmocka_unit_test(grammar_of_newer_versions_is_explained),
		cmocka_unit_test(constraints_that_are_altered_are_explained),
		cmocka_unit_test(json5_is_named_only_where_there_may_be_some),
		cmocka_unit_test_setup_teardown(a_migration_stores_no_null_in_silence,
			world_setup, world_teardown),
		cmocka_unit_test_setup_teardown(a_function_that_is_missing_is_explained,
			world_setup, world_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
