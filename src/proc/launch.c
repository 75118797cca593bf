/* SPDX-License-Identifier: MIT */
/* The launch record: writing it, reading it back, and taking on what it says. */
#include "proc/launch.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fs.h"
#include "base/mem.h"
#include "base/str.h"
#include "proc/execute.h"

#define MAGIC      0x67770003u
#define RECORD_MAX ((size_t)8 * 1024 * 1024)
#define STRING_MIN 1 /* a string's NUL: so many strings cannot be more than bytes */

struct launch_record {
	struct launch_head head;
	char body[];
};

#define BODY_MAX (RECORD_MAX - sizeof(struct launch_record))

/*
 * How the body begins. The groups follow, and the strings: workdir, the same for
 * messages, the user's name, argv, env, and the names for launch_hide(), each with its
 * NUL.
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

struct launch_record *launch_map(struct err *err)
{
	void *record = mmap(NULL, RECORD_MAX, PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (record != MAP_FAILED)
		return record;
	(void)err_sys(err, "map the launch record"); /* always -1 */
	return NULL;
}

void launch_unmap(struct launch_record *record)
{
	if (record)
		(void)munmap(record, RECORD_MAX); /* fails for a bad address only */
}

/* Where the next byte of the body goes; `size` counts on where there is no room. */
struct body_writer {
	char *body;
	size_t size;
};

static void add(struct body_writer *writer, const void *data, size_t size)
{
	if (size && writer->size <= BODY_MAX && size <= BODY_MAX - writer->size)
		memcpy(writer->body + writer->size, data, size);
	writer->size += size;
}

static void add_string(struct body_writer *writer, const char *text)
{
	add(writer, text, strlen(text) + 1);
}

/* Returns how many there are. */
static uint32_t add_strings(struct body_writer *writer, char *const *list)
{
	uint32_t count = 0;

	for (; list[count]; count++)
		add_string(writer, list[count]);
	return count;
}

int launch_write(
	struct launch_record *record, const struct launch *launch, struct err *err)
{
	const struct identity *identity = &launch->identity;
	struct body_writer writer = {.body = record->body, .size = sizeof(struct body)};
	struct body body;
	size_t names;

	memset(&body, 0, sizeof body); /* no byte of our stack in the record */
	body.identity_set = identity->set;
	body.group_set = identity->group_set;
	body.groups_set = identity->groups_set;
	body.uid = identity->uid;
	body.gid = identity->gid;
	body.groups_count = (uint32_t)identity->groups_count;
	body.limits = launch->limits;
	body.capabilities = launch->capabilities;
	body.no_new_privs = launch->no_new_privs;
	body.umask = launch->umask;
	add(&writer, identity->groups, identity->groups_count * sizeof *identity->groups);
	add_string(&writer, launch->workdir);
	add_string(
		&writer, launch->workdir_shown ? launch->workdir_shown : launch->workdir);
	add_string(&writer, identity->name ? identity->name : "");
	body.argv_count = add_strings(&writer, launch->argv);
	body.env_count = add_strings(&writer, launch->env);
	names = writer.size;
	for (size_t i = 0; i < launch->secret_names_count; i++)
		add_string(&writer, launch->secret_names[i]);
	if (writer.size > BODY_MAX)
		return err_fail(err,
			"the command and its environment are over 8 MiB, which no system "
			"executes");
	memcpy(record->body, &body, sizeof body);
	record->head = launch->head;
	record->head.size = (uint32_t)writer.size;
	record->head.names_size = (uint32_t)(writer.size - names);
	record->head.magic = MAGIC;
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

int launch_read_head(
	const struct launch_record *record, struct launch_head *ret, struct err *err)
{
	struct launch_head head = record->head;

	if (head.magic == 0)
		return 1;
	if (head.magic != MAGIC || head.size > BODY_MAX ||
		head.size < sizeof(struct body) ||
		head.names_size > head.size - sizeof(struct body) ||
		!head_is_sound(&head))
		return err_fail(err, "the launch record is damaged");
	*ret = head;
	return 0;
}

static void hide_value(char *const *environment, const char *name, size_t size)
{
	for (; *environment; environment++)
		if (strncmp(*environment, name, size) == 0 && (*environment)[size] == '=')
			memset(*environment + size + 1, '*',
				strlen(*environment + size + 1));
}

void launch_hide(const struct launch_record *record, const struct launch_head *head,
	char *const *environment)
{
	const char *end = record->body + head->size;
	const char *name = end - head->names_size;
	const char *nul;

	for (; name < end && (nul = memchr(name, '\0', (size_t)(end - name)));
		name = nul + 1)
		hide_value(environment, name, (size_t)(nul - name));
}

/* The body, taken apart; what it points to is in the record. */
struct parts {
	char *data;
	size_t size;
	struct body body;
	struct identity identity;
	const char *workdir, *workdir_shown;
	char **strings; /* argv, NULL, env, NULL */
	char **env;
};

#define CLEANUP_PARTS __attribute__((cleanup(parts_release)))

static void parts_release(struct parts *parts)
{
	free(parts->strings);
}

/* The string at `*at`, which moves behind it; NULL where there is none. */
static char *next_string(const struct parts *parts, size_t *at)
{
	char *text = parts->data + *at;
	const char *end = memchr(text, '\0', parts->size - *at);

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

static int take_identity(struct parts *parts, size_t *at)
{
	const struct body *body = &parts->body;
	size_t size = body->groups_count * sizeof(gid_t);

	if (size > parts->size - *at)
		return -1;
	parts->identity = (struct identity){
		.set = body->identity_set,
		.group_set = body->group_set,
		.groups_set = body->groups_set,
		.uid = body->uid,
		.gid = body->gid,
		.groups = (const void *)(parts->data + *at),
		.groups_count = body->groups_count,
	};
	*at += size;
	parts->workdir = next_string(parts, at);
	parts->workdir_shown = parts->workdir ? next_string(parts, at) : NULL;
	if (!parts->workdir_shown)
		return -1;
	parts->identity.name = next_string(parts, at);
	return parts->identity.name ? 0 : -1;
}

static int take_apart(struct parts *parts)
{
	struct body *body = &parts->body;
	size_t at = sizeof *body;
	size_t total;
	char **next;

	memcpy(body, parts->data, sizeof *body);
	total = (size_t)body->argv_count + body->env_count;
	if (body->argv_count == 0 || total > parts->size / STRING_MIN ||
		!body_is_sound(body) || take_identity(parts, &at) < 0)
		return -1;
	parts->strings = mem_resize(NULL, total + 2, sizeof *parts->strings);
	next = parts->strings;
	for (size_t i = 0; i < total; i++) {
		if (i == body->argv_count)
			*next++ = NULL;
		*next = next_string(parts, &at);
		if (!*next++)
			return -1;
	}
	if (body->env_count == 0)
		*next++ = NULL;
	*next = NULL;
	parts->env = parts->strings + body->argv_count + 1;
	return at == parts->size ? 0 : -1;
}

static int read_body(struct launch_record *record, struct parts *parts, struct err *err)
{
	struct launch_head head;
	int found = launch_read_head(record, &head, err);

	if (found != 0)
		return found < 0 ? -1 : err_fail(err, "there is no launch record");
	parts->data = record->body;
	parts->size = head.size - head.names_size;
	if (take_apart(parts) < 0)
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
static int take_on(struct parts *parts, struct err *err)
{
	struct body *body = &parts->body;

	if (body->umask >= 0)
		(void)umask((mode_t)body->umask); /* never fails */
	if (limits_set(&body->limits, err) < 0 ||
		capabilities_limit(&body->capabilities, body->no_new_privs, err) < 0 ||
		identity_become(&parts->identity, err) < 0 ||
		capabilities_take(&body->capabilities, err) < 0)
		return -1;
	if (body->no_new_privs && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return err_sys(err, "no_new_privs");
	return 0;
}

/* As the application: it is its access to the directory that counts. */
static int enter_workdir(const struct parts *parts, struct err *err)
{
	struct fs fs = FS_INIT;

	fs_begin(&fs);
	if (fs_enter(&fs, parts->workdir, err) == 0)
		return 0;
	if (str_equal(parts->workdir, parts->workdir_shown))
		return -1;
	/* The text names it as it is, which is not for all eyes. */
	return err_fail(err, "change to the working directory '%s': %s",
		parts->workdir_shown, strerror(err->code));
}

int launch_execute(struct launch_record *record, void (*last)(void *user), void *user,
	struct err *err)
{
	CLEANUP_PARTS struct parts parts = {0};

	if (read_body(record, &parts, err) < 0 || take_on(&parts, err) < 0)
		return -1;
	if (*parts.workdir && enter_workdir(&parts, err) < 0)
		return -1;
	last(user);
	return execute(parts.strings, parts.env, find_path(parts.env), err);
}

int launch_as_found(const struct launch *launch, void (*last)(void *user), void *user,
	struct err *err)
{
	last(user);
	return execute(launch->argv, launch->env, find_path(launch->env), err);
}
