/* SPDX-License-Identifier: MIT */
/* What the words of env_from_file mean. */
#include "../ground.h"

#include "base/str.h"
#include "step/from_file.h"

/* Each as "NAME<HOLDER", "*" behind what a glob found. */
static void means(const char *words, const char *expected)
{
	static char vars[][24] = {"A_FILE=a", "B__FILE=b", "FILE__C=c", "X_D_FILE=d",
		"E=e", "X_EMPTY_FILE=", "FILE__=f"};
	char *env[sizeof vars / sizeof *vars + 1] = {NULL};
	CLEANUP_BUF struct buf text = BUF_INIT;
	CLEANUP_BUF struct buf got = BUF_INIT;
	const struct ctx *ctx = &ground.bootstrap.ctx;

	for (size_t i = 0; i < sizeof vars / sizeof *vars; i++)
		env[i] = vars[i];
	buf_printf(&text, "[app]\nenv_from_file = %s\n", words);
	ground_load(text.data, env);
	for (size_t i = 0; i < ctx->from_file_count; i++)
		buf_printf(&got, "%s<%s%s ", ctx->from_file[i].name,
			ctx->from_file[i].holder, ctx->from_file[i].glob ? "*" : "");
	assert_string_equal(got.len ? got.data : "", expected);
}

static void words_are_names_and_globs(void **state)
{
	(void)state;
	means("A Z", "A<A_FILE Z<Z_FILE ");
	means("A_FILE B__FILE FILE__C", "A<A_FILE B<B__FILE C<FILE__C ");
	means("?", "A<A_FILE* B<B__FILE* C<FILE__C* ");
	means("*_FILE", "A<A_FILE* B<B__FILE* X_D<X_D_FILE* ");
	means("*__FILE", "B<B__FILE* ");
	means("FILE__*", "C<FILE__C* ");
	means("X_* !X_D", "");
	means("X_* !X_D_FILE", "");
	means("A* A", "A<A_FILE ");
	means("E*", "");
}

static void a_word_is_checked(void **state)
{
	static const char *const fine[] = {"A", "_a1", "!A", "GF_*", "[AB]_?", NULL};
	static const char *const wrong[] = {"", "!", "1A", "a.b", "A=b", "a b", NULL};
	DECLARE_ERR(err);

	(void)state;
	for (size_t i = 0; fine[i]; i++)
		assert_int_equal(from_file_check_word(fine[i], &err), 0);
	for (size_t i = 0; wrong[i]; i++)
		assert_int_equal(from_file_check_word(wrong[i], &err), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			words_are_names_and_globs, ground_setup, ground_teardown),
		cmocka_unit_test(a_word_is_checked),
	};

	return cmocka_run_group_tests_name("step/from_file", tests, NULL, NULL);
}
