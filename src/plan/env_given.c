/* SPDX-License-Identifier: MIT */
/* The env_files of [app]: reading them, and who has what they set. */
#include "plan/env_given.h"

#include <string.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/fs_writer.h"
#include "base/listed.h"
#include "base/log.h"
#include "base/str.h"
#include "plan/bootstrap.h"
#include "plan/env_file.h"
#include "step/from_file.h"

#define ENV_FILE_MAX ((size_t)1024 * 1024)
#define NAMES_MAX    5 /* that a message lists */

struct given {
	struct bootstrap *bootstrap;
	const char *path;
	struct fs_writer writer;
	struct stat st;
};

/* The device that everybody can write to, and nobody reads anything from. */
static bool is_nothing(const char *path)
{
	return str_equal(path, "/dev/null");
}

/* Returns 0, 1 where the file is missing, or -1. */
static int find(struct given *given, struct err *err)
{
	if (fd_named(given->path) >= 0)
		return 0; /* ours, whoever has opened it */
	if (is_nothing(given->path))
		return 0;
	return fs_find_writer(
		&given->bootstrap->ctx.fs, given->path, &given->writer, &given->st, err);
}

static struct given given_of(struct bootstrap *bootstrap, const char *path)
{
	return (struct given){.bootstrap = bootstrap, .path = read_path_name(path)};
}

static int read_file(const struct given *given, const struct log *log, struct env *env,
	struct err *err)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	int rc = 0;

	if (!is_nothing(given->path))
		rc = fs_read(&given->bootstrap->ctx.fs, given->path, FS_ANY, ENV_FILE_MAX,
			&text, err);
	if (rc != 0)
		return rc;
	if (memchr(text.data, '\0', text.len))
		return err_config(err, "'%s' holds a NUL byte", given->path);
	return env_file_parse(text.data, given->path, log, env, err);
}

static const char *name_of(struct bootstrap *bootstrap, const char *line)
{
	return arena_memdup(&bootstrap->arena, line, strcspn(line, "="));
}

static const char *who(const struct given *given)
{
	CLEANUP_BUF struct buf text = BUF_INIT;

	fs_writer_text(&given->writer, &text);
	return arena_strdup(&given->bootstrap->arena, text.data);
}

/* ---- whose it is ---- */

/* With capabilities it can do what its user cannot. */
static bool keeps_capabilities(const struct bootstrap *bootstrap)
{
	const struct setting *kept =
		settings_written(&bootstrap->conf, "app", "capabilities");

	return kept && kept->value && !str_equal(kept->value->flat, "none");
}

static bool is_users(const struct given *given, uid_t user)
{
	const struct fs_writer *writer = &given->writer;
	const struct fs *fs = &given->bootstrap->ctx.fs;

	if (keeps_capabilities(given->bootstrap))
		return false;
	if (writer->by == FS_SOMEBODY)
		return writer->uid == user;
	return (writer->way == FS_WAY_PATH || fs_writer_is_group(fs, writer)) &&
		(writer->owner == user || fs_is_trusted(fs, writer->owner));
}

static int must_be_the_applications(const struct given *given, struct err *err)
{
	const struct bootstrap *bootstrap = given->bootstrap;
	const struct ctx *ctx = &bootstrap->ctx;
	uid_t user = ctx->fs.app != FS_INHERIT ? ctx->fs.app : ctx->fs.self;

	if (is_users(given, user))
		return 0;
	return err_config(err,
		"'%s' (%u:%u, %04o) can be changed by %s, and what it sets would be the "
		"application's, which runs as user %u%s: %s, or mount it read-only",
		given->path, given->st.st_uid, given->st.st_gid,
		(unsigned)(given->st.st_mode & 07777), who(given), user,
		keeps_capabilities(bootstrap) ? " and keeps capabilities" : "",
		fs_writer_advice(&given->writer, NULL));
}

/* ---- for the application ---- */

/* It would be read with our rights. */
static int names_no_file(
	const struct given *given, const struct env *set, struct err *err)
{
	struct ctx scratch = given->bootstrap->ctx;

	from_file_find(&scratch, &given->bootstrap->settings.app.env_from_file, set);
	for (size_t i = 0; i < scratch.from_file_count; i++) {
		const struct from_file *from = &scratch.from_file[i];

		if (from_file_path(from, set))
			return err_config(err,
				"%s is set in '%s', which can be changed by %s, and no "
				"file that it names is read for `env_from_file`: set %s "
				"there instead",
				from->holder, given->path, who(given), from->name);
	}
	return 0;
}

static void put_all(struct env *env, const struct env *set)
{
	for (size_t i = 0; i < set->count; i++)
		env_put(env, set->list[i]);
}

static int read_for_application(const struct given *given, const struct log *log,
	struct env *env, struct err *err)
{
	CLEANUP_ENV struct env set = {0};
	int rc = must_be_the_applications(given, err);

	if (rc == 0)
		rc = read_file(given, log, &set, err);
	if (rc == 0)
		rc = names_no_file(given, &set, err);
	if (rc != 0)
		return rc;
	put_all(env, &set);
	return 0;
}

int env_given_read(struct bootstrap *bootstrap, const char *path, const struct log *log,
	struct env *env, struct err *err)
{
	struct given given = given_of(bootstrap, path);
	int rc = find(&given, err);

	if (rc == 0)
		rc = given.writer.by == FS_NOBODY
			? read_file(&given, log, env, err)
			: read_for_application(&given, log, env, err);
	if (rc == 1)
		return read_path_is_optional(path)
			? 0
			: err_fail(err,
				  "'%s' does not exist; a '-' in front makes it optional",
				  given.path);
	return rc;
}

/* ---- for steps ---- */

static void note(const struct given *given, enum log_level level, const char *what)
{
	const struct bootstrap *bootstrap = given->bootstrap;
	struct log_event event = {.level = level,
		.at = settings_written(&bootstrap->conf, "app", "env_file")->at};

	event.message = arena_printf(&given->bootstrap->arena,
		"[app] env_file: '%s' can be changed by %s: %s", given->path, who(given),
		what);
	log_event(bootstrap->ctx.log, &event);
}

/* Of each variable why no step sees it. */
static void withhold(const struct given *given, const struct env *set)
{
	struct bootstrap *bootstrap = given->bootstrap;
	const char *why = arena_printf(&bootstrap->arena,
		"'%s' (%u:%u, %04o), which can be changed by %s, sets it for the "
		"application alone: %s, or mount it read-only",
		given->path, given->st.st_uid, given->st.st_gid,
		(unsigned)(given->st.st_mode & 07777), who(given),
		fs_writer_advice(&given->writer, NULL));

	for (size_t i = 0; i < set->count; i++)
		env_set(&bootstrap->apps, name_of(bootstrap, set->list[i]), why);
}

void env_given_begin(struct bootstrap *bootstrap)
{
	const struct list *files = &bootstrap->settings.app.env_file;

	for (size_t i = 0; i < files->count; i++) {
		struct given given = given_of(bootstrap, files->items[i]);
		CLEANUP_ENV struct env set = {0};
		DECLARE_ERR(ignored);

		if (find(&given, &ignored) != 0)
			continue;
		/* Or not: see the header. */
		(void)read_file(&given, NULL, &set, &ignored);
		if (given.writer.by != FS_NOBODY)
			withhold(&given, &set);
		else
			put_all(&bootstrap->env, &set);
	}
}

static bool has_command(const struct step *step)
{
	const struct field *field = step->kind->fields;

	for (; field->name; field++)
		if (field->type == FIELD_COMMAND &&
			section_get(step->section, field->name))
			return step->keys.enabled;
	return false;
}

static bool runs_commands(const struct bootstrap *bootstrap)
{
	for (size_t i = 0; i < bootstrap->plan.count; i++)
		if (has_command(bootstrap->plan.order[i]->step))
			return bootstrap->purpose != TO_EXEC;
	return false;
}

static void note_set(const struct given *given, const struct env *set)
{
	CLEANUP_BUF struct buf text = BUF_INIT;

	buf_puts(&text, "what it sets is the application's alone, and no step sees it: ");
	for (size_t i = 0; i < set->count; i++)
		listed_add(&text, i, set->count, NAMES_MAX, "%s",
			name_of(given->bootstrap, set->list[i]));
	buf_printf(&text, "; if commands are to see it, %s, or mount it read-only",
		fs_writer_advice(&given->writer, NULL));
	note(given, runs_commands(given->bootstrap) ? LOG_WARN : LOG_INFO, text.data);
}

void env_given_note(struct bootstrap *bootstrap)
{
	const struct list *files = &bootstrap->settings.app.env_file;

	if (bootstrap->purpose == TO_STATUS)
		return;
	for (size_t i = 0; i < files->count; i++) {
		struct given given = given_of(bootstrap, files->items[i]);
		CLEANUP_ENV struct env set = {0};
		DECLARE_ERR(ignored); /* it is raised where the file is read to be used */

		if (find(&given, &ignored) == 0 && given.writer.by != FS_NOBODY &&
			read_for_application(&given, NULL, &set, &ignored) == 0 &&
			set.count)
			note_set(&given, &set);
	}
}

/* Does the application run as a user of whom the file is, as far as that is known? */
static bool may_be_users(const struct given *given)
{
	uid_t app = given->bootstrap->ctx.fs.app;

	return app != FS_INHERIT && is_users(given, app);
}

void env_given_check(struct bootstrap *bootstrap)
{
	const struct list *files = &bootstrap->settings.app.env_file;

	for (size_t i = 0; i < files->count; i++) {
		struct given given = given_of(bootstrap, files->items[i]);
		DECLARE_ERR(ignored);

		if (find(&given, &ignored) != 0 || given.writer.by == FS_NOBODY)
			continue;
		if (may_be_users(&given))
			note(&given, LOG_INFO,
				"what it sets is the application's alone, and no step "
				"sees it");
		else
			note(&given, LOG_WARN,
				"a start as root is refused, unless the application runs "
				"as that user");
	}
}
