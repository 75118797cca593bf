/* SPDX-License-Identifier: MIT */
/* Capabilities: names, and the five sets. */
#include "proc/capabilities.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/prctl.h>

#include "base/err.h"
#include "base/privilege.h"
#include "base/str.h"

#define CAP_SETGID 6
#define CAP_SETUID 7
#define CAP_MAX    64
#define NAME_SIZE  24

/* In the order of their numbers, which never changes. */
static const char *const names[] = {"chown", "dac_override", "dac_read_search", "fowner",
	"fsetid", "kill", "setgid", "setuid", "setpcap", "linux_immutable",
	"net_bind_service", "net_broadcast", "net_admin", "net_raw", "ipc_lock",
	"ipc_owner", "sys_module", "sys_rawio", "sys_chroot", "sys_ptrace", "sys_pacct",
	"sys_admin", "sys_boot", "sys_nice", "sys_resource", "sys_time", "sys_tty_config",
	"mknod", "lease", "audit_write", "audit_control", "setfcap", "mac_override",
	"mac_admin", "syslog", "wake_alarm", "block_suspend", "audit_read", "perfmon",
	"bpf", "checkpoint_restore", NULL};

static uint64_t bit(int number)
{
	return UINT64_C(1) << number;
}

/* "cap_chown", or "cap 41" where it is newer than we are. */
static const char *name_of(int number, char room[NAME_SIZE])
{
	size_t count = sizeof names / sizeof *names - 1;

	if ((size_t)number < count)
		(void)snprintf(room, NAME_SIZE, "cap_%s", names[number]); /* they fit */
	else
		(void)snprintf(room, NAME_SIZE, "cap %d", number);
	return room;
}

static int unknown(const char *word, const char *name, struct err *err)
{
	char lower[NAME_SIZE];
	char room[STR_SUGGEST_SIZE];
	const char *suggestion;

	(void)snprintf(lower, sizeof lower, "%s", name); /* cut: too long to be one */
	suggestion = str_suggest(str_lower(lower), names, room);
	return err_config(err, "there is no capability '%s'%s", word,
		*suggestion ? suggestion : "; capabilities(7) lists them");
}

int capabilities_add(void *member, const char *word, struct err *err)
{
	struct capabilities *capabilities = member;
	const char *name = word + (strncasecmp(word, "cap_", 4) == 0 ? 4 : 0);
	struct capabilities more = *capabilities;
	int number = 0;

	more.set = true;
	if (strcasecmp(word, "all") == 0) {
		more.all = true;
	} else if (strcasecmp(word, "none") == 0) {
		more.none = true;
	} else {
		while (names[number] && strcasecmp(names[number], name) != 0)
			number++;
		if (!names[number])
			return unknown(word, name, err);
		more.keep |= bit(number);
	}
	if (more.all + more.none + (more.keep != 0) > 1)
		return err_config(err, "'%s': 'all' and 'none' stand alone", word);
	*capabilities = more;
	return 0;
}

/* ---- the sets ---- */

static bool has(uint64_t wanted)
{
	struct privileges ours;

	return privileges_get(&ours) < 0 || (ours.effective & wanted) == wanted;
}

bool capabilities_may_set_groups(void)
{
	return has(bit(CAP_SETGID));
}

bool capabilities_may_change_user(void)
{
	return has(bit(CAP_SETUID) | bit(CAP_SETGID));
}

static int find_missing(uint64_t keep, uint64_t permitted, struct err *err)
{
	char room[NAME_SIZE];

	for (int i = 0; i < CAP_MAX; i++)
		if ((keep & ~permitted) & bit(i))
			return err_fail(err,
				"keep %s: it is not among our capabilities (give it to "
				"the container, or leave it out of [app] capabilities)",
				name_of(i, room));
	return 0;
}

/* -1 with errno where one that is there cannot be dropped. */
static int lower_bounding_set(uint64_t keep)
{
	for (int i = 0; i < CAP_MAX; i++) {
		int there = prctl(PR_CAPBSET_READ, i, 0, 0, 0);

		if (there < 0)
			return 0; /* the kernel knows no more */
		if (there && !(keep & bit(i)) && prctl(PR_CAPBSET_DROP, i, 0, 0, 0) < 0)
			return -1;
	}
	return 0;
}

int capabilities_limit(
	struct capabilities *capabilities, bool no_new_privs, struct err *err)
{
	struct privileges ours;

	if (!capabilities->set)
		return 0;
	if (privileges_get(&ours) < 0)
		return err_sys(err, "capget");
	if (capabilities->all)
		capabilities->keep = ours.permitted;
	if (find_missing(capabilities->keep, ours.permitted, err) < 0)
		return -1;
	if (!capabilities->all && lower_bounding_set(capabilities->keep) < 0 &&
		!no_new_privs)
		return err_sys(err,
			"lower the capability bounding set (without cap_setpcap, "
			"no_new_privs = yes does)");
	/* Else a change of user would take them all. */
	if (capabilities->keep && prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) < 0)
		return err_sys(err, "keep capabilities");
	return 0;
}

static int raise_ambient(uint64_t keep, struct err *err)
{
	char room[NAME_SIZE];

	/* A kernel that has no such set has nothing in it. */
	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0 &&
		errno != EINVAL)
		return err_sys(err, "clear the ambient capabilities");
	for (int i = 0; i < CAP_MAX; i++)
		if ((keep & bit(i)) &&
			prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, i, 0, 0) < 0)
			return err_sys(err, "keep %s over the execve", name_of(i, room));
	return 0;
}

int capabilities_clear_inheritable(struct err *err)
{
	struct privileges ours;

	if (privileges_get(&ours) < 0)
		return err_sys(err, "capget");
	if (ours.inheritable == 0)
		return 0;
	/* The kernel takes out of the ambient set what is not inheritable. */
	ours.inheritable = 0;
	if (privileges_set(&ours) < 0)
		return err_sys(err, "clear the inheritable capabilities");
	return 0;
}

int capabilities_take(const struct capabilities *capabilities, struct err *err)
{
	uint64_t keep = capabilities->keep;
	const struct privileges want = {keep, keep, keep};
	struct privileges ours;

	if (!capabilities->set)
		return 0;
	if (privileges_set(&want) < 0)
		return err_sys(err, "capset");
	if (raise_ambient(keep, err) < 0)
		return -1;
	if (privileges_get(&ours) < 0 || memcmp(&ours, &want, sizeof want) != 0)
		return err_fail(err, "capabilities: the kernel did not take them on");
	return 0;
}
