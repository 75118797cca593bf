/* SPDX-License-Identifier: MIT */
/* What root runs: nothing that others can write or exchange. */
#include "../directory.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/fs_may_run.h"

#include "disk.h"

static void may(const char *name, uid_t user, int expected, const char *text)
{
	struct stat st;
	DECLARE_ERR(err);
	int rc = fs_may_run(disk(), in(name), user, &st, &err);

	if (rc != expected || (text && !strstr(err.text, text)))
		fail_msg("%s as %u: %d '%s'", name, user, rc, err.text);
}

static void put_script(const char *name, uid_t owner, mode_t mode)
{
	put(name, "#!/bin/sh\n");
	assert_int_equal(chown(in(name), owner, owner), 0);
	assert_int_equal(chmod(in(name), mode), 0);
}

static void a_file_is_run_that_root_or_its_user_can_write(void **state)
{
	static const struct {
		uid_t owner;
		mode_t mode;
		uid_t user;
		const char *text; /* NULL: it may */
	} cases[] = {
		{0, 0755, 0, NULL},
		{0, 0700, USER_A, NULL},
		{USER_A, 0755, USER_A, NULL},
		{USER_A, 0755, 0,
			"' (10001:10001, 0755) can be changed by its owner, user 10001"},
		{USER_A, 0700, USER_B, "it would be run as user 10002"},
		{0, 0775, 0, "can be changed by group 0"},
		{0, 0757, USER_A, "can be changed by everybody"},
		{USER_A, 0775, USER_A, "can be changed by group 10001"},
	};

	(void)state;
	NEEDS_ROOT();
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		put_script("script", cases[i].owner, cases[i].mode);
		may("script", cases[i].user, cases[i].text ? -1 : 0, cases[i].text);
	}
	may("missing", 0, 1, NULL);
	may("missing/x", 0, 1, NULL);
}

static void a_directory_is_one_that_nobody_adds_to(void **state)
{
	(void)state;
	NEEDS_ROOT();
	make_dir("roots", 0, 0755);
	make_dir("users", USER_A, 0755);
	make_dir("sticky", 0, 01777);
	may("roots", 0, 0, NULL);
	may("users", USER_A, 0, NULL);
	may("users", 0, -1, "what is in it would be run as user 0");
	may("sticky", 0, -1, "can be changed by everybody");
}

static void who_controls_the_path_controls_the_file(void **state)
{
	(void)state;
	NEEDS_ROOT();
	make_dir("users", USER_A, 0755);
	make_dir("users/roots", 0, 0755);
	make_dir("open", 0, 0777);
	make_dir("sticky", 0, 01777);
	put_script("users/roots/script", 0, 0755);
	put_script("open/script", 0, 0755);
	put_script("sticky/script", 0, 0755);
	put_script("script", 0, 0755);
	may("users/roots/script", USER_A, 0, NULL);
	may("users/roots/script", 0, -1,
		"user 10001, who can exchange a directory or link");
	may("open/script", 0, -1, "others, who can exchange a directory or link");
	may("sticky/script", 0, 0, NULL);
	assert_int_equal(symlink("../script", in("sticky/link")), 0);
	may("sticky/link", 0, 0, NULL);
	assert_int_equal(lchown(in("sticky/link"), USER_A, USER_A), 0);
	may("sticky/link", 0, -1, "user 10001, who can exchange a directory or link");
	assert_int_equal(symlink("nowhere", in("dangling")), 0);
	may("dangling", 0, 1, NULL);
}

static void without_privileges_the_kernel_decides(void **state)
{
	struct fs fs = FS_INIT;
	struct stat st;
	DECLARE_ERR(err);

	(void)state;
	put("script", "#!/bin/sh\n");
	assert_int_equal(chmod(in("script"), 0777), 0);
	fs_begin(&fs);
	fs.guarded = false;
	assert_int_equal(fs_may_run(&fs, in("script"), 0, &st, &err), 0);
	assert_int_equal(st.st_mode & 07777, 0777);
	assert_int_equal(fs_may_run(&fs, in("missing"), 0, &st, &err), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(a_file_is_run_that_root_or_its_user_can_write),
		UNIT(a_directory_is_one_that_nobody_adds_to),
		UNIT(who_controls_the_path_controls_the_file),
		UNIT(without_privileges_the_kernel_decides),
	};

	return cmocka_run_group_tests_name("base/fs_may_run", tests, NULL, NULL);
}
