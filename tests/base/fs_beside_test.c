/* SPDX-License-Identifier: MIT */
/* What is published beside a file: the list of it, and what a killed process left. */
#include <sys/inotify.h>

#include "../directory.h"
#include "base/err.h"
#include "base/fs_beside.h"
#include "base/stop.h"

#include "fs_child.h"

static struct fs_beside_file half(void)
{
	struct fs_beside_file file = {.ending = ".pub", .size = 4};

	crypto_digest("half", 4, file.digest);
	return file;
}

/* "d/id", of which a test asks. */
struct pair {
	struct fs_entry entry;
	struct fs_beside_place place;
};

static void open_pair(struct pair *pair)
{
	struct fs *fs = disk();
	DECLARE_ERR(err);

	assert_int_equal(fs_walk(fs, in("d/id"), &pair->entry, &err), 0);
	pair->place = (struct fs_beside_place){fs, &pair->entry, in("d/id"), NULL};
}

static int begin(const struct pair *pair, struct fs_stage *list, struct err *err)
{
	struct fs_beside_file file = half();
	struct stop past = {.fd = -1, .deadline_ms = 1};

	return fs_beside_begin(&pair->place, &file, 1, &past, list, err);
}

/* As a process does that is killed behind it. */
static void leave_list(const struct pair *pair)
{
	CLEANUP_STAGE struct fs_stage list = FS_STAGE_INIT;
	DECLARE_ERR(err);

	if (begin(pair, &list, &err) != 0)
		fail_msg("%s", err.text);
	assert_true(exists("d/.id.groundwork-beside"));
	mode_is("d/.id.groundwork-beside", 0600);
}

static void what_a_killed_process_left_is_removed(void **state)
{
	static const struct {
		const char *name, *text;
		bool removed;
	} cases[] = {
		{"d/id.pub", "half", true},
		{"d/id.pub", "hall", false},
		{"d/id.pub", "halfs", false},
		{"d/id.pub", "", false},
		{"d/id.crt", "half", false},
		{"d/other.pub", "half", false},
	};
	struct pair pair;
	DECLARE_ERR(err);

	(void)state;
	make_dir("d", 0, 0755);
	open_pair(&pair);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		leave_list(&pair);
		put(cases[i].name, cases[i].text);
		assert_int_equal(fs_beside_heal(&pair.place, &err), 0);
		if (exists(cases[i].name) == cases[i].removed)
			fail_msg("case %zu", i);
		assert_false(exists("d/.id.groundwork-beside"));
		(void)unlink(in(cases[i].name));
	}
	fs_entry_release(&pair.entry);
}

static void of_a_file_that_exists_the_list_alone_goes(void **state)
{
	struct pair pair;
	DECLARE_ERR(err);

	(void)state;
	make_dir("d", 0, 0755);
	open_pair(&pair);
	leave_list(&pair);
	put("d/id.pub", "half");
	put("d/id", "whole");
	assert_int_equal(fs_beside_heal(&pair.place, &err), 0);
	assert_int_equal(entries("d"), 2);
	text_is("d/id.pub", "half");
	fs_entry_release(&pair.entry);
}

static void what_is_no_file_is_not_removed(void **state)
{
	struct pair pair;
	DECLARE_ERR(err);

	(void)state;
	make_dir("d", 0, 0755);
	put("half", "half");
	open_pair(&pair);
	leave_list(&pair);
	put_link("d/id.pub", "../half", 0);
	assert_int_equal(fs_beside_heal(&pair.place, &err), 0);
	assert_true(exists("d/id.pub"));
	assert_int_equal(unlink(in("d/id.pub")), 0);
	leave_list(&pair);
	assert_int_equal(mkfifo(in("d/id.pub"), 0600), 0);
	assert_int_equal(fs_beside_heal(&pair.place, &err), 0);
	assert_true(exists("d/id.pub"));
	text_is("half", "half");
	fs_entry_release(&pair.entry);
}

static void a_list_that_is_in_use_is_left(void **state)
{
	CLEANUP_STAGE struct fs_stage list = FS_STAGE_INIT;
	CLEANUP_STAGE struct fs_stage second = FS_STAGE_INIT;
	struct pair pair;
	DECLARE_ERR(err);

	(void)state;
	make_dir("d", 0, 0755);
	open_pair(&pair);
	assert_int_equal(begin(&pair, &list, &err), 0);
	put("d/id.pub", "half");
	assert_int_equal(fs_beside_heal(&pair.place, &err), 0);
	assert_true(exists("d/id.pub"));
	assert_true(exists("d/.id.groundwork-beside"));
	assert_int_equal(begin(&pair, &second, &err), -1);
	assert_string_equal(err.text, "the deadline has passed");
	assert_true(exists("d/.id.groundwork-beside"));
	fs_beside_end(&list);
	assert_false(exists("d/.id.groundwork-beside"));
	text_is("d/id.pub", "half");
	fs_entry_release(&pair.entry);
}

static void a_list_that_was_left_makes_way(void **state)
{
	CLEANUP_STAGE struct fs_stage list = FS_STAGE_INIT;
	struct pair pair;
	DECLARE_ERR(err);

	(void)state;
	make_dir("d", 0, 0755);
	open_pair(&pair);
	leave_list(&pair);
	put("d/id.pub", "half");
	pair.place.path = in("d/id");
	assert_int_equal(fs_beside_begin(&pair.place, (struct fs_beside_file[]){half()},
				 1, &(struct stop)STOP_INIT, &list, &err),
		0);
	assert_false(exists("d/id.pub"));
	fs_beside_end(&list);
	put("d/id", "whole");
	fs_stage_release(&list);
	list = (struct fs_stage)FS_STAGE_INIT;
	assert_int_equal(begin(&pair, &list, &err), 1);
	assert_int_equal(entries("d"), 1);
	fs_entry_release(&pair.entry);
}

/*
 * Has the list, says so, and publishes the file once another process has staged its own
 * list, and so has looked for the file before.
 */
static int publish_first(const struct pair *pair, int ready)
{
	CLEANUP_STAGE struct fs_stage list = FS_STAGE_INIT;
	char event[sizeof(struct inotify_event) + NAME_MAX + 1];
	int watch = inotify_init1(IN_CLOEXEC);
	DECLARE_ERR(err);

	REQUIRE(begin(pair, &list, &err) == 0);
	REQUIRE(watch >= 0 && inotify_add_watch(watch, in("d"), IN_CREATE) >= 0);
	REQUIRE(write(ready, "", 1) == 1);
	REQUIRE(read(watch, event, sizeof event) > 0);
	put("d/id", "whole");
	fs_beside_end(&list);
	return 0;
}

static void who_waited_for_the_list_looks_for_the_file_again(void **state)
{
	CLEANUP_STAGE struct fs_stage list = FS_STAGE_INIT;
	struct fs_beside_file file = half();
	struct pair pair;
	int ready[2], status;
	char byte;
	pid_t pid;
	DECLARE_ERR(err);

	(void)state;
	make_dir("d", 0, 0755);
	open_pair(&pair);
	assert_int_equal(pipe(ready), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		_exit(publish_first(&pair, ready[1]));
	assert_int_equal(read(ready[0], &byte, 1), 1);
	assert_int_equal(fs_beside_begin(&pair.place, &file, 1, &(struct stop)STOP_INIT,
				 &list, &err),
		1);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_false(exists("d/.id.groundwork-beside"));
	assert_int_equal(close(ready[0]) + close(ready[1]), 0);
	fs_entry_release(&pair.entry);
}

/* Of whatever. */
#define DIGEST "6aa1bc1d7b5d6b5a60b5bb8f0a8f4d1b4ac5c5b5e0d0a1d5c1d3a9b3c5d7e9f1"

static void a_list_is_taken_apart_strictly(void **state)
{
	static const char *const texts[] = {
		"\n",
		"2e707562",
		"2e707562 4 " DIGEST,
		"2e707562 4 " DIGEST "\n\n",
		"2e707562 -4 " DIGEST "\n",
		"2e707562 4 " DIGEST "00\n",
		"2e707562 4  " DIGEST "\n",
		"2e707562 99999999999999999999 " DIGEST "\n",
		" 4 " DIGEST "\n",
		"zz 4 " DIGEST "\n",
		"2f2e2e2f78 4 " DIGEST "\n", /* "/../x" */
		"2e00 4 " DIGEST "\n",
		".pub 4 " DIGEST "\n",
	};
	struct pair pair;

	(void)state;
	make_dir("d", 0, 0755);
	put("x", "half");
	open_pair(&pair);
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		DECLARE_ERR(err);

		put("d/.id.groundwork-beside", texts[i]);
		if (fs_beside_heal(&pair.place, &err) != -1 ||
			!strstr(err.text, "is not the list of what a killed start made"))
			fail_msg("case %zu: %s", i, err.text);
		assert_true(exists("d/.id.groundwork-beside"));
	}
	assert_true(exists("x"));
	put("d/.id.groundwork-beside", "2e707562 4 " DIGEST "\n");
	assert_int_equal(fs_beside_heal(&pair.place, &(struct err){0}), 0);
	assert_false(exists("d/.id.groundwork-beside"));
	fs_entry_release(&pair.entry);
}

static void heals_not(const struct pair *pair, const char *text)
{
	DECLARE_ERR(err);

	assert_int_equal(fs_beside_heal(&pair->place, &err), -1);
	if (!strstr(err.text, text))
		fail_msg("%s: not %s", err.text, text);
	assert_true(exists("d/id.pub"));
	assert_true(exists("d/.id.groundwork-beside"));
}

static void a_list_of_others_is_no_list(void **state)
{
	struct pair pair;

	(void)state;
	NEEDS_ROOT();
	make_dir("d", USER_A, 0755);
	open_pair(&pair);
	leave_list(&pair);
	put("d/id.pub", "half");
	assert_int_equal(link(in("d/.id.groundwork-beside"), in("d/second")), 0);
	heals_not(&pair, "has 2 hard links");
	assert_int_equal(unlink(in("d/second")), 0);
	assert_int_equal(chown(in("d/.id.groundwork-beside"), USER_A, 0), 0);
	heals_not(&pair, "belongs to user 10001");
	assert_int_equal(unlink(in("d/.id.groundwork-beside")), 0);
	put_link("d/.id.groundwork-beside", "second", 0);
	heals_not(&pair, "is a symbolic link, not a file of ours");
	assert_int_equal(unlink(in("d/.id.groundwork-beside")), 0);
	assert_int_equal(mkfifo(in("d/.id.groundwork-beside"), 0600), 0);
	heals_not(&pair, "is a pipe, not a file of ours");
	fs_entry_release(&pair.entry);
}

/* From now on a file cannot be locked, as on some network file systems. */
static int deny_locks(void)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_fcntl, 0, 3),
		BPF_STMT(
			BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[1])),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, F_OFD_SETLK, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOLCK),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};

	return filter_install(filter, sizeof filter / sizeof *filter) < 0 ? SKIPPED : 0;
}

static int heal_without_locks(void)
{
	CLEANUP_STAGE struct fs_stage list = FS_STAGE_INIT;
	struct pair pair;
	DECLARE_ERR(err);

	open_pair(&pair);
	MUST(deny_locks());
	REQUIRE(begin(&pair, &list, &err) == 0);
	fs_beside_end(&list);
	leave_list(&pair);
	REQUIRE(fs_beside_heal(&pair.place, &err) == 0);
	REQUIRE(exists("d/.id.groundwork-beside") && exists("d/id.pub"));
	age("d/.id.groundwork-beside", 120);
	REQUIRE(fs_beside_heal(&pair.place, &err) == 0);
	fs_entry_release(&pair.entry);
	return 0;
}

static void without_locks_a_list_is_left_for_a_minute(void **state)
{
	(void)state;
	make_dir("d", 0, 0755);
	put("d/id.pub", "half");
	CHILD_OR_SKIP(heal_without_locks, "no system call filters here");
	assert_int_equal(entries("d"), 0);
}

/* The lock of a process on another host may not be seen. */
static int heal_on_a_server(void)
{
	struct pair pair;
	DECLARE_ERR(err);

	open_pair(&pair);
	leave_list(&pair);
	MUST(deny(SYS_fstatfs, ENOSYS));
	REQUIRE(fs_beside_heal(&pair.place, &err) == 0);
	REQUIRE(exists("d/.id.groundwork-beside") && exists("d/id.pub"));
	age("d/.id.groundwork-beside", 120);
	REQUIRE(fs_beside_heal(&pair.place, &err) == 0);
	fs_entry_release(&pair.entry);
	return 0;
}

static void on_a_server_a_new_list_may_be_in_use(void **state)
{
	(void)state;
	make_dir("d", 0, 0755);
	put("d/id.pub", "half");
	CHILD_OR_SKIP(heal_on_a_server, "no system call filters here");
	assert_int_equal(entries("d"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(what_a_killed_process_left_is_removed),
		UNIT(of_a_file_that_exists_the_list_alone_goes),
		UNIT(what_is_no_file_is_not_removed),
		UNIT(a_list_that_is_in_use_is_left),
		UNIT(a_list_that_was_left_makes_way),
		UNIT(who_waited_for_the_list_looks_for_the_file_again),
		UNIT(a_list_is_taken_apart_strictly),
		UNIT(a_list_of_others_is_no_list),
		UNIT(on_a_server_a_new_list_may_be_in_use),
		UNIT(without_locks_a_list_is_left_for_a_minute),
	};

	return cmocka_run_group_tests_name("base/fs_beside", tests, NULL, NULL);
}
