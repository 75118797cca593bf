/* SPDX-License-Identifier: MIT */
/* Types of keys: which keys of a section they take, and what is made. */
#include "../ground.h"

static void each_type_has_its_keys(void **state)
{
	static const struct {
		const char *keys, *wrong;
	} cases[] = {
		{"type = uuid\nbytes = 32\n", "bytes: means nothing for type = uuid"},
		{"type = UUID\nencoding = hex\n", "encoding: means nothing"},
		{"charset = a-z\n", "charset: means nothing for type = random"},
		{"public = x\n",
			"public: means nothing for type = random; it is for "
			"ed25519 or x25519"},
		{"type = password\nencoding = raw\n", "encoding: means nothing"},
		{"type = ed25519\nbytes = 64\n", "bytes: means nothing"},
		{"type = ed25519\nencoding = RAW\nenv = K\n", "env: a raw key"},
		{"type = password\ncharset = a-z A-Z\n", "has white space"},
		{"type = password\ncharset = z-a\n", "ends before it begins"},
		{"type = password\ncharset = abc\n", "3 different characters"},
		{"type = password\ncharset = a-fa-f\n", "6 different characters"},
		{"type = password\ncharset = a-aa-i\n", "9 different characters"},
		{"type = password\ncharset = a-z\xc3\xa4\n", "not ASCII"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		CLEANUP_BUF struct buf ini = BUF_INIT;

		buf_printf(&ini, "[key:a]\npath = a\n%s", cases[i].keys);
		assert_int_equal(ground_read(ini.data, NULL, NULL), 0);
		says(ground_problems(), cases[i].wrong);
		assert_int_equal(ground.bootstrap.problems.count, 1);
	}
	/* What [defaults:key] says is for the types that it means something for. */
	ground_load("[defaults:key]\nencoding = base64\nbytes = 24\n"
		    "[key:a]\npath = a\ntype = uuid\n",
		NULL);
	does("key:a", 1, "");
}

static void what_is_expanded_is_judged_too(void **state)
{
	static char *const env[] = {"T=uuid", "P=a", NULL};

	(void)state;
	assert_int_equal(ground_read("[key:a]\npath = a\ntype = ${T}\nbytes = 16\n"
				     "[key:b]\npath = a\ntype = x25519\npublic = ${P}\n",
				 env, NULL),
		0);
	ground_decide();
	says(ground_problems(), "bytes: means nothing for type = uuid");
	says(ground_problems(), "public: is the path of the key itself");
}

static void passwords_have_the_characters_of_their_set(void **state)
{
	CLEANUP_BUF struct buf made = BUF_INIT;

	(void)state;
	ground_load("[key:a]\npath = a\ntype = password\nbytes = 4096\n"
		    "charset = a-e0-4#-\n",
		NULL);
	does("key:a", 1, "made the password");
	assert_int_equal(fs_read(&ground.bootstrap.ctx.fs, in("base/a"), FS_ANY, 9999,
				 &made, &ground.err),
		0);
	assert_int_equal(strspn(made.data, "abcde01234#-"), 4096);
	for (const char *c = "abcde01234#-"; *c; c++)
		assert_non_null(strchr(made.data, *c));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		GROUND(each_type_has_its_keys),
		GROUND(what_is_expanded_is_judged_too),
		GROUND(passwords_have_the_characters_of_their_set),
	};

	return cmocka_run_group_tests_name("step/key_form", tests, NULL, NULL);
}
