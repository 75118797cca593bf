/* SPDX-License-Identifier: MIT */
/* Users and groups: good and bad specifications, and becoming them. */
#include <fcntl.h>
#include <grp.h>
#include <linux/securebits.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../unit.h"
#include "base/err.h"
#include "base/mem.h"
#include "proc/identity.h"

#include "../shown.h"

static const char passwd_text[] = "root:x:0:0:root:/root:/bin/sh\n"
				  "app:x:1000:1001:,,,:/home/app:/bin/sh\n"
				  "# a comment\n"
				  "broken:x:nonsense:1:::\n"
				  "4711:x:2000:2000::/home/digits:\n"
				  "homeless:x:1500:1500:::\n"
				  "twin:x:1000:1002::/home/twin:\n"
				  "minus:x:4294967295:4294967295::/:\n"
				  "unset:x:${UNSET}:${UNSET}::/:\n"
				  "empty:x:::::\n"
				  "wide:x:4294967296:0::/:\n"
				  "blank:x: 1000:1000::/:\n"
				  "sign:x:+5:5::/:\n"
				  "minus1:x:5:-1::/:\n"
				  "halfway:x:1600:${UNSET}::/:\n"
				  "short:x:1700\n"
				  "bare\n"
				  "twice:x:nonsense:1::/:\n"
				  "twice:x:1800:1800::/:\n"
				  "+::::::\n"
				  "-app::::::\n";
static const char group_text[] = "root:x:0:\n"
				 "app:x:1001:\n"
				 "video:x:44:other,app\n"
				 "audio:x:29:app,other\n"
				 "lonely:x:50:other\n"
				 "comma:x:51:,other\n"
				 "0815:x:3000:\n"
				 "minus:x:4294967295:other\n"
				 "broken:x:${UNSET}:other\n"
				 "last:x:60:app\n";

/* An image's, as gosu's own tests have it. */
static const char image_passwd_text[] = "root:x:0:0:root:/root:/bin/sh\n"
					"daemon:x:2:2:daemon:/sbin:/sbin/nologin\n"
					"games:x:35:35:games:/usr/games:/sbin/nologin\n";
static const char image_group_text[] = "root:x:0:root\n"
				       "daemon:x:2:root2,nobody\n"
				       "wheel:x:10:root,nobody\n"
				       "floppy:x:20:root\n"
				       "games:x:35:nobody\n"
				       "users:x:100:games,nobody\n";

static char passwd_path[128], group_path[128];
static char image_passwd_path[128], image_group_path[128];
static struct identity_files files = {passwd_path, group_path};
static struct identity_files image = {image_passwd_path, image_group_path};
static struct arena arena = {0};
static const struct identity_files none = {"/nowhere/passwd", "/nowhere/group"};

static int write_file(char *path, size_t size, const char *text)
{
	int fd;

	snprintf(path, size, "%s/identity-XXXXXX",
		getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
	fd = mkstemp(path);
	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text) ||
		fchmod(fd, 0644) < 0)
		return -1;
	return close(fd);
}

static int make_files(void **state)
{
	(void)state;
	if (write_file(passwd_path, sizeof passwd_path, passwd_text) < 0 ||
		write_file(group_path, sizeof group_path, group_text) < 0 ||
		write_file(image_passwd_path, sizeof image_passwd_path,
			image_passwd_text) < 0)
		return -1;
	return write_file(image_group_path, sizeof image_group_path, image_group_text);
}

static int remove_files(void **state)
{
	(void)state;
	arena_release(&arena);
	return unlink(passwd_path) == 0 && unlink(group_path) == 0 &&
			unlink(image_passwd_path) == 0 && unlink(image_group_path) == 0
		? 0
		: -1;
}

static void good_specifications(void **state)
{
	static const struct {
		const char *user, *group, *groups;
		uid_t uid;
		gid_t gid;
		const char *name, *home;
	} cases[] = {
		{"root", "", "0", 0, 0, "root", "/root"},
		{"0", "", "0", 0, 0, "root", "/root"},
		{"app", "", "29 44 60 1001", 1000, 1001, "app", "/home/app"},
		{"1000", "", "29 44 60 1001", 1000, 1001, "app", "/home/app"},
		{"app", "video", "44", 1000, 44, "app", "/home/app"},
		{"app:video", "", "44", 1000, 44, "app", "/home/app"},
		{"app:0", "", "0", 1000, 0, "app", "/home/app"},
		{"1000:44", "", "44", 1000, 44, "app", "/home/app"},
		{"0:0", "", "0", 0, 0, "root", "/root"},
		{"1000", "12345", "12345", 1000, 12345, "app", "/home/app"},
		{"54321", "", "54321", 54321, 54321, "", "/"},
		{"54321:audio", "", "29", 54321, 29, "", "/"},
		{"54321:12345", "", "12345", 54321, 12345, "", "/"},
		{"homeless", "", "1500", 1500, 1500, "homeless", "/"},
		{"twin", "", "1002", 1000, 1002, "twin", "/home/twin"},
		{"4711", "", "4711", 4711, 4711, "", "/"},
		{"app:0815", "", "815", 1000, 815, "app", "/home/app"},
		{"2000", "", "2000", 2000, 2000, "4711", "/home/digits"},
		{"app:", "", "29 44 60 1001", 1000, 1001, "app", "/home/app"},
		{"4294967294", "", "4294967294", 4294967294, 4294967294, "", "/"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		DECLARE_ERR(err);
		struct identity found;
		char groups[256] = "";

		if (identity_find_in(&files, cases[i].user, cases[i].group, &arena,
			    &found, &err) < 0)
			fail_msg("'%s', '%s': %s", cases[i].user, cases[i].group,
				err.text);
		for (size_t n = 0; n < found.groups_count; n++)
			snprintf(groups + strlen(groups), sizeof groups - strlen(groups),
				n ? " %u" : "%u", (unsigned)found.groups[n]);
		assert_true(found.set);
		assert_int_equal(found.uid, cases[i].uid);
		assert_int_equal(found.gid, cases[i].gid);
		assert_string_equal(groups, cases[i].groups);
		assert_string_equal(found.name, cases[i].name);
		assert_string_equal(found.home, cases[i].home);
	}
}

/*
 * What the test suite of gosu asks, with an image's users. Two answers are ours: a number
 * without an entry gets a group of its own number, never that of who started us; and who
 * is named by a group alone stays who we are.
 */
static void specifications_of_gosu(void **state)
{
	static const struct {
		const char *user, *ids, *home;
	} cases[] = {
		{"0", "0:0:0 10 20", "/root"},
		{"0:0", "0:0:0", "/root"},
		{"root", "0:0:0 10 20", "/root"},
		{"0:root", "0:0:0", "/root"},
		{"root:0", "0:0:0", "/root"},
		{"root:root", "0:0:0", "/root"},
		{"1000", "1000:1000:1000", "/"},
		{"0:1000", "0:1000:1000", "/root"},
		{"1000:1000", "1000:1000:1000", "/"},
		{"root:1000", "0:1000:1000", "/root"},
		{"1000:root", "1000:0:0", "/"},
		{"1000:daemon", "1000:2:2", "/"},
		{"games", "35:35:35 100", "/usr/games"},
		{"games:daemon", "35:2:2", "/usr/games"},
		{"0:", "0:0:0 10 20", "/root"},
	};
	static const char *const bad[] = {"bogus", "0day", "0:bogus", "0:0day"};
	char text[256];

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		DECLARE_ERR(err);
		struct identity found;

		assert_int_equal(
			identity_find_in(&image, cases[i].user, "", &arena, &found, &err),
			0);
		snprintf(text, sizeof text, "%u:%u:", (unsigned)found.uid,
			(unsigned)found.gid);
		for (size_t n = 0; n < found.groups_count; n++)
			snprintf(text + strlen(text), sizeof text - strlen(text),
				n ? " %u" : "%u", (unsigned)found.groups[n]);
		assert_string_equal(text, cases[i].ids);
		assert_string_equal(found.home, cases[i].home);
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		DECLARE_ERR(err);
		struct identity found;

		assert_int_equal(
			identity_find_in(&image, bad[i], "", &arena, &found, &err), -1);
	}
}

/* The two without a user: "" changes nothing, ":0" is ourselves with that group. */
static void specifications_of_gosu_without_a_user(void **state)
{
	DECLARE_ERR(err);
	struct identity found;

	(void)state;
	assert_int_equal(identity_find_in(&image, "", "", &arena, &found, &err), 0);
	assert_false(found.set);
	assert_int_equal(identity_find_in(&image, ":0", "", &arena, &found, &err), 0);
	assert_true(found.set);
	assert_int_equal(found.uid, geteuid());
	assert_int_equal(found.gid, 0);
	assert_int_equal(found.groups_count, 1);
	assert_int_equal(found.groups[0], 0);
	assert_string_equal(found.home, geteuid() == 0 ? "/root" : "/");
}

static void form_alone_is_checked(void **state)
{
	static const char *const good[] = {
		"", "app", "1000", "nobody:0", "0:", ":0", "a.b-c"};
	static const char *const bad[] = {"-1", ":", "a:b:c", "+x", "4294967295", "a:-1"};
	DECLARE_ERR(err);

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		assert_int_equal(identity_check(good[i], "", &err), 0);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_int_equal(identity_check(bad[i], "", &err), -1);
	assert_int_equal(identity_check("a:b", "c", &err), -1);
	assert_int_equal(identity_check("nobody nogroup", "", &err), -1);
	assert_non_null(strstr(err.text, "written USER:GROUP"));
}

static void written_groups_replace_those_of_the_user(void **state)
{
	const char *const groups[] = {"44", "29", "44"};
	const char *const bad[] = {"44", "no-such-group"};
	DECLARE_ERR(err);
	struct identity found;

	(void)state;
	assert_int_equal(identity_find_in(&files, "app", "", &arena, &found, &err), 0);
	assert_int_equal(identity_set_groups(&found, groups, 3, &arena, &err), 0);
	assert_int_equal(found.groups_count, 3);
	assert_int_equal(found.groups[0], 29);
	assert_int_equal(found.groups[1], 44);
	assert_int_equal(found.groups[2], 1001);
	assert_true(found.groups_set);
	assert_int_equal(identity_set_groups(&found, bad, 2, &arena, &err), -1);
	assert_int_equal(found.groups_count, 3);
	found = (struct identity){.set = false};
	assert_int_equal(identity_set_groups(&found, groups, 1, &arena, &err), 0);
	assert_true(found.set);
	assert_int_equal(found.uid, geteuid());
	assert_int_equal(found.gid, getegid());
}

static void bad_specifications(void **state)
{
	static const struct {
		const char *user, *group, *text;
	} cases[] = {
		{"nobody", "", "there is no user 'nobody'"},
		{"App", "", "there is no user 'App'"},
		{"app:nogroup", "", "there is no group 'nogroup'"},
		{"app", "nogroup", "there is no group 'nogroup'"},
		{":", "", "names no user and no group"},
		{"app:video", "audio", "names a group, and so does"},
		{"app:video:audio", "", "is no group name"},
		{"-1", "", "'-1' is no user name and no number"},
		{"+", "", "'+' is no user name"},
		{"+1000", "", "'+1000' is no user name"},
		{"-app", "", "'-app' is no user name"},
		{"$PUID", "", "'$PUID' is no user name and no number"},
		{"@UID@", "", "'@UID@' is no user name"},
		{"app:{{GID}}", "", "'{{GID}}' is no group name"},
		{"app:-1", "", "'-1' is no group name and no number"},
		{"4294967295", "", "user number '4294967295' is over 4294967294"},
		{"99999999999999999999", "", "is over"},
		{"app:4294967295", "", "group number '4294967295' is over"},
		{"minus", "",
			":8: the user number of 'minus' is '4294967295', but digits"},
		{"unset", "", ":9: the user number of 'unset' is '${UNSET}', but digits"},
		{"empty", "", ":10: the user number of 'empty' is ''"},
		{"wide", "", ":11: the user number of 'wide' is '4294967296'"},
		{"blank", "", ":12: the user number of 'blank' is ' 1000'"},
		{"sign", "", ":13: the user number of 'sign' is '+5'"},
		{"minus1", "", ":14: the group number of 'minus1' is '-1'"},
		{"5", "", ":14: the group number of 'minus1' is '-1'"},
		{"halfway", "", ":15: the group number of 'halfway' is '${UNSET}'"},
		{"1600", "", ":15: the group number of 'halfway' is '${UNSET}'"},
		{"short", "", ":16: the group number of 'short' is ''"},
		{"bare", "", ":17: the user number of 'bare' is ''"},
		{"twice", "", ":18: the user number of 'twice' is 'nonsense'"},
		{"broken", "", ":4: the user number of 'broken' is 'nonsense'"},
		{"app:minus", "", ":8: the group number of 'minus' is '4294967295'"},
		{"app:broken", "", ":9: the group number of 'broken' is '${UNSET}'"},
		{"1000x", "", "there is no user '1000x'"},
		{" app", "", "there is no user ' app'"},
		{"0x10", "", "there is no user '0x10'"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		DECLARE_ERR(err);
		struct identity found = {.uid = 77};

		if (identity_find_in(&files, cases[i].user, cases[i].group, &arena,
			    &found, &err) == 0)
			fail_msg("'%s', '%s' was found", cases[i].user, cases[i].group);
		if (err.kind != ERR_CONFIG || !strstr(shown(&err), cases[i].text))
			fail_msg("'%s': %s", cases[i].user, shown(&err));
		assert_int_equal(found.uid, 77);
	}
}

static void without_files_a_number_will_do(void **state)
{
	DECLARE_ERR(err);
	struct identity found;

	(void)state;
	assert_int_equal(
		identity_find_in(&none, "1000:1001", "", &arena, &found, &err), 0);
	assert_int_equal(found.uid, 1000);
	assert_int_equal(found.gid, 1001);
	assert_int_equal(identity_find_in(&none, "1000", "", &arena, &found, &err), 0);
	assert_int_equal(found.gid, 1000);
	assert_int_equal(identity_find_in(&none, "app", "", &arena, &found, &err), -1);
	assert_non_null(strstr(err.text, "'/nowhere/passwd' cannot be read"));
	assert_int_equal(
		identity_find_in(&none, "1000:app", "", &arena, &found, &err), -1);
	assert_non_null(strstr(err.text, "'/nowhere/group' cannot be read"));
}

static void nothing_asked_changes_nothing(void **state)
{
	DECLARE_ERR(err);
	struct identity found;

	(void)state;
	assert_int_equal(identity_find_in(&files, "", "", &arena, &found, &err), 0);
	assert_false(found.set);
	assert_int_equal(identity_become(&found, &err), 0);
	assert_int_equal(identity_find_in(&files, "", "video", &arena, &found, &err), 0);
	assert_true(found.set);
	assert_int_equal(found.uid, geteuid());
	assert_int_equal(found.gid, 44);
	assert_int_equal(identity_find_in(&files, ":44", "", &arena, &found, &err), 0);
	assert_int_equal(found.gid, 44);
}

/* Runs `act` in a process of its own; its exit status. */
static int apart(
	int (*act)(const struct identity *identity), const struct identity *identity)
{
	int status;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		_exit(act(identity));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WEXITSTATUS(status);
}

static int compare_groups(const void *a, const void *b)
{
	gid_t one = *(const gid_t *)a, other = *(const gid_t *)b;

	return (one > other) - (one < other);
}

/* The kernel has taken them all, and to take them on again asks for nothing. */
static int become_with_groups(const struct identity *identity)
{
	static gid_t ours[IDENTITY_GROUPS_MAX];
	DECLARE_ERR(err);

	if (identity_become(identity, &err) < 0)
		return 1;
	if (getgroups(IDENTITY_GROUPS_MAX, ours) != (int)identity->groups_count)
		return 2;
	qsort(ours, identity->groups_count, sizeof *ours, compare_groups);
	if (memcmp(ours, identity->groups, identity->groups_count * sizeof *ours) != 0)
		return 3;
	return identity_become(identity, &err) < 0 ? 4 : 0;
}

/* A file of groups, each of which has the number after the last, and lists the user. */
static void write_groups(char *path, size_t size, int count)
{
	FILE *file;

	assert_int_equal(write_file(path, size, ""), 0);
	file = fopen(path, "we");
	assert_non_null(file);
	for (int i = 0; i < count; i++)
		fprintf(file, "g%d:x:%d:other,app\n", i, 5000 + i);
	assert_int_equal(fclose(file), 0);
}

static void as_many_groups_as_the_kernel_takes(void **state)
{
	char path[128];
	struct identity_files many = {passwd_path, path};
	DECLARE_ERR(err);
	struct identity found;

	(void)state;
	/* And the primary one. */
	write_groups(path, sizeof path, IDENTITY_GROUPS_MAX - 1);
	assert_int_equal(identity_find_in(&many, "app", "", &arena, &found, &err), 0);
	assert_int_equal(found.groups_count, IDENTITY_GROUPS_MAX);
	assert_int_equal(found.groups[0], 1001);
	assert_int_equal(found.groups[1], 5000);
	assert_int_equal(
		found.groups[IDENTITY_GROUPS_MAX - 1], 5000 + IDENTITY_GROUPS_MAX - 2);
	if (geteuid() == 0) {
		assert_int_equal(apart(become_with_groups, &found), 0);
	}
	assert_int_equal(unlink(path), 0);
	write_groups(path, sizeof path, IDENTITY_GROUPS_MAX);
	assert_int_equal(identity_find_in(&many, "app", "", &arena, &found, &err), -1);
	assert_non_null(strstr(
		err.text, "user 'app' is in 65537 groups, and the kernel takes 65536"));
	assert_int_equal(unlink(path), 0);
}

/* A group that is lost in silence is not what the image says. */
static void a_malformed_group_that_lists_the_user_is_an_error(void **state)
{
	char path[128];
	struct identity_files torn = {passwd_path, path};
	DECLARE_ERR(err);
	struct identity found;

	(void)state;
	assert_int_equal(
		write_file(path, sizeof path, "ours:x:5:other\nlost:x::other,app\n"), 0);
	assert_int_equal(identity_find_in(&torn, "app", "", &arena, &found, &err), -1);
	assert_int_equal(err.kind, ERR_CONFIG);
	assert_non_null(strstr(shown(&err),
		":2: the group number of 'lost' is '', but digits alone, up to "
		"4294967294, make one, and it lists 'app'"));
	/* It is nothing to who takes one group alone, or is not in it. */
	assert_int_equal(
		identity_find_in(&torn, "app:ours", "", &arena, &found, &err), 0);
	assert_int_equal(identity_find_in(&torn, "root", "", &arena, &found, &err), 0);
	assert_int_equal(unlink(path), 0);
}

static void owners_are_two_numbers(void **state)
{
	DECLARE_ERR(err);
	uid_t uid;
	gid_t gid;

	(void)state;
	assert_int_equal(identity_find_owner("root", "", &uid, &gid, &err), 0);
	assert_int_equal(uid, 0);
	assert_int_equal(gid, 0);
	assert_int_equal(identity_find_owner("12345", "", &uid, &gid, &err), 0);
	assert_int_equal(uid, 12345);
	assert_int_equal(gid, 12345);
	assert_int_equal(identity_find_owner("12345", "77", &uid, &gid, &err), 0);
	assert_int_equal(gid, 77);
	assert_int_equal(identity_find_owner("no-such-user", "", &uid, &gid, &err), -1);
	assert_non_null(strstr(err.text, "there is no user 'no-such-user'"));
	assert_int_equal(identity_find_uid("root", &uid, &err), 0);
	assert_int_equal(uid, 0);
	assert_int_equal(identity_find_uid("no-such-user", &uid, &err), 1);
	assert_int_equal(identity_find_uid("+1", &uid, &err), -1);
}

static void text_names_the_user(void **state)
{
	char room[64];

	(void)state;
	assert_string_equal(identity_uid_text(0, room, sizeof room), "root (0)");
	assert_string_equal(
		identity_uid_text(3999999999u, room, sizeof room), "3999999999");
}

/* ---- becoming ---- */

static bool we_are(uid_t uid, gid_t gid)
{
	uid_t ids[3];
	gid_t gids[3];

	return getresuid(&ids[0], &ids[1], &ids[2]) == 0 &&
		getresgid(&gids[0], &gids[1], &gids[2]) == 0 && ids[0] == uid &&
		ids[1] == uid && ids[2] == uid && gids[0] == gid && gids[1] == gid &&
		gids[2] == gid;
}

static int become(const char *user, struct err *err)
{
	struct identity found;

	if (identity_find_in(&files, user, "", &arena, &found, err) < 0)
		return -2;
	return identity_become(&found, err);
}

static int drop_for_good(const struct identity *unused)
{
	DECLARE_ERR(err);
	gid_t groups[8];

	(void)unused;
	if (become("app", &err) != 0 || !we_are(1000, 1001))
		return 1;
	if (getgroups(8, groups) != 4 || setuid(0) == 0 || setgid(0) == 0)
		return 2;
	/* A second time nothing is to be done, and nothing may be done. */
	return become("app", &err) == 0 ? 0 : 3;
}

static int drop_root_groups(const struct identity *unused)
{
	DECLARE_ERR(err);
	gid_t groups[8] = {0, 1, 2, 3};

	(void)unused;
	if (setgroups(4, groups) < 0 || become("54321:12345", &err) != 0)
		return 1;
	return we_are(54321, 12345) && getgroups(8, groups) == 1 && groups[0] == 12345
		? 0
		: 2;
}

static int ask_for_another_user(const struct identity *unused)
{
	DECLARE_ERR(err);

	(void)unused;
	if (become("54321", &err) != 0)
		return 1;
	if (become("app", &err) != -1 ||
		!strstr(err.text, "become 'app' (user 1000, group 1001)"))
		return 2;
	err_init(&err);
	if (become("54321:1", &err) != -1 || !we_are(54321, 54321))
		return 3;
	return strstr(err.text, "become user 54321, group 1 as user 54321") ? 0 : 4;
}

/* "--user 10001:0" and the groups of the runtime. */
static int stay_with_given_groups(const struct identity *unused)
{
	DECLARE_ERR(err);
	gid_t groups[8] = {2000};

	(void)unused;
	if (setgroups(1, groups) < 0 || setresgid(0, 0, 0) < 0 ||
		setresuid(1000, 1000, 1000) < 0)
		return 1;
	if (become("1000", &err) != 0 || become("app:0", &err) != 0 || !we_are(1000, 0))
		return 2;
	return become("app:video", &err) == -1 ? 0 : 3;
}

static int regain_is_noticed(const struct identity *unused)
{
	DECLARE_ERR(err);

	(void)unused;
	/*
	 * Capabilities now outlive the change of user, and with them it could be undone.
	 */
	if (prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP) < 0)
		return 1;
	return become("app", &err) == -1 && strstr(err.text, "could become root again")
		? 0
		: 2;
}

/* Whose group is root's anyway has only the user to come back to. */
static int regain_is_noticed_in_roots_group(const struct identity *unused)
{
	DECLARE_ERR(err);

	(void)unused;
	if (prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP) < 0)
		return 1;
	return become("app:0", &err) == -1 && strstr(err.text, "could become root again")
		? 0
		: 2;
}

static void become_is_for_good(void **state)
{
	(void)state;
	NEEDS_ROOT();
	assert_int_equal(apart(drop_for_good, NULL), 0);
	assert_int_equal(apart(drop_root_groups, NULL), 0);
	assert_int_equal(apart(ask_for_another_user, NULL), 0);
	assert_int_equal(apart(stay_with_given_groups, NULL), 0);
	assert_int_equal(apart(regain_is_noticed, NULL), 0);
	assert_int_equal(apart(regain_is_noticed_in_roots_group, NULL), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_specifications),
		cmocka_unit_test(bad_specifications),
		cmocka_unit_test(specifications_of_gosu),
		cmocka_unit_test(specifications_of_gosu_without_a_user),
		cmocka_unit_test(form_alone_is_checked),
		cmocka_unit_test(written_groups_replace_those_of_the_user),
		cmocka_unit_test(without_files_a_number_will_do),
		cmocka_unit_test(nothing_asked_changes_nothing),
		cmocka_unit_test(as_many_groups_as_the_kernel_takes),
		cmocka_unit_test(a_malformed_group_that_lists_the_user_is_an_error),
		cmocka_unit_test(owners_are_two_numbers),
		cmocka_unit_test(text_names_the_user),
		cmocka_unit_test(become_is_for_good),
	};

	return cmocka_run_group_tests_name(
		"proc/identity", tests, make_files, remove_files);
}
