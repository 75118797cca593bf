/* SPDX-License-Identifier: MIT */
/* The launch record: writing it, checking it, and taking on what it says. */
#include "proc/launch.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/env.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/str.h"
#include "proc/activation.h"
#include "proc/execute.h"
#include "proc/streams.h"

#define RECORD_MAX ((size_t)8 * 1024 * 1024)
#define ROOM_MAX   (RECORD_MAX - sizeof(struct launch_record))
#define ALIGNMENT  _Alignof(struct launch_record)

_Static_assert(offsetof(struct launch_record, room) % ALIGNMENT == 0, "room is aligned");

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

/* ---- writing ---- */

/* Room for `size` bytes in the record; NULL, now and from then on, where it is full. */
static void *take(struct launch_record *record, size_t size)
{
	size_t whole = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
	char *room;

	if (record->size > ROOM_MAX || whole > ROOM_MAX - record->size) {
		record->size = UINT32_MAX;
		return NULL;
	}
	room = record->room + record->size;
	record->size += (uint32_t)whole;
	return room;
}

static void *keep(struct launch_record *record, const void *data, size_t size)
{
	void *room = take(record, size);

	if (room && size)
		memcpy(room, data, size);
	return room;
}

static char *keep_string(struct launch_record *record, const char *text)
{
	return keep(record, text, strlen(text) + 1);
}

/* A list that ends with NULL, or NULL for an empty one. */
static char **keep_list(struct launch_record *record, const char *const *list)
{
	size_t count = 0;
	char **kept;

	while (list && list[count])
		count++;
	kept = take(record, (count + 1) * sizeof *kept);
	for (size_t i = 0; kept && i < count; i++)
		kept[i] = keep_string(record, list[i]);
	return kept;
}

static void keep_place(struct launch_record *record, struct place *at)
{
	if (at->file)
		at->file = keep_string(record, at->file);
}

/* For stray writes: one of a single byte is seen for certain (base/hash.h). */
static uint64_t digest_of(const void *data, size_t size)
{
	uint64_t digest = hash_add(HASH_BEGIN, data, size);

	return digest ? digest : 1;
}

static uint64_t digest_settings(const struct launch_record *record)
{
	const char *settings = (const char *)&record->size;
	const char *end = record->room + record->names_size;

	return digest_of(settings, (size_t)(end - settings));
}

int launch_write(
	struct launch_record *record, const struct launch *launch, struct err *err)
{
	const char *shown = launch->workdir_shown;
	struct identity *identity = &record->launch.identity;
	struct launch *kept = &record->launch;

	*kept = *launch;
	kept->secret_names = (const char *const *)keep_list(record, launch->secret_names);
	record->names_size = record->size;
	identity->groups = keep(record, identity->groups,
		identity->groups_count * sizeof *identity->groups);
	identity->name = keep_string(record, identity->name ? identity->name : "");
	identity->home = NULL;
	kept->workdir = keep_string(record, launch->workdir);
	kept->workdir_shown = keep_string(record, shown ? shown : launch->workdir);
	keep_place(record, &kept->workdir_at);
	keep_place(record, &kept->command_at);
	kept->argv = keep_list(record, (const char *const *)launch->argv);
	kept->env = keep_list(record, (const char *const *)launch->env);
	if (record->size > ROOM_MAX)
		return err_fail(err,
			"the command and its environment are over 8 MiB, which no system "
			"executes");
	record->room_digest = digest_of(record->room, record->size);
	record->digest = digest_settings(record);
	return 0;
}

/* ---- reading ---- */

int launch_read(const struct launch_record *record, struct launch *ret, struct err *err)
{
	if (!record->digest)
		return 1;
	if (record->names_size > ROOM_MAX || record->digest != digest_settings(record))
		return err_fail(err, "the launch record is damaged");
	*ret = record->launch;
	return 0;
}

void launch_hide(const struct launch *launch, char **environment)
{
	for (; *environment; environment++) {
		size_t size = strcspn(*environment, "=");
		char *value = *environment + size;

		for (size_t i = 0; *value && launch->secret_names[i]; i++)
			if (strlen(launch->secret_names[i]) == size &&
				memcmp(launch->secret_names[i], *environment, size) ==
					0) {
				if (launch->reload)
					*environment = mem_strdup(*environment);
				memset(value + 1, '*', strlen(value + 1));
				break;
			}
	}
}

/* ---- the process that becomes the application ---- */

/* The kernel may refuse any of it: that is found out by a process that does it. */
int launch_take_on(const struct launch *launch, const char **ret_key, struct err *err)
{
	struct capabilities keep = launch->capabilities;

	*ret_key = "limits";
	if (limits_set(&launch->limits, err) < 0)
		return -1;
	*ret_key = "capabilities";
	if (capabilities_limit(&keep, launch->no_new_privs, err) < 0)
		return -1;
	*ret_key = "user";
	if (identity_become(&launch->identity, err) < 0)
		return -1;
	*ret_key = "capabilities";
	if (capabilities_take(&keep, err) < 0)
		return -1;
	*ret_key = "no_new_privs";
	if (launch->no_new_privs && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return err_sys(err, "prctl");
	return 0;
}

/* What needs the rights that we have comes first; then they are given up. */
static int take_on(const struct launch *launch, struct err *err)
{
	const char *key;

	if (launch->started_as == 1)
		streams_give(&launch->identity);
	if (launch->umask >= 0)
		(void)umask((mode_t)launch->umask); /* never fails */
	if (launch_take_on(launch, &key, err) == 0)
		return 0;
	return err_prefix(err, "[app] %s", key);
}

/* As the application: it is its access to the directory that counts. */
int launch_enter(const struct launch *launch, struct err *err)
{
	struct fs fs = FS_INIT;
	char us[128];

	if (!*launch->workdir)
		return 0;
	fs_begin(&fs);
	if (fs_enter(&fs, launch->workdir, err) == 0)
		return 0;
	/* The text names it as it is, which is not for all eyes. */
	if (launch->workdir_shown && !str_equal(launch->workdir, launch->workdir_shown))
		(void)err_code(err, err->code, /* always -1 */
			"change to the working directory '%s': %s", launch->workdir_shown,
			strerror(err->code));
	if (err->code == ENOENT)
		return err_append(err, "; the image, a volume or a step has to make it");
	if (err->code != EACCES)
		return -1;
	return err_append(err, "; user %s must be able to enter it and all above it (x)",
		identity_uid_text(geteuid(), us, sizeof us));
}

int launch_execute(const struct launch *launch, const struct launch_record *record,
	void (*last)(void *user), void *user, struct err *err)
{
	CLEANUP_ENV struct env room = {0};
	char *const *env;

	if (record && record->room_digest != digest_of(record->room, record->size))
		return err_fail(err, "the launch record is damaged");
	if (take_on(launch, err) < 0)
		return -1;
	if (launch_enter(launch, err) < 0) {
		(void)err_prefix(err, "[app] workdir"); /* always -1 */
		return err_at(err, launch->workdir_at);
	}
	env = activation_env(launch->env, launch->started_as, &room);
	last(user);
	(void)execute(launch->argv, env, *launch->workdir ? launch->workdir_shown : NULL,
		err); /* always -1 */
	if (!launch->command_at.file)
		return -1;
	(void)err_prefix(err, "[app] command"); /* always -1 */
	return err_at(err, launch->command_at);
}
