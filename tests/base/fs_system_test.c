/* SPDX-License-Identifier: MIT */
/* Which file system a type is. */
#include "base/fs_system.h"

#include <errno.h>
#include <fcntl.h>

#include "base/fd.h"
#include "../unit.h"

static void file_systems_are_known_by_their_type(void **state)
{
	static const struct {
		unsigned long type;
		const char *name;
		enum fs_system_class class;
	} cases[] = {
		{0x6969, "nfs", FS_SYSTEM_NETWORK},
		{0xff534d42, "cifs", FS_SYSTEM_NETWORK},
		{(unsigned long)(int)0xff534d42, "cifs", FS_SYSTEM_NETWORK},
		{0x65735546, "fuse", FS_SYSTEM_EITHER},
		{0xef53, "ext4", FS_SYSTEM_LOCAL},
		{0x01021994, "tmpfs", FS_SYSTEM_LOCAL},
		{0x794c7630, "overlayfs", FS_SYSTEM_LOCAL},
		{0x63677270, "cgroup2", FS_SYSTEM_KERNELS},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct fs_system *system = fs_system_of(cases[i].type);

		assert_non_null(system);
		assert_string_equal(system->name, cases[i].name);
		assert_int_equal(system->class, cases[i].class);
	}
	assert_null(fs_system_of(1));
}

static void that_of_a_file_is_known(void **state)
{
	CLEANUP_FD int fd = open("/proc/self", O_RDONLY | O_CLOEXEC);

	(void)state;
	assert_string_equal(fs_system_at(fd)->name, "proc");
	assert_null(fs_system_at(-1));
	assert_int_equal(errno, EBADF);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(file_systems_are_known_by_their_type),
		cmocka_unit_test(that_of_a_file_is_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
