/* SPDX-License-Identifier: MIT */
/* The files of a database, checked by their descriptors. */
#include "../filter.h"
#include "fixture.h"

#include "db/files.h"

#define SUPER "\xd9\xd5\x05\xf9\x20\xa1\x63\xd7"

static int names_super(struct world *world, const char *name)
{
	int fd = open(at(world, name), O_RDONLY | O_CLOEXEC);
	int rc = files_names_super(fd);

	(void)close(fd);
	return rc;
}

static void a_journal_names_a_super_journal_by_its_end(void **state)
{
	struct world *world = *state;

	put("short", "one");
	put("plain", "a journal of one database");
	put("super", "a name" SUPER);
	assert_int_equal(names_super(world, "short"), 0);
	assert_int_equal(names_super(world, "plain"), 0);
	assert_int_equal(names_super(world, "super"), 1);
}

static int ask_of_a_cut_one(struct world *world)
{
	/* It reads nothing, as from a file that was truncated meanwhile. */
	if (filter_deny(SYS_pread64, 0) < 0) {
		print_message("no system call filters here\n");
		return 0;
	}
	errno = 0;
	return names_super(world, "super") == -1 && errno == EIO ? 0 : 1;
}

static void a_journal_that_is_truncated_meanwhile_is_an_error(void **state)
{
	put("super", "a name" SUPER);
	in_child(*state, 0, ask_of_a_cut_one);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_journal_names_a_super_journal_by_its_end),
		TEST(a_journal_that_is_truncated_meanwhile_is_an_error),
	};

	return cmocka_run_group_tests_name("db/files", tests, NULL, NULL);
}
