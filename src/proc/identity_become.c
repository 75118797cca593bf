/* SPDX-License-Identifier: MIT */
/* Taking on an identity, and proving that it cannot be undone. */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/mem.h"
#include "base/str.h"
#include "proc/capabilities.h"
#include "proc/identity.h"

static bool uid_is(uid_t uid)
{
	uid_t real, effective, saved;

	return getresuid(&real, &effective, &saved) == 0 && real == uid &&
		effective == uid && saved == uid;
}

static bool gid_is(gid_t gid)
{
	gid_t real, effective, saved;

	return getresgid(&real, &effective, &saved) == 0 && real == gid &&
		effective == gid && saved == gid;
}

/* Do we have these groups and no others? Ours may be without the primary one. */
static bool groups_are(const struct identity *want)
{
	int count = getgroups(0, NULL);
	size_t kept;
	CLEANUP_FREE gid_t *ours =
		mem_resize(NULL, (size_t)(count > 0 ? count : 0) + 1, sizeof *ours);

	if (count < 0 || getgroups(count, ours) != count)
		return false;
	ours[count] = want->gid;
	kept = identity_sort_groups(ours, (size_t)count + 1);
	return kept == want->groups_count &&
		memcmp(ours, want->groups, kept * sizeof *ours) == 0;
}

/* user_namespaces(7): then no capability helps. */
static bool groups_are_denied(void)
{
	CLEANUP_FD int fd = open("/proc/self/setgroups", O_RDONLY | O_CLOEXEC);
	char text[8] = "";

	return fd >= 0 && read(fd, text, sizeof text - 1) > 0 && str_starts(text, "deny");
}

static int denied(const char *call, const struct identity *want, struct err *err)
{
	char us[128];

	(void)err_sys(err, "%s", call);
	(void)identity_uid_text(geteuid(), us, sizeof us); /* it is in `us` */
	if (*want->name)
		(void)err_prefix(err, "become '%s' (user %u, group %u) as user %s",
			want->name, (unsigned)want->uid, (unsigned)want->gid, us);
	else
		(void)err_prefix(err, "become user %u, group %u as user %s",
			(unsigned)want->uid, (unsigned)want->gid, us); /* always -1 */
	if (err->code == EINVAL)
		return err_append(err,
			"; our user namespace has no such number (/proc/self/uid_map, "
			"gid_map)");
	if (err->code != EPERM)
		return -1;
	if (groups_are_denied())
		return err_append(err,
			"; our user namespace may set no groups (/proc/self/setgroups "
			"is 'deny'): make it with subordinate numbers (newuidmap, "
			"newgidmap), or start it as that user");
	return err_append(err,
		"; give the container CAP_SETUID and CAP_SETGID, or start it as that "
		"user (docker run --user %u:%u)",
		(unsigned)want->uid, (unsigned)want->gid);
}

static int set_groups(const struct identity *want, struct err *err)
{
	if (groups_are(want) || setgroups(want->groups_count, want->groups) == 0)
		return 0;
	if (errno == EPERM && uid_is(want->uid) && gid_is(want->gid) && !want->groups_set)
		return 0; /* the runtime's groups stay */
	return denied("setgroups", want, err);
}

/*
 * What must not work any more is tried. Where it does, the caller ends: it fails closed.
 */
static int prove(const struct identity *want, struct err *err)
{
	if (!uid_is(want->uid) || !gid_is(want->gid))
		return err_fail(err, "user %u, group %u: the kernel did not take them on",
			(unsigned)want->uid, (unsigned)want->gid);
	if (want->uid == 0)
		return 0;
	if ((want->gid != 0 && setresgid(0, 0, 0) == 0) || setresuid(0, 0, 0) == 0)
		return err_fail(err,
			"user %u could become root again: a capability was kept",
			(unsigned)want->uid);
	return 0;
}

int identity_become(const struct identity *identity, struct err *err)
{
	bool dropped;

	if (!identity->set)
		return 0;
	/* Not root, and that user already, whatever the group: "--user 10001:0". */
	if (uid_is(identity->uid) && identity->uid != 0 && !identity->group_set)
		return identity->groups_set ? set_groups(identity, err) : 0;
	dropped = !uid_is(identity->uid);
	if (set_groups(identity, err) < 0)
		return -1;
	if (!gid_is(identity->gid) &&
		setresgid(identity->gid, identity->gid, identity->gid) < 0)
		return denied("setresgid", identity, err);
	if (!uid_is(identity->uid) &&
		setresuid(identity->uid, identity->uid, identity->uid) < 0)
		return denied("setresuid", identity, err);
	if (dropped && capabilities_clear_inheritable(err) < 0)
		return -1;
	return prove(identity, err);
}
