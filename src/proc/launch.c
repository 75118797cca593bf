/* SPDX-License-Identifier: MIT */
/* The launch record: writing it, reading it back, and taking on what it says. */
#include "proc/launch.h"

#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fs.h"
#include "base/mem.h"
#include "base/signal_name.h"
#include "base/str.h"
#include "proc/execute.h"

#define MAGIC       0x67770004u
#define RECORD_MAX  ((size_t)8 * 1024 * 1024)
#define STRINGS_MAX (RECORD_MAX - sizeof(struct launch_record))

/* The groups are used where they lie. */
_Static_assert(sizeof(struct launch_record) % _Alignof(gid_t) == 0, "groups are aligned");

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

/* Where the next string goes; `size` counts on where there is no room. */
struct string_writer {
	char *strings;
	size_t size;
};

static void add(struct string_writer *writer, const void *data, size_t size)
{
	if (size && writer->size <= STRINGS_MAX && size <= STRINGS_MAX - writer->size)
		memcpy(writer->strings + writer->size, data, size);
	writer->size += size;
}

static void add_string(struct string_writer *writer, const char *text)
{
	add(writer, text, strlen(text) + 1);
}

/* Returns how many there are. */
static uint32_t add_strings(struct string_writer *writer, char *const *list)
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
	const char *shown = launch->workdir_shown;
	struct string_writer writer = {.strings = record->strings};
	size_t names;

	record->launch = *launch;
	add(&writer, identity->groups, identity->groups_count * sizeof *identity->groups);
	add_string(&writer, launch->workdir);
	add_string(&writer, shown ? shown : launch->workdir);
	add_string(&writer, identity->name ? identity->name : "");
	record->argv_count = add_strings(&writer, launch->argv);
	record->env_count = add_strings(&writer, launch->env);
	names = writer.size;
	for (size_t i = 0; i < launch->secret_names_count; i++)
		add_string(&writer, launch->secret_names[i]);
	if (writer.size > STRINGS_MAX)
		return err_fail(err,
			"the command and its environment are over 8 MiB, which no system "
			"executes");
	record->size = (uint32_t)writer.size;
	record->names_size = (uint32_t)(writer.size - names);
	record->magic = MAGIC;
	return 0;
}

/* What is neither true nor false must not be read as a bool. */
static bool is_bool(const bool *value)
{
	unsigned char byte;

	memcpy(&byte, value, sizeof byte);
	return byte <= 1;
}

static bool is_rewriting(const struct rewriting *rewriting, int max)
{
	for (size_t i = 0; i < sizeof rewriting->to / sizeof *rewriting->to; i++)
		if (rewriting->to[i] > max + 1)
			return false;
	return true;
}

static bool are_limits(const struct limits *limits)
{
	for (size_t i = 0; i < LIMITS_MAX; i++)
		if (!is_bool(&limits->list[i].soft_set) ||
			!is_bool(&limits->list[i].hard_set))
			return false;
	return true;
}

static bool is_sound(const struct launch *launch)
{
	const struct identity *identity = &launch->identity;
	const struct capabilities *capabilities = &launch->capabilities;

	return launch->init >= LAUNCH_AUTO && launch->init <= LAUNCH_BECOME &&
		launch->kill_mode >= LAUNCH_KILL_PROCESS &&
		launch->kill_mode <= LAUNCH_KILL_GROUP && launch->death_signal >= 0 &&
		launch->death_signal <= SIGNALS_MAX && launch->stop_timeout_ms >= -1 &&
		launch->leftover_timeout_ms >= -1 && is_bool(&launch->no_new_privs) &&
		is_bool(&capabilities->set) && is_bool(&capabilities->all) &&
		is_bool(&capabilities->none) && is_bool(&identity->set) &&
		is_bool(&identity->group_set) && is_bool(&identity->groups_set) &&
		identity->groups_count <= IDENTITY_GROUPS_MAX &&
		is_rewriting(&launch->signals, SIGNALS_MAX) &&
		is_rewriting(&launch->exit_codes, 255) && are_limits(&launch->limits);
}

int launch_read(const struct launch_record *record, struct launch *ret, struct err *err)
{
	if (record->magic == 0)
		return 1;
	if (record->magic != MAGIC || record->size > STRINGS_MAX ||
		record->names_size > record->size || !is_sound(&record->launch))
		return err_fail(err, "the launch record is damaged");
	*ret = record->launch;
	ret->identity.groups = NULL;
	ret->identity.name = ret->identity.home = NULL;
	ret->workdir = ret->workdir_shown = NULL;
	ret->argv = ret->env = NULL;
	ret->secret_names = NULL;
	return 0;
}

static void hide_value(char *const *environment, const char *name, size_t size)
{
	for (; *environment; environment++)
		if (strncmp(*environment, name, size) == 0 && (*environment)[size] == '=')
			memset(*environment + size + 1, '*',
				strlen(*environment + size + 1));
}

void launch_hide(const struct launch_record *record, char *const *environment)
{
	const char *end = record->strings + record->size;
	const char *name = end - record->names_size;
	const char *nul;

	for (; name < end && (nul = memchr(name, '\0', (size_t)(end - name)));
		name = nul + 1)
		hide_value(environment, name, (size_t)(nul - name));
}

/* ---- the process that becomes the application ---- */

/* What is left of the strings of a record. */
struct string_reader {
	char *next;
	size_t size;
};

/* `size` bytes, or NULL where there are not that many. */
static char *take(struct string_reader *reader, size_t size)
{
	char *data = reader->next;

	if (size > reader->size)
		return NULL;
	reader->next += size;
	reader->size -= size;
	return data;
}

/* The next string, or NULL where there is none. */
static char *take_string(struct string_reader *reader)
{
	const char *end = memchr(reader->next, '\0', reader->size);

	return end ? take(reader, (size_t)(end - reader->next) + 1) : NULL;
}

/* A NULL-terminated list at `ret`. Returns what is behind it, or NULL on error. */
static char **take_strings(struct string_reader *reader, size_t count, char **ret)
{
	for (; count; count--) {
		*ret = take_string(reader);
		if (!*ret++)
			return NULL;
	}
	*ret++ = NULL;
	return ret;
}

/* Lets the launch point into its record. `*ret_list` has argv and env: free(). */
static int read_strings(
	struct launch_record *record, struct launch *launch, char ***ret_list)
{
	struct identity *identity = &launch->identity;
	struct string_reader reader = {
		record->strings, record->size - record->names_size};
	size_t count = (size_t)record->argv_count + record->env_count;
	char **env, **end = NULL;

	if (record->argv_count == 0 || count > reader.size)
		return -1;
	identity->groups = (const void *)take(
		&reader, identity->groups_count * sizeof *identity->groups);
	launch->workdir = take_string(&reader);
	launch->workdir_shown = take_string(&reader);
	identity->name = take_string(&reader); /* NULL where one of them is missing */
	if (!identity->groups || !identity->name)
		return -1;
	*ret_list = mem_resize(NULL, count + 2, sizeof **ret_list);
	env = take_strings(&reader, record->argv_count, *ret_list);
	if (env)
		end = take_strings(&reader, record->env_count, env);
	launch->argv = *ret_list;
	launch->env = env;
	return end && reader.size == 0 ? 0 : -1;
}

static const char *find_path(char *const *env)
{
	for (; *env; env++)
		if (str_starts(*env, "PATH="))
			return *env + strlen("PATH=");
	return NULL;
}

/* What needs the rights that we have comes first; then they are given up. */
static int take_on(struct launch *launch, struct err *err)
{
	if (launch->umask >= 0)
		(void)umask((mode_t)launch->umask); /* never fails */
	if (limits_set(&launch->limits, err) < 0 ||
		capabilities_limit(&launch->capabilities, launch->no_new_privs, err) <
			0 ||
		identity_become(&launch->identity, err) < 0 ||
		capabilities_take(&launch->capabilities, err) < 0)
		return -1;
	if (launch->no_new_privs && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return err_sys(err, "no_new_privs");
	return 0;
}

/* As the application: it is its access to the directory that counts. */
static int enter_workdir(const struct launch *launch, struct err *err)
{
	struct fs fs = FS_INIT;

	if (!*launch->workdir)
		return 0;
	fs_begin(&fs);
	if (fs_enter(&fs, launch->workdir, err) == 0)
		return 0;
	if (str_equal(launch->workdir, launch->workdir_shown))
		return -1;
	/* The text names it as it is, which is not for all eyes. */
	return err_fail(err, "change to the working directory '%s': %s",
		launch->workdir_shown, strerror(err->code));
}

int launch_execute(const struct launch *launch, struct launch_record *record,
	void (*last)(void *user), void *user, struct err *err)
{
	CLEANUP_FREE char **list = NULL;
	struct launch whole = *launch;

	if (record && read_strings(record, &whole, &list) < 0)
		return err_fail(err, "the launch record is damaged");
	if (record && (take_on(&whole, err) < 0 || enter_workdir(&whole, err) < 0))
		return -1;
	last(user);
	return execute(whole.argv, whole.env, find_path(whole.env), err);
}
