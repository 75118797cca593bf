/* SPDX-License-Identifier: MIT */
/* How many columns characters take. */
#include "../unit.h"
#include "base/columns.h"

static void each_has_its_columns(void **state)
{
	static const struct {
		const char *text;
		int columns;
	} cases[] = {
		{"a", 1}, {"~", 1},
		{"\xc2\xa0", 1},         /* the first behind ASCII that is shown */
		{"\xc3\xa9", 1},         /* e with an acute */
		{"\xc2\xb7", 1},         /* the middle dot of the log */
		{"\xe2\x80\xa6", 1},     /* an ellipsis */
		{"\xcc\x80", 0},         /* U+0300, the first that combines */
		{"\xcd\xaf", 0},         /* U+036F, the last of its block */
		{"\xcd\xb0", 1},         /* U+0370 */
		{"\xe2\x80\x8d", 0},     /* a joiner of emoji */
		{"\xef\xb8\x8f", 0},     /* a variation selector */
		{"\xe1\x84\x80", 2},     /* U+1100, the first that is wide */
		{"\xe1\x85\xa0", 0},     /* U+1160, which joins it */
		{"\xe3\x81\x82", 2},     /* hiragana */
		{"\xe3\x82\x99", 0},     /* U+3099, a voiced sound mark */
		{"\xe4\xb8\xad", 2},     /* CJK */
		{"\xed\x95\x9c", 2},     /* hangul */
		{"\xef\xbc\xa1", 2},     /* fullwidth A */
		{"\xef\xbd\xa1", 1},     /* halfwidth */
		{"\xf0\x9f\x93\xa6", 2}, /* an emoji */
		{"\xf0\xa0\x80\x80", 2}, /* U+20000 */
		{"\xf0\x90\x80\x80", 1}, /* U+10000 */
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		int columns = -1;

		assert_int_equal(
			columns_next(cases[i].text, &columns), strlen(cases[i].text));
		if (columns != cases[i].columns)
			fail_msg("%s: %d columns", cases[i].text, columns);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_has_its_columns),
	};

	return cmocka_run_group_tests_name("base/columns", tests, NULL, NULL);
}
