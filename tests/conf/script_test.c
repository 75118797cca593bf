/* SPDX-License-Identifier: MIT */
/* Which words of a command are read as code, and what may not stand in them. */
#include "../unit.h"
#include "base/buf.h"
#include "base/err.h"
#include "conf/script.h"
#include "conf/words.h"

struct found {
	const struct list *words;
	struct buf text;
};

static void note(void *user, size_t at, const char *program)
{
	struct found *found = user;

	buf_printf(&found->text, "%s:%s;", program, found->words->items[at]);
}

/* A command, and the words of it that are read as code. */
static const char *const cases[][2] = {
	{"sh -c X a b", "sh:X;"},
	{"/bin/bash -c X", "bash:X;"},
	{"sh -ec X", "sh:X;"},
	{"sh -e -u -c X", "sh:X;"},
	{"sh -c -e X", "sh:X;"},
	{"sh -c -- X", "sh:X;"},
	{"bash -euo pipefail -c X", "bash:X;"},
	{"bash -o pipefail +o posix -ceu X", "bash:X;"},
	{"bash --norc --rcfile f -c X", "bash:X;"},
	{"fish --command X", "fish:X;"},
	{"env A=1 sh -c X", "sh:X;"},
	{"exec sh -c X", "sh:X;"},
	{"busybox ash -c X", "ash:X;"},
	{"find . -exec sh -c X {} '+'", "sh:X;"},
	{"sh -c X sh bash -c Y", "sh:X;bash:Y;"},
	{"su -c X app", "su:X;"},
	{"su app -lc X", "su:X;"},
	{"su - app --command X", "su:X;"},
	{"/sbin/runuser app --command=X", "runuser:--command=X;"},
	{"su app -cX", "su:-cX;"},
	{"su -s sh app -c X", "su:X;"},
	{"flock -x lock -c X", "flock:X;"},
	{"script -qc X /dev/null", "script:X;"},
	{"xargs -n 1 sh -c X", "sh:X;"},
	{"python3.11 -Ic X a", "python3.11:X;"},
	{"/usr/bin/python -W ignore -c X", "python:X;"},
	{"python -cX", "python:-cX;"},
	{"perl -lane X", "perl:X;"},
	{"perl -Mstrict -e X -E Y", "perl:X;perl:Y;"},
	{"ruby -r json -e X", "ruby:X;"},
	{"node -r mod --eval X", "node:X;"},
	{"node --eval=X", "node:--eval=X;"},
	{"nodejs -pe X", "nodejs:X;"},
	{"php8.2 -d a=b -r X", "php8.2:X;"},
	{"lua5.4 -e X", "lua5.4:X;"},
	{"awk -F : -v a=b X file", "awk:X;"},
	{"gawk --source X file", "gawk:X;"},
	{"env -iS X", "env:X;"},
	{"env --split-string=X", "env:--split-string=X;"},
	{"watch -n 5 X Y", "watch:X;watch:Y;"},
	{"ssh -p 22 host X Y", "ssh:X;ssh:Y;"},
	{"ssh -o ProxyCommand=X host", "ssh:ProxyCommand=X;"},
	{"timeout 5 ssh host X", "ssh:X;"},
	{"gosu app python -c X", "python:X;"},
	{"psql -c X app", "psql:X;"},
	{"psql -qAtc X", "psql:X;"},
	{"psql -U app app -v a=b -c X -c Y", "psql:X;psql:Y;"},
	{"psql --command=X", "psql:--command=X;"},
	{"gosu postgres psql -d app --command X", "psql:X;"},
	{"mysql -uroot -psecret -Ne X", "mysql:X;"},
	{"mysql app --execute X", "mysql:X;"},
	{"mysql --exec=X", "mysql:--exec=X;"},
	{"mysql --exe X", "mysql:X;"},
	{"mysql app -- X", ""},
	{"sh -c - X", "sh:X;"},
	{"mariadb -h db --init-command=X", "mariadb:--init-command=X;"},
	{"sqlite3 app.db X Y", "sqlite3:X;sqlite3:Y;"},
	{"sqlite3 -bail -init file app.db X", "sqlite3:X;"},
	{"sqlite3 app.db -cmd X --cmd Y Z", "sqlite3:X;sqlite3:Y;sqlite3:Z;"},
	{"mongosh --quiet --eval X", "mongosh:X;"},
	{"duckdb app.db X", "duckdb:X;"},
	{"duckdb -c X", "duckdb:X;"},
	{"mysqlsh --sql -e X", "mysqlsh:X;"},
	{"clickhouse client -h db --query X", "clickhouse:X;"},
	{"clickhouse-client -q X", "clickhouse-client:X;"},
	{"cqlsh db -e X", "cqlsh:X;"},
	{"make --eval=X", "make:--eval=X;"},
	{"make -j4 -C dir all --eval X", "make:X;"},
	{"gmake -sE X", "gmake:X;"},
	{"sed X f", "sed:X;"},
	{"sed -i.bak -ne X -e Y f", "sed:X;sed:Y;"},
	{"busybox sed -E --expression=X f", "sed:--expression=X;"},
	{"deno eval --ext=ts X a", "deno:X;"},
	{"wp eval X --path=a", "wp:X;"},
	{"rails runner -e production X a", "rails:X;"},
	{"mix run -e X", "mix:X;"},
	{"redis-cli -h db -p 6379 EVAL X 0 a", "redis-cli:X;"},
	{"R --slave -e X", "R:X;"},
	{"Rscript -e X a", "Rscript:X;"},
	{"erl -noshell -eval X -s init", "erl:X;"},
	{"groovy -cp lib -e X", "groovy:X;"},
	{"pwsh -NoProfile -Command X", "pwsh:X;"},
	{"capsh --user=app -- -c X", "capsh:X;"},
	{"fakeroot perl -e X", "perl:X;"},
	{"wait-for-it.sh db:5432 -- psql -c X", "psql:X;"},
	/* none is */
	{"", ""},
	{"sh", ""},
	{"sh -c", ""},
	{"sh script -c X", ""},
	{"sh -- script -c X", ""},
	{"sh -e script", ""},
	{"python app.py -c X", ""},
	{"psql -d app -v a=X -f script", ""},
	{"psql app", ""},
	{"mysql -pe -D app", ""},
	{"sqlite3 app.db", ""},
	{"sqlite3 -init -cmd app.db", ""},
	{"pg_isready -d X -c Y", ""},
	{"python -m http.server -c X", ""},
	{"perl -i.e X", ""},
	{"perl -f script -e X", ""},
	{"node app.js -e X", ""},
	{"php -f script -r", ""},
	{"awk -f script X", ""},
	{"env A=1 app -S X", ""},
	{"watch -x date X", ""},
	{"watch --exec date X", ""},
	{"ssh -o User=X host", ""},
	{"npm run watch X", ""},
	{"app ssh host X", ""},
	{"app sh ${DB}", ""},
	{"bash --norc script", ""},
	{"bash -O c X", ""},
	{"su app", ""},
	{"make -f file A=X all", ""},
	{"make -e all", ""},
	{"sed -f script X", ""},
	{"sed -i --file=script X", ""},
	{"deno run eval X", ""},
	{"wp option get X", ""},
	{"rails -e X db:migrate", ""},
	{"redis-cli -a eval set eval X", ""},
	{"redis-cli --pass eval get X", ""},
	{"pwsh script -c X", ""},
	{"clickhouse-client -d X", ""},
	{"su -s/bin/csh app", ""},
};

static void words_that_are_read_as_code(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct list words = {0};
		struct found found = {&words, BUF_INIT};
		struct arena arena = {0};

		words_split(cases[i][0], " ", &arena, &words);
		script_each(&words, note, &found);
		assert_string_equal(found.text.data, cases[i][1]);
		buf_release(&found.text);
		arena_release(&arena);
	}
}

static void values_in_code(void **state)
{
	static const char *const scripts[][2] = {
		{"echo ${DB}", "the value of ${DB} would be run as code by sh: "},
		{"${A:+${B}}", "the value of ${A} would be run as code by sh: "},
		{"${words:X}", "the value of ${words:X} would be run as code by sh: "},
		{"date >{file}", "the path of {file} would be run as code by sh: "},
		{"echo $DB \"$1\" $${DB:-x} {} $(date)", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++) {
		const char *expected = scripts[i][1];
		DECLARE_ERR(err);

		assert_int_equal(
			script_check(scripts[i][0], "sh", &err), *expected ? -1 : 0);
		assert_memory_equal(err.text, expected, strlen(expected));
	}
}

static void values_in_sql(void **state)
{
	static const char *const programs[][2] = {
		{"psql", "the value of ${DB} would be run as SQL by psql: hand it"},
		{"mysql", "the value of ${DB} would be run as SQL by mysql: have"},
		{"sqlite3", "the value of ${DB} would be run as SQL by sqlite3: "},
	};

	(void)state;
	for (size_t i = 0; i < sizeof programs / sizeof *programs; i++) {
		const char *expected = programs[i][1];
		DECLARE_ERR(err);

		assert_int_equal(
			script_check("SELECT '${DB}'", programs[i][0], &err), -1);
		assert_memory_equal(err.text, expected, strlen(expected));
		err_init(&err);
		assert_int_equal(script_check(".backup {file}", programs[i][0], &err), 0);
	}
}

static void values_in_programs_with_another_way(void **state)
{
	static const char *const programs[][2] = {
		{"make", "the value of ${DB} would be run as code by make: write it in"},
		{"sed", "the value of ${DB} would be run as code by sed: have a `file`"},
		{"redis-cli",
			"the value of ${DB} would be run as code by redis-cli: hand"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof programs / sizeof *programs; i++) {
		const char *expected = programs[i][1];
		DECLARE_ERR(err);

		assert_int_equal(script_check("s/a/${DB}/", programs[i][0], &err), -1);
		assert_memory_equal(err.text, expected, strlen(expected));
		err_init(&err);
		assert_int_equal(script_check("w {file}", programs[i][0], &err), -1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_that_are_read_as_code),
		cmocka_unit_test(values_in_code),
		cmocka_unit_test(values_in_sql),
		cmocka_unit_test(values_in_programs_with_another_way),
	};

	return cmocka_run_group_tests_name("conf/script", tests, NULL, NULL);
}
