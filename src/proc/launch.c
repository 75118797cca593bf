/* SPDX-License-Identifier: MIT */
/* The launch record: writing it, reading it back, and taking on what it says. */
#include "proc/launch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/mem.h"
#include "base/str.h"
#include "proc/descriptors.h"
#include "proc/execute.h"

#define MAGIC      0x67770002u
#define BODY_MAX   ((size_t)32 * 1024 * 1024)
#define STRING_MIN 1 /* a string's NUL: so many strings cannot be more than bytes */

/*
 * How the body begins. The groups follow, and the strings: workdir, the user's name,
 * argv, env, each with its NUL.
 */
struct body {
	bool identity_set, group_set, groups_set;
	uid_t uid;
	gid_t gid;
	uint32_t groups_count;
	struct limits limits;
	struct capabilities capabilities;
	bool no_new_privs;
	int32_t umask;
	uint32_t argv_count;
	uint32_t env_count;
};

int launch_open(struct err *err)
{
	int fd = fd_above_stderr(memfd_create("groundwork-launch", MFD_CLOEXEC));

	return fd < 0 ? err_sys(err, "memfd of the launch record") : fd;
}

static uint32_t count(char *const *list)
{
	uint32_t n = 0;

	while (list[n])
		n++;
	return n;
}

static void add_strings(struct buf *buf, char *const *list)
{
	for (; *list; list++)
		buf_add(buf, *list, strlen(*list) + 1);
}

static int write_at(int fd, const void *data, size_t size, off_t at, struct err *err)
{
	if (lseek(fd, at, SEEK_SET) < 0 || fd_write_all(fd, data, size) < 0)
		return err_sys(err, "write the launch record");
	return 0;
}

int launch_write(int fd, const struct launch *launch, struct err *err)
{
	CLEANUP_BUF struct buf buf = BUF_INIT; /* wiped: the environment holds secrets */
	const char *name = launch->identity.name ? launch->identity.name : "";
	struct launch_head head = launch->head;
	struct body body;

	memset(&body, 0, sizeof body); /* no byte of our stack in the record */
	body.identity_set = launch->identity.set;
	body.group_set = launch->identity.group_set;
	body.groups_set = launch->identity.groups_set;
	body.uid = launch->identity.uid;
	body.gid = launch->identity.gid;
	body.groups_count = (uint32_t)launch->identity.groups_count;
	body.limits = launch->limits;
	body.capabilities = launch->capabilities;
	body.no_new_privs = launch->no_new_privs;
	body.umask = launch->umask;
	body.argv_count = count(launch->argv);
	body.env_count = count(launch->env);
	buf_add(&buf, &body, sizeof body);
	buf_add(&buf, launch->identity.groups,
		launch->identity.groups_count * sizeof *launch->identity.groups);
	buf_add(&buf, launch->workdir, strlen(launch->workdir) + 1);
	buf_add(&buf, name, strlen(name) + 1);
	add_strings(&buf, launch->argv);
	add_strings(&buf, launch->env);
	if (buf.len > BODY_MAX)
		return err_fail(err, "the command and its environment are over 32 MiB");
	head.magic = MAGIC;
	head.size = (uint32_t)buf.len;
	if (write_at(fd, buf.data, buf.len, (off_t)sizeof head, err) < 0)
		return -1;
	return write_at(fd, &head, sizeof head, 0, err);
}

static int read_at(int fd, void *data, size_t size, off_t at)
{
	char *to = data;

	while (size > 0) {
		ssize_t n = pread(fd, to, size, at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return -1;
		to += n;
		at += n;
		size -= (size_t)n;
	}
	return 0;
}

static bool head_is_sound(const struct launch_head *head)
{
	for (size_t i = 0; i <= SIGNALS_MAX; i++)
		if (head->signals.to[i] > SIGNALS_MAX &&
			head->signals.to[i] != SIGNAL_MAP_NONE)
			return false;
	for (size_t i = 0; i < sizeof head->exit_codes.to / sizeof *head->exit_codes.to;
		i++)
		if (head->exit_codes.to[i] > 256)
			return false;
	return head->init >= LAUNCH_AUTO && head->init <= LAUNCH_BECOME &&
		head->kill_mode >= LAUNCH_KILL_PROCESS &&
		head->kill_mode <= LAUNCH_KILL_GROUP && head->death_signal >= 0 &&
		head->death_signal <= SIGNALS_MAX && head->stop_timeout_ms >= -1 &&
		head->leftover_timeout_ms >= -1;
}

int launch_read_head(int fd, struct launch_head *ret, struct err *err)
{
	struct launch_head head;
	struct stat st;

	if (fstat(fd, &st) < 0)
		return err_sys(err, "stat of the launch record");
	if (st.st_size == 0)
		return 1;
	if (st.st_size < (off_t)sizeof head || read_at(fd, &head, sizeof head, 0) < 0 ||
		head.magic != MAGIC || head.size > BODY_MAX ||
		head.size < sizeof(struct body) ||
		st.st_size != (off_t)(sizeof head + head.size) || !head_is_sound(&head))
		return err_fail(err, "the launch record is damaged");
	*ret = head;
	return 0;
}

/* The record as the application's process holds it; strings point into `data`. */
struct record {
	char *data;
	size_t size;
	struct body body;
	struct identity identity;
	const char *workdir;
	char **strings; /* argv, NULL, env, NULL */
	char **env;
};

#define CLEANUP_RECORD __attribute__((cleanup(record_release)))

static void record_release(struct record *record)
{
	if (record->data)
		mem_wipe(record->data, record->size);
	free(record->data);
	free(record->strings);
}

/* The string at `*at`, which moves behind it; NULL where there is none. */
static char *next_string(const struct record *record, size_t *at)
{
	char *text = record->data + *at;
	char *end = memchr(text, '\0', record->size - *at);

	if (!end)
		return NULL;
	*at += (size_t)(end - text) + 1;
	return text;
}

/* What is neither true nor false is not to be looked at as a bool. */
static bool is_bool(const bool *value)
{
	unsigned char byte;

	memcpy(&byte, value, sizeof byte);
	return byte <= 1;
}

static bool body_is_sound(const struct body *body)
{
	bool sound = is_bool(&body->identity_set) && is_bool(&body->group_set) &&
		is_bool(&body->groups_set) && body->groups_count <= IDENTITY_GROUPS_MAX &&
		is_bool(&body->no_new_privs) && is_bool(&body->capabilities.set) &&
		is_bool(&body->capabilities.all) && is_bool(&body->capabilities.none);

	for (size_t i = 0; i < LIMITS_MAX; i++)
		sound = sound && is_bool(&body->limits.list[i].soft_set) &&
			is_bool(&body->limits.list[i].hard_set);
	return sound;
}

/* The groups are in the record itself: what stands before them keeps them aligned. */
_Static_assert(sizeof(struct body) % _Alignof(gid_t) == 0, "groups are aligned");

static int take_identity(struct record *record, size_t *at)
{
	const struct body *body = &record->body;
	size_t size = body->groups_count * sizeof(gid_t);

	if (size > record->size - *at)
		return -1;
	record->identity = (struct identity){
		.set = body->identity_set,
		.group_set = body->group_set,
		.groups_set = body->groups_set,
		.uid = body->uid,
		.gid = body->gid,
		.groups = (const void *)(record->data + *at),
		.groups_count = body->groups_count,
	};
	*at += size;
	record->workdir = next_string(record, at);
	record->identity.name = next_string(record, at);
	return record->workdir && record->identity.name ? 0 : -1;
}

static int take_apart(struct record *record)
{
	struct body *body = &record->body;
	size_t at = sizeof *body;
	size_t total;
	char **next;

	memcpy(body, record->data, sizeof *body);
	total = (size_t)body->argv_count + body->env_count;
	if (body->argv_count == 0 || total > record->size / STRING_MIN ||
		!body_is_sound(body) || take_identity(record, &at) < 0)
		return -1;
	record->strings = mem_resize(NULL, total + 2, sizeof *record->strings);
	next = record->strings;
	for (size_t i = 0; i < total; i++) {
		if (i == body->argv_count)
			*next++ = NULL;
		*next = next_string(record, &at);
		if (!*next++)
			return -1;
	}
	if (body->env_count == 0)
		*next++ = NULL;
	*next = NULL;
	record->env = record->strings + body->argv_count + 1;
	return at == record->size ? 0 : -1;
}

static int record_read(int fd, struct record *record, struct err *err)
{
	struct launch_head head;
	int found = launch_read_head(fd, &head, err);

	if (found != 0)
		return found < 0 ? -1 : err_fail(err, "there is no launch record");
	record->size = head.size;
	record->data = mem_zalloc(record->size);
	if (read_at(fd, record->data, record->size, (off_t)sizeof head) < 0)
		return err_sys(err, "read the launch record");
	if (take_apart(record) < 0)
		return err_fail(err, "the launch record is damaged");
	return 0;
}

static const char *find_path(char *const *env)
{
	for (; *env; env++)
		if (str_starts(*env, "PATH="))
			return *env + strlen("PATH=");
	return NULL;
}

/* What needs the rights that we have comes first; then they are given up. */
static int take_on(struct record *record, struct err *err)
{
	struct body *body = &record->body;

	if (body->umask >= 0)
		(void)umask((mode_t)body->umask); /* never fails */
	if (limits_set(&body->limits, err) < 0 ||
		capabilities_limit(&body->capabilities, body->no_new_privs, err) < 0 ||
		identity_become(&record->identity, err) < 0 ||
		capabilities_take(&body->capabilities, err) < 0)
		return -1;
	if (body->no_new_privs && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return err_sys(err, "no_new_privs");
	return 0;
}

int launch_execute(int fd, void (*last)(void *user), void *user, struct err *err)
{
	CLEANUP_RECORD struct record record = {0};

	if (record_read(fd, &record, err) < 0 || take_on(&record, err) < 0)
		return -1;
	/* As the application: it is its access to the directory that counts. */
	if (*record.workdir && chdir(record.workdir) < 0)
		return err_sys(
			err, "change to the working directory '%s'", record.workdir);
	last(user);
	return execute(record.strings, record.env, find_path(record.env), err);
}

int launch_as_found(const struct launch *launch, void (*last)(void *user), void *user,
	struct err *err)
{
	last(user);
	return execute(launch->argv, launch->env, find_path(launch->env), err);
}
