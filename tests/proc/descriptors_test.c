/* SPDX-License-Identifier: MIT */
/* The standard descriptors, where they were closed. */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "../child.h"
#include "../unit.h"
#include "proc/descriptors.h"

static int fill_in_an_empty_root(void)
{
	char root[] = "/tmp/groundwork-XXXXXX";

	REQUIRE(mkdtemp(root) && chdir(root) == 0 && rmdir(root) == 0 &&
		chroot(".") == 0);
	for (int fd = 0; fd <= STDERR_FILENO; fd++)
		(void)close(fd);
	fds_fill_standard();
	for (int fd = 0; fd <= STDERR_FILENO; fd++)
		REQUIRE(fcntl(fd, F_GETFD) == FD_CLOEXEC && write(fd, "", 1) < 0);
	return 0;
}

static void root_they_are_filled_where_there_is_no_dev_null(void **state)
{
	(void)state;
	NEEDS_ROOT();
	assert_int_equal(in_child(fill_in_an_empty_root), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(root_they_are_filled_where_there_is_no_dev_null),
	};

	return cmocka_run_group_tests_name("proc/descriptors", tests, NULL, NULL);
}
