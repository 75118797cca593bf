/* SPDX-License-Identifier: MIT */
/* Who what a step makes belongs to. */
#include "../child.h"
#include "../ground.h"

#include <sched.h>
#include <signal.h>

#include "base/clock.h"
#include "base/stop.h"
#include "step/owner.h"

static const struct field_mode mode = {.mode = 0640, .set = true};

static const struct section section = {.kind = "file", .name = "a", .id = "file:a"};
static const struct step step = {.section = &section, .id = "file:a"};

static void is(struct ctx *ctx, const char *owner, const char *group, bool set,
	const struct fs_attr *expected)
{
	struct access access = {mode, {owner, set && *owner}, {group, set && *group}};
	struct fs_attr attr;
	DECLARE_ERR(err);

	if (owner_attr(&step, ctx, &access, &attr, &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(attr.mode, 0640);
	assert_true(attr.fix_mode);
	assert_int_equal(attr.uid, expected->uid);
	assert_int_equal(attr.gid, expected->gid);
	assert_int_equal(attr.fix_uid, expected->fix_uid);
	assert_int_equal(attr.fix_gid, expected->fix_gid);
}

static void the_step_the_application_the_directory(void **state)
{
	static const struct {
		const char *owner, *group;
		bool set, app;
		struct fs_attr expected;
	} cases[] = {
		{"", "", true, false, {.uid = FS_INHERIT, .gid = (gid_t)FS_INHERIT}},
		{"10002", "", true, false, {.uid = 10002, .gid = 10002, .fix_uid = true}},
		{"10002", "10003", true, false,
			{.uid = 10002, .gid = 10003, .fix_uid = true, .fix_gid = true}},
		{"", "10003", true, false,
			{.uid = FS_INHERIT, .gid = 10003, .fix_gid = true}},
		{"10002:10004", "", true, false,
			{.uid = 10002, .gid = 10004, .fix_uid = true}},
		{"10002", "", false, false, {.uid = 10002, .gid = 10002}},
		{"", "", true, true, {.uid = 10001, .gid = 10009}},
		{"", "10003", true, true, {.uid = 10001, .gid = 10003, .fix_gid = true}},
		{"0", "", true, true, {.uid = 0, .gid = 0, .fix_uid = true}},
	};
	struct log log = {.fd = -1};
	struct ctx ctx = {.log = &log};
	struct access nobody = {mode, {"no-such-user", true}, {"", false}};
	struct fs_attr attr;
	DECLARE_ERR(err);

	(void)state;
	NEEDS_ROOT();
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		ctx.app = (struct identity){
			.set = cases[i].app, .uid = 10001, .gid = 10009};
		is(&ctx, cases[i].owner, cases[i].group, cases[i].set,
			&cases[i].expected);
	}
	assert_int_equal(owner_attr(&step, &ctx, &nobody, &attr, &err), -1);
	says(err.text, "[file:a] owner: there is no user 'no-such-user'");
}

static int ask_as_user(void)
{
	struct access access = {mode, {"10002", true}, {"no-such-user", true}};
	struct log log = {.fd = -1};
	struct ctx ctx = {.log = &log};
	struct identity same = {.set = true, .uid = USER_A, .gid = USER_B};
	DECLARE_ERR(err);
	struct fs_attr attr;

	REQUIRE(become(USER_A) == 0);
	REQUIRE(owner_attr(&step, &ctx, &access, &attr, &err) == 0);
	REQUIRE(attr.uid == FS_INHERIT && !attr.fix_uid && !attr.fix_gid);
	REQUIRE(owner_can_become(&same));
	same.group_set = true;
	REQUIRE(!owner_can_become(&same));
	same.gid = USER_A;
	REQUIRE(owner_can_become(&same));
	same.uid = USER_B;
	REQUIRE(!owner_can_become(&same));
	return 0;
}

static void not_root_nothing_is_given_away(void **state)
{
	struct identity any = {
		.set = true, .uid = USER_A, .gid = USER_A, .group_set = true};

	(void)state;
	NEEDS_ROOT();
	assert_true(owner_can_become(&any));
	assert_int_equal(in_child(ask_as_user), 0);
}

static void hear(void *user, enum log_level level, const char *line)
{
	(void)level;
	(void)line;
	++*(int *)user;
}

static void warns_of_what_the_application_cannot_read(void **state)
{
	static const struct {
		uid_t uid;
		gid_t gid;
		mode_t mode;
		int warnings;
	} cases[] = {
		{0, 0, 0644, 0}, {0, 0, 0640, 1}, {USER_A, 0, 0600, 0},
		{USER_A, 0, 0044, 1}, {0, USER_A, 0640, 0}, {0, USER_A, 0604, 1},
		{0, USER_B, 0640, 0}, /* a group that lists the user */
	};
	const struct fs_attr attr = {.uid = FS_INHERIT, .gid = (gid_t)FS_INHERIT};
	struct arena arena = {0};
	int warnings;
	struct log log = {.fd = -1, .level = LOG_WARN, .sink = hear, .user = &warnings};
	struct stop stop = STOP_INIT;
	struct ctx ctx = {.arena = &arena,
		.stop = &stop,
		.log = &log,
		.app = {.set = true,
			.uid = USER_A,
			.gid = USER_A,
			.groups = (const gid_t[]){USER_A, USER_B},
			.groups_count = 2}};

	(void)state;
	NEEDS_ROOT();
	put("file", "");
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		warnings = 0;
		assert_int_equal(chown(in("file"), cases[i].uid, cases[i].gid), 0);
		assert_int_equal(chmod(in("file"), cases[i].mode), 0);
		owner_warn(&ctx, &attr, in("file"), NULL, false);
		assert_int_equal(warnings, cases[i].warnings);
	}
	arena_release(&arena);
}

/* Stops whatever is that user's in this pid namespace: the one that asks. */
static _Noreturn void stop_others(void)
{
	if (become(USER_A) != 0)
		_exit(1);
	for (;;)
		(void)kill(-1, SIGSTOP);
}

/* Asks until it was stopped while it did. */
static int ask_one_that_is_stopped(void)
{
	struct identity user = {.set = true, .uid = USER_A, .gid = USER_A};
	int64_t until_ms = clock_ms() + 20000;
	struct stop stop = STOP_INIT;
	DECLARE_ERR(err);
	pid_t pid = fork();
	int rc;

	if (pid == 0)
		stop_others();
	do {
		stop.deadline_ms = clock_ms() + 100;
		rc = owner_access(&user, AT_FDCWD, "/", X_OK, &stop, &err);
	} while (rc == 1 && clock_ms() < until_ms);
	REQUIRE(rc < 0);
	REQUIRE(strstr(err.text, "the deadline has passed"));
	return 0; /* of PID 1: the other one is killed */
}

static int in_a_pid_namespace(void)
{
	int status;
	pid_t pid;

	if (unshare(CLONE_NEWPID) < 0)
		return SKIPPED;
	pid = fork();
	if (pid == 0) {
		(void)alarm(60);
		_exit(ask_one_that_is_stopped());
	}
	REQUIRE(waitpid(pid, &status, 0) == pid && WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void who_is_stopped_while_asking_keeps_nobody(void **state)
{
	(void)state;
	NEEDS_ROOT();
	CHILD_OR_SKIP(in_a_pid_namespace, "no pid namespace can be made here");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(the_step_the_application_the_directory),
		UNIT(not_root_nothing_is_given_away),
		UNIT(warns_of_what_the_application_cannot_read),
		UNIT(who_is_stopped_while_asking_keeps_nobody),
	};

	return cmocka_run_group_tests_name("step/owner", tests, NULL, NULL);
}
