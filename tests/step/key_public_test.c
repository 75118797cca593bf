/* SPDX-License-Identifier: MIT */
/* Public halves: derived, never replaced, and healed. */
#include "../ground.h"

/* X25519 of RFC 7748, section 6.1. */
#define PRIVATE "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb"
#define PUBLIC  "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f"
#define PAIR    "[key:a]\npath = a\ntype = x25519\npublic = pub/a\n"
#define HEX32   "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

static void a_pair_has_its_public_half_beside_it(void **state)
{
	CLEANUP_BUF struct buf made = BUF_INIT;

	(void)state;
	ground_load(PAIR, NULL);
	finds("key:a", TO_DO, "its public half '");
	does("key:a", 1, "; made its public half '");
	finds("key:a", IN_PLACE, "holds the key");
	mode_is("base/a", 0600);
	mode_is("base/pub/a", 0644);
	assert_int_equal(entries("base/pub"), 1);
	/* As after a crash between the two halves. */
	assert_int_equal(fs_read(&ground.bootstrap.ctx.fs, in("base/pub/a"), FS_ANY, 999,
				 &made, &ground.err),
		0);
	assert_int_equal(unlink(in("base/pub/a")), 0);
	finds("key:a", TO_DO, "make its public half '");
	does("key:a", 1, "made its public half '");
	text_is("base/pub/a", made.data);
	put("base/a", PRIVATE);
	assert_int_equal(unlink(in("base/pub/a")), 0);
	does("key:a", 1, "");
	text_is("base/pub/a", PUBLIC);
	put("base/pub/a", PUBLIC "\n"); /* an editor's newline */
	finds("key:a", IN_PLACE, "");
	does("key:a", 0, "");
}

static void a_public_half_of_another_key_is_an_error(void **state)
{
	static const char *const others[] = {"", "\n", HEX32, PUBLIC "00", "de9e"};

	(void)state;
	ground_load(PAIR, NULL);
	put("base/a", PRIVATE);
	make_dir("base/pub", 0, 0755);
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		put("base/pub/a", others[i]);
		finds("key:a", -1, "is not the public half of the key '");
		does("key:a", -1, "is not the public half of the key '");
		text_is("base/pub/a", others[i]);
		text_is("base/a", PRIVATE);
	}
	assert_int_equal(unlink(in("base/pub/a")), 0);
	put_link("base/pub/a", "nowhere", 0);
	finds("key:a", -1, "a link to nothing");
	does("key:a", -1, "a link to nothing");
}

static void makes_no_key_where_its_public_half_is(void **state)
{
	(void)state;
	ground_load(PAIR, NULL);
	make_dir("base/pub", 0, 0755);
	put("base/pub/a", PUBLIC);
	finds("key:a", -1, "is missing, and its public half '");
	does("key:a", -1, "restore the key from a backup");
	assert_false(exists("base/a"));
	text_is("base/pub/a", PUBLIC);
}

static void a_key_of_the_environment_has_a_public_half_too(void **state)
{
	static char *const env[] = {"KEY=" PRIVATE, NULL};

	(void)state;
	ground_load(PAIR "env = KEY\n", env);
	finds("key:a", TO_DO, "make its public half");
	does("key:a", 1, "made its public half");
	finds("key:a", IN_PLACE, "the variable KEY holds");
	text_is("base/pub/a", PUBLIC);
	assert_false(exists("base/a"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		GROUND(a_pair_has_its_public_half_beside_it),
		GROUND(a_public_half_of_another_key_is_an_error),
		GROUND(makes_no_key_where_its_public_half_is),
		GROUND(a_key_of_the_environment_has_a_public_half_too),
	};

	return cmocka_run_group_tests_name("step/key_public", tests, NULL, NULL);
}
