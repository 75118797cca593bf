/* SPDX-License-Identifier: MIT */
/* Walking to a destination: other users, links, loops, missing directories. */
#include "../child.h"
#include "../directory.h"
#include "base/err.h"
#include "base/fs.h"

#include "disk.h"

#include <sched.h>

/* Does the walk end in the directory `dir`, at `name`? */
static void walk_ends(const char *path, const char *dir, const char *name)
{
	CLEANUP_ENTRY struct fs_entry entry = FS_ENTRY_INIT;
	DECLARE_ERR(err);
	struct stat got, expected;

	if (fs_walk(disk(), path, &entry, &err) != 0)
		fail_msg("%s: %s", path, err.text);
	assert_int_equal(fstat(entry.dirfd, &got), 0);
	assert_int_equal(stat(dir, &expected), 0);
	assert_int_equal(got.st_ino, expected.st_ino);
	assert_int_equal(got.st_dev, expected.st_dev);
	assert_string_equal(entry.name, name);
}

static void walk_fails(const char *path, int code, const char *text)
{
	struct fs_entry entry = FS_ENTRY_INIT;
	DECLARE_ERR(err);

	assert_int_equal(fs_walk(disk(), path, &entry, &err), -1);
	assert_int_equal(err.code, code);
	if (!strstr(err.text, text))
		fail_msg("'%s' does not say '%s'", err.text, text);
	assert_int_equal(entry.dirfd, -1);
}

static void walks_directories_and_links(void **state)
{
	static const struct {
		const char *path, *dir, *name;
	} cases[] = {
		{"a/b/file", "a/b", "file"},
		{"a//b///file", "a/b", "file"},
		{"./a/./b/./file", "a/b", "file"},
		{"a/b/file/", "a/b", "file"},
		{"a/b/../c", "a", "c"},
		{"a/b/../../x", "", "x"},
		{"relative/file", "a/b", "file"},
		{"absolute/file", "a/b", "file"},
		{"twice/file", "a/b", "file"},
		{"relative/../y", "a", "y"}, /* of the target, not of the link */
		{"up/z", "", "z"},
		{"a/b/gone", "a/b", "gone"},
		{"relative", "", "relative"}, /* the last one is not followed */
		{"dangling", "", "dangling"},
	};

	(void)state;
	make_dir("a", 0, 0755);
	make_dir("a/b", 0, 0755);
	put_link("relative", "a/b", 0);
	put_link("absolute", in("a/b"), 0);
	put_link("twice", "relative", 0);
	put_link("up", "a/..//", 0);
	put_link("dangling", "nothing", 0);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		walk_ends(in(cases[i].path), in(cases[i].dir), cases[i].name);
	walk_ends("/x", "/", "x");
	walk_ends("///..//x", "/", "x");
}

static void says_what_is_no_destination(void **state)
{
	(void)state;
	walk_fails("a/b", 0, "not an absolute path");
	walk_fails("", 0, "not an absolute path");
	walk_fails("/", 0, "does not name an object");
	walk_fails("//", 0, "does not name an object");
	walk_fails("/..", 0, "does not name an object");
	walk_fails("/tmp/.", 0, "does not name an object");
	put("file", "");
	walk_fails(in("file/x"), ENOTDIR, "'file' on the way is a file, not a directory");
	put_link("link", "file", 0);
	walk_fails(in("link/x"), ENOTDIR, "'file' on the way is a file");
}

static void a_missing_directory_is_no_error(void **state)
{
	struct fs_entry entry = FS_ENTRY_INIT;
	DECLARE_ERR(err);
	struct stat st;

	(void)state;
	put_link("dangling", "nothing", 0);
	assert_int_equal(fs_walk(disk(), in("none/x"), &entry, &err), 1);
	assert_int_equal(fs_walk(disk(), in("dangling/x"), &entry, &err), 1);
	assert_int_equal(fs_lookup(disk(), in("none/x"), FS_ANY, &st, &err), 1);
	assert_int_equal(fs_lookup(disk(), in("none"), FS_ANY, &st, &err), 1);
	assert_int_equal(fs_lookup(disk(), in("dangling"), FS_ANY, &st, &err), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal(entry.dirfd, -1);
	assert_int_equal(err.kind, ERR_NONE);
}

static void ends_in_a_loop_of_links(void **state)
{
	char name[32], target[32];

	(void)state;
	put_link("self", "self", 0);
	walk_fails(in("self/x"), ELOOP, "Too many levels");
	put_link("ping", "pong", 0);
	put_link("pong", "ping/..", 0);
	walk_fails(in("ping/x"), ELOOP, "Too many levels");
	make_dir("l0", 0, 0755);
	for (int i = 1; i <= 41; i++) {
		(void)snprintf(name, sizeof name, "l%d", i);
		(void)snprintf(target, sizeof target, "l%d", i - 1);
		put_link(name, target, 0);
	}
	walk_ends(in("l40/x"), in("l0"), "x");
	walk_fails(in("l41/x"), ELOOP, "Too many levels");
}

static void refuses_what_is_too_long(void **state)
{
	char name[NAME_MAX + 2], path[PATH_MAX + 16], target[PATH_MAX];

	(void)state;
	memset(name, 'n', NAME_MAX + 1);
	name[NAME_MAX + 1] = '\0';
	walk_fails(in(name), ENAMETOOLONG, "too long");
	name[NAME_MAX] = '\0';
	walk_ends(in(name), directory, name);
	memset(path, '/', sizeof path);
	path[sizeof path - 1] = '\0';
	walk_fails(path, ENAMETOOLONG, "too long");
	/* Each fits, and what the link makes of them does not. */
	memset(target, '/', sizeof target);
	target[0] = '.';
	target[PATH_MAX - 200] = '\0';
	put_link("long", target, 0);
	(void)snprintf(path, sizeof path, "%s/long/%0250d", directory, 1);
	walk_fails(path, ENAMETOOLONG, "too long");
}

static void makes_missing_directories(void **state)
{
	CLEANUP_ENTRY struct fs_entry entry = FS_ENTRY_INIT;
	DECLARE_ERR(err);
	mode_t mask = umask(077);

	(void)state;
	assert_int_equal(fs_walk_make(disk(), in("a/b/c/file"), &entry, &err), 0);
	(void)umask(mask);
	mode_is("a", 0755);
	mode_is("a/b/c", 0755);
	assert_false(exists("a/b/c/file"));
	fs_entry_release(&entry);
	assert_int_equal(fs_walk_make(disk(), in("a/b/c/file"), &entry, &err), 0);
	fs_entry_release(&entry);
	put_link("dangling", "a/target", 0);
	assert_int_equal(fs_walk_make(disk(), in("dangling/x"), &entry, &err), 0);
	assert_true(S_ISDIR(stat_of("a/target").st_mode));
}

/*
 * root/          root's, with links
 *   a/           user A's
 *     own/       A's         roots/   root's        bs/   user B's
 */
static void two_users(void)
{
	make_dir("root", 0, 0755);
	make_dir("root/a", USER_A, 0755);
	make_dir("root/a/own", USER_A, 0755);
	make_dir("root/a/roots", 0, 0755);
	make_dir("root/a/bs", USER_B, 0755);
	put_link("root/rootlink", "a/own", 0);
	put_link("root/userlink", "a/own", USER_A);
	put_link("root/userlink-to-root", "../root", USER_A);
	put_link("root/userlink-to-here", ".", USER_A);
	put_link("root/a/rootlink", "own", 0);
	put_link("root/a/link", "own", USER_A);
	put_link("root/a/absolute", in("root/a/own"), USER_A);
}

static const struct {
	const char *path;
	bool allowed;
} hops[] = {
	{"root/x", true},
	{"root/a/x", true},
	{"root/a/own/x", true},
	{"root/a/link/x", false}, /* where it leads is theirs to say */
	{"root/a/link/../x", false},
	{"root/rootlink/x", true},
	{"root/a/roots", true}, /* the last component is looked at, not walked through */
	{"root/a/roots/x", false},
	{"root/a/bs/x", false},
	{"root/userlink/x", false},
	{"root/userlink-to-root/x", false},
	{"root/userlink-to-here/x", false},
	{"root/a/rootlink/x", false}, /* A could have put it there, or moved it */
	{"root/a/absolute/x", false}, /* its way begins at "/" */
	{"root/a/../x", false},
};

static void root_does_not_hop_between_users(void **state)
{
	(void)state;
	NEEDS_ROOT();
	two_users();
	for (size_t i = 0; i < sizeof hops / sizeof *hops; i++) {
		CLEANUP_ENTRY struct fs_entry entry = FS_ENTRY_INIT;
		DECLARE_ERR(err);
		int rc = fs_walk(disk(), in(hops[i].path), &entry, &err);

		if (rc != (hops[i].allowed ? 0 : -1))
			fail_msg("%s: %d %s", hops[i].path, rc, err.text);
		if (!hops[i].allowed)
			assert_non_null(strstr(err.text, "unsafe path"));
	}
	walk_fails(in("root/a/roots/x"), ELOOP,
		"'roots' belongs to user 0, and what leads to it is controlled by user "
		"10001");
	walk_fails(in("root/a/bs/x"), ELOOP, "'bs' belongs to user 10002");
}

static int user_walks_everywhere(void)
{
	REQUIRE(become(USER_A) == 0);
	for (size_t i = 0; i < sizeof hops / sizeof *hops; i++) {
		CLEANUP_ENTRY struct fs_entry entry = FS_ENTRY_INIT;
		DECLARE_ERR(err);

		REQUIRE(fs_walk(disk(), in(hops[i].path), &entry, &err) == 0);
	}
	return 0;
}

static void not_root_the_kernel_is_the_judge(void **state)
{
	(void)state;
	NEEDS_ROOT();
	two_users();
	assert_int_equal(in_child(user_walks_everywhere), 0);
}

static void roots_new_directories_belong_to_the_owner_of_theirs(void **state)
{
	CLEANUP_ENTRY struct fs_entry entry = FS_ENTRY_INIT;
	DECLARE_ERR(err);

	(void)state;
	NEEDS_ROOT();
	two_users();
	assert_int_equal(fs_walk_make(disk(), in("root/a/n1/n2/x"), &entry, &err), 0);
	owner_is("root/a/n1", USER_A, USER_A);
	owner_is("root/a/n1/n2", USER_A, USER_A);
	mode_is("root/a/n1/n2", 0755);
	assert_int_equal(entries("root/a/n1"), 1); /* no temporary stays */
	walk_ends(in("root/a/n1/n2/x"), in("root/a/n1/n2"), "x");
}

static int write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return -1;
	n = write(fd, text, strlen(text));
	(void)close(fd);
	return n < 0 ? -1 : 0;
}

/* Root of a namespace in which the true root is nobody: "/" belongs to nobody. */
static int walk_in_user_namespace(void)
{
	CLEANUP_ENTRY struct fs_entry entry = FS_ENTRY_INIT;
	DECLARE_ERR(err);

	REQUIRE(become(USER_A) == 0);
	REQUIRE(prctl(PR_SET_DUMPABLE, 1) == 0);
	if (unshare(CLONE_NEWUSER) < 0)
		return SKIPPED;
	if (write_file("/proc/self/setgroups", "deny") < 0 ||
		write_file("/proc/self/uid_map", "0 10001 1") < 0)
		return SKIPPED;
	REQUIRE(geteuid() == 0);
	REQUIRE(fs_walk(disk(), in("root/a/own/x"), &entry, &err) == 0);
	fs_entry_release(&entry);
	REQUIRE(fs_walk(disk(), in("root/rootlink/x"), &entry, &err) == 0);
	fs_entry_release(&entry);
	REQUIRE(fs_walk(disk(), in("root/a/bs/x"), &entry, &err) ==
		0); /* from us to another */
	return 0;
}

static void the_owner_of_the_top_counts_as_root(void **state)
{
	(void)state;
	NEEDS_ROOT();
	two_users();
	CHILD_OR_SKIP(walk_in_user_namespace, "no user namespaces here");
}

static int make_in_closed_directory(void)
{
	CLEANUP_ENTRY struct fs_entry entry = FS_ENTRY_INIT;
	DECLARE_ERR(err);

	REQUIRE(become(USER_B) == 0);
	REQUIRE(fs_walk_make(disk(), in("root/a/new/x"), &entry, &err) == -1);
	REQUIRE(err.code == EACCES);
	REQUIRE(strstr(err.text, "belongs to 10001:10001 with mode 0755") != NULL);
	REQUIRE(strstr(err.text, "we are 10002:10002") != NULL);
	return 0;
}

static void names_who_owns_what_may_not_be_written(void **state)
{
	(void)state;
	NEEDS_ROOT();
	two_users();
	assert_int_equal(in_child(make_in_closed_directory), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(walks_directories_and_links),
		UNIT(says_what_is_no_destination),
		UNIT(a_missing_directory_is_no_error),
		UNIT(ends_in_a_loop_of_links),
		UNIT(refuses_what_is_too_long),
		UNIT(makes_missing_directories),
		UNIT(root_does_not_hop_between_users),
		UNIT(not_root_the_kernel_is_the_judge),
		UNIT(roots_new_directories_belong_to_the_owner_of_theirs),
		UNIT(the_owner_of_the_top_counts_as_root),
		UNIT(names_who_owns_what_may_not_be_written),
	};

	return cmocka_run_group_tests_name("base/fs_walk", tests, NULL, NULL);
}
