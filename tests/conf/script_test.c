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

static void words_that_shells_read_as_code(void **state)
{
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
		/* none is */
		{"", ""},
		{"sh", ""},
		{"sh -c", ""},
		{"sh script -c X", ""},
		{"sh -- script -c X", ""},
		{"sh -e script", ""},
		{"python -c X", ""},
		{"app sh ${DB}", ""},
		{"bash --norc script", ""},
		{"bash -O c X", ""},
		{"su app", ""},
		{"su -s/bin/csh app", ""},
	};

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
	static const char *const cases[][2] = {
		{"echo ${DB}", "the value of ${DB} would be run as code by sh: "},
		{"${A:+${B}}", "the value of ${A} would be run as code by sh: "},
		{"${words:X}", "the value of ${words:X} would be run as code by sh: "},
		{"date >{file}", "the path of {file} would be run as code by sh: "},
		{"echo $DB \"$1\" $${DB:-x} {} $(date)", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *expected = cases[i][1];
		DECLARE_ERR(err);

		assert_int_equal(
			script_check(cases[i][0], "sh", &err), *expected ? -1 : 0);
		assert_memory_equal(err.text, expected, strlen(expected));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_that_shells_read_as_code),
		cmocka_unit_test(values_in_code),
	};

	return cmocka_run_group_tests_name("conf/script", tests, NULL, NULL);
}
