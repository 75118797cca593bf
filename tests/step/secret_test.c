/* SPDX-License-Identifier: MIT */
/* Secrets of age files: where they go, and what keeps them from going there. */
#include "../ground.h"

#include "../age_file.h"
#include "base/secrets.h"

#define SOURCE "[secret:a]\nsource = a.age\nidentity = id\n"

static void lay(const char *file)
{
	put("a.age", file);
	put("id", "# whose it is\n" AGE_IDENTITY "\n");
	assert_int_equal(chmod(in("id"), 0600), 0);
}

static void goes_into_a_file(void **state)
{
	(void)state;
	lay(AGE_TEXT_FILE);
	ground_load(SOURCE "path = d/a\n", NULL);
	finds("secret:a", TO_DO, "write the secret of '");
	assert_false(exists("base/d"));
	does("secret:a", 1, "wrote the secret of '");
	text_is("base/d/a", AGE_TEXT);
	mode_is("base/d/a", 0600);
	assert_int_equal(entries("base/d"), 1);
	finds("secret:a", IN_PLACE, "holds the secret of '");
	does("secret:a", 0, "");
	assert_null(strstr(ground.heard.data, "lets others"));
}

static void is_written_anew_where_it_is_another(void **state)
{
	(void)state;
	lay(AGE_TEXT_FILE);
	ground_load(SOURCE "path = a\n", NULL);
	does("secret:a", 1, "wrote");
	assert_int_equal(chmod(in("base/a"), 0640), 0);
	put("a.age", AGE_ROTATED_FILE);
	finds("secret:a", TO_DO, "has another secret by now");
	does("secret:a", 1, "wrote");
	text_is("base/a", AGE_ROTATED_TEXT);
	mode_is("base/a", 0600); /* who let others read the former one? */
	assert_int_equal(chmod(in("base/a"), 0640), 0);
	finds("secret:a", IN_PLACE, "");
	says(ground.heard.data, "has mode 0640, which lets others at it");
	does("secret:a", 0, "");
	mode_is("base/a", 0640);
	ground_load(SOURCE "path = a\nmode = 0400\n", NULL);
	finds("secret:a", TO_DO, "mode 0640, not 0400");
	does("secret:a", 1, "fixed mode and owner");
	mode_is("base/a", 0400);
}

static void one_that_does_not_open_changes_nothing(void **state)
{
	static const struct {
		const char *file, *why;
	} cases[] = {
		{AGE_OTHER_FILE, "for none of the identities"},
		{AGE_PASSPHRASE_FILE, "with a passphrase"},
		{AGE_SSH_FILE, "for SSH keys"},
		{AGE_EMPTY_FILE, "holds an empty text"},
		{"no age file", "is no age file"},
	};

	(void)state;
	lay(AGE_TEXT_FILE);
	ground_load(SOURCE "path = a\n", NULL);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		put("a.age", cases[i].file);
		finds("secret:a", -1, cases[i].why);
		does("secret:a", -1, cases[i].why);
		says(shown(&ground.err), "a.age' ");
		assert_int_equal(entries("base"), 0);
	}
	put("a.age", AGE_TEXT_FILE);
	does("secret:a", 1, "");
	put("a.age", AGE_OTHER_FILE);
	does("secret:a", -1, "for none of the identities");
	text_is("base/a", AGE_TEXT);
}

static void identities_are_checked_as_keys_are(void **state)
{
	(void)state;
	lay(AGE_TEXT_FILE);
	ground_load(SOURCE "path = a\n", NULL);
	put("id", "");
	finds("secret:a", -1, "id' holds no identity");
	put("id", "x" AGE_IDENTITY);
	finds("secret:a", -1, "id' has in line 1 no identity");
	assert_null(strstr(shown(&ground.err), "EGTZ"));
	assert_int_equal(unlink(in("id")), 0);
	finds("secret:a", -1, "id' is missing");
	put("id", AGE_IDENTITY);
	assert_int_equal(chmod(in("id"), 0644), 0);
	finds("secret:a", TO_DO, "");
	says(ground.heard.data, "the identity file '");
	says(ground.heard.data, "has mode 0644, which lets others at it; chmod 0600 it");
	assert_int_equal(unlink(in("a.age")), 0);
	finds("secret:a", -1, "a.age' is missing");
}

static void text_and_identity_become_secrets(void **state)
{
	CLEANUP_BUF struct buf text = BUF_INIT;

	(void)state;
	lay(AGE_TEXT_FILE);
	ground_load(SOURCE, NULL);
	finds("secret:a", IN_PLACE, "can be decrypted");
	does("secret:a", 0, "");
	buf_puts(&text, "correct horse battery staple, " AGE_IDENTITY ", whose it is");
	secrets_redact(&ground.bootstrap.secrets, &text, 0);
	assert_string_equal(text.data, "***, ***, whose it is");
}

static void its_value_is_a_text(void **state)
{
	CLEANUP_BUF struct buf value = BUF_INIT;
	const char *name;

	(void)state;
	lay(AGE_TEXT_FILE);
	ground_load(SOURCE "env = PASSWORD\n", NULL);
	finds("secret:a", IN_PLACE, "");
	assert_int_equal(step_export(ground_step("secret:a"), &ground.bootstrap.ctx,
				 &name, &value, &ground.err),
		0);
	assert_string_equal(name, "PASSWORD");
	assert_string_equal(value.data, "correct horse battery staple");
	put("a.age", AGE_NUL_FILE);
	finds("secret:a", -1, "holds a NUL byte, which no value can");
	ground_load(SOURCE "path = a\n", NULL);
	does("secret:a", 1, "");
}

static void the_variable_must_agree(void **state)
{
	static char *const same[] = {"PASSWORD=correct horse battery staple", NULL};
	static char *const other[] = {"PASSWORD=incorrect horse", NULL};
	static char *const empty[] = {"PASSWORD=", NULL};

	(void)state;
	lay(AGE_TEXT_FILE);
	ground_load(SOURCE "env = PASSWORD\npath = a\n", other);
	finds("secret:a", -1, "the variable PASSWORD and '");
	says(shown(&ground.err), "when = !env:PASSWORD");
	does("secret:a", -1, "different secrets");
	assert_int_equal(entries("base"), 0);
	ground_load(SOURCE "env = PASSWORD\n", same);
	finds("secret:a", IN_PLACE, "");
	ground_load(SOURCE "env = PASSWORD\n", empty);
	finds("secret:a", IN_PLACE, "");
}

static void its_own_sources_are_not_overwritten(void **state)
{
	(void)state;
	lay(AGE_TEXT_FILE);
	assert_int_equal(ground_read("[secret:a]\nsource = base/a\nidentity = base/id\n"
				     "path = a\n[secret:b]\nsource = base/a\n"
				     "identity = base/id\npath = ./id\n",
				 NULL, NULL),
		0);
	ground_decide();
	says(ground_problems(), "4: [secret:a] path: is that of `source`");
	says(ground_problems(), "8: [secret:b] path: is that of `identity`");
	/* By other names. */
	make_dir("base/d", 0, 0755);
	put("base/a", AGE_TEXT_FILE);
	assert_int_equal(link(in("base/a"), in("base/b")), 0);
	ground_load("[secret:a]\nsource = base/d/../a\nidentity = id\npath = a\n"
		    "[secret:b]\nsource = base/b\nidentity = id\npath = a\n",
		NULL);
	finds("secret:a", -1, "is the same file as '");
	does("secret:a", -1, "is the same file as '");
	does("secret:b", -1, "is the same file as '");
	text_is("base/a", AGE_TEXT_FILE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		GROUND(goes_into_a_file),
		GROUND(is_written_anew_where_it_is_another),
		GROUND(one_that_does_not_open_changes_nothing),
		GROUND(identities_are_checked_as_keys_are),
		GROUND(text_and_identity_become_secrets),
		GROUND(its_value_is_a_text),
		GROUND(the_variable_must_agree),
		GROUND(its_own_sources_are_not_overwritten),
	};

	return cmocka_run_group_tests_name("step/secret", tests, NULL, NULL);
}
