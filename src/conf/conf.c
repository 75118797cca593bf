/* SPDX-License-Identifier: MIT */
/* Loading the configuration: drop-ins found, read in order, merged, checked. */
#include "conf/conf.h"

#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/cwd.h"
#include "base/err.h"
#include "base/json.h"
#include "base/log.h"
#include "base/path.h"
#include "base/problems.h"
#include "conf/dropin.h"
#include "conf/manifest.h"
#include "conf/merge.h"
#include "conf/module.h"
#include "conf/reader.h"

const char *const conf_search_path[] = {
	"/usr/lib/groundwork/conf.d",
	"/usr/local/lib/groundwork/conf.d",
	"/etc/groundwork/conf.d",
	"/run/groundwork/conf.d",
	NULL,
};

/*
 * Returns 0, 1 where it is empty, 2 where what is wrong was listed, or -1 where reading
 * failed, by no error of the configuration.
 */
static int read_file(struct conf *conf, const struct dropin *dropin,
	const struct log *log, struct buf *text, struct err *err)
{
	int rc = dropin_read(dropin, READER_FILE_MAX, log, text, err);

	if (rc >= 0 || err->kind != ERR_CONFIG)
		return rc;
	problems_add(conf->merge->problems, (struct place){.file = dropin->path}, "%s",
		err->text);
	return 2;
}

/* It is one of the configuration. */
static void note_file(
	struct conf *conf, const struct dropin *dropin, const struct buf *text)
{
	struct conf_file *file;

	conf->files = arena_array_grow(
		&conf->arena, conf->files, conf->files_count, sizeof *conf->files);
	file = &conf->files[conf->files_count++];
	file->path = dropin->path;
	crypto_digest(text->data, text->len, file->digest);
}

/* `dir` is the file's directory, absolute. */
static void read_lines(struct conf *conf, const struct dropin *dropin, const char *dir,
	const struct buf *text)
{
	const struct reader_handler handler = {.line = merge_line, .user = conf->merge};

	note_file(conf, dropin, text);
	conf->merge->text = NULL; /* that of another file has ended with it */
	reader_read(dropin->path, dir, text->data, text->len, &conf->arena, &handler,
		conf->merge->problems);
}

static int load_dropin(struct conf *conf, const struct dropin *dropin, const char *cwd,
	const struct log *log, struct err *err)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	int rc = read_file(conf, dropin, log, &text, err);

	if (rc == 1 && log)
		log_info(log, "'%s' is empty: it masks that name", dropin->path);
	if (rc == 0)
		read_lines(conf, dropin,
			path_dir(
				&conf->arena, path_join(&conf->arena, cwd, dropin->path)),
			&text);
	return rc < 0 ? -1 : 0;
}

/* What is merged by now. */
static void finish(struct conf *conf)
{
	merge_finish(conf->merge);
	conf->sections = conf->merge->sections.first;
}

int conf_load(struct conf *conf, const char *const *paths, const struct schema *schemas,
	const struct log *log, struct problems *problems, struct err *err)
{
	struct dropins dropins;
	char cwd[PATH_MAX];

	if (cwd_get(cwd, sizeof cwd, err) < 0)
		return -1;
	conf->merge = arena_alloc(&conf->arena, sizeof *conf->merge);
	*conf->merge = (struct merge){
		.arena = &conf->arena,
		.schemas = schemas,
		.words = conf->words,
		.conditions = conf->conditions,
		.problems = problems,
		.log = log,
	};
	if (dropins_find(paths ? paths : conf_search_path, paths != NULL, &conf->arena,
		    log, &dropins, err) < 0)
		return -1;
	for (size_t i = 0; i < dropins.count; i++)
		if (load_dropin(conf, &dropins.list[i], cwd, log, err) < 0)
			return -1;
	conf->dropins_count = conf->files_count;
	finish(conf);
	return 0;
}

/* Reads it again: 0, 1 where it masks its name, or -1. A pipe has nothing any more. */
static int read_again(const struct dropin *dropin, struct buf *text)
{
	const struct log quiet = {.fd = -1};
	struct stat st;
	DECLARE_ERR(err);

	if (stat(dropin->path, &st) < 0)
		return -1;
	if (!S_ISREG(st.st_mode) && !(S_ISCHR(st.st_mode) && dropin->from_directory))
		return -1;
	return dropin_read(dropin, READER_FILE_MAX, &quiet, text, &err);
}

bool conf_is_as_read(struct conf *conf, const char *const *paths)
{
	struct dropins dropins;
	size_t count = 0;
	DECLARE_ERR(err);

	if (dropins_find(paths ? paths : conf_search_path, paths != NULL, &conf->arena,
		    NULL, &dropins, &err) < 0)
		return false;
	for (size_t i = 0; i < dropins.count; i++) {
		const struct conf_file *file = &conf->files[count];
		CLEANUP_BUF struct buf text = BUF_INIT;
		unsigned char digest[DIGEST_SIZE];
		int rc = read_again(&dropins.list[i], &text);

		if (rc == 1)
			continue;
		if (rc < 0 || count++ == conf->dropins_count ||
			strcmp(file->path, dropins.list[i].path) != 0)
			return false;
		crypto_digest(text.data, text.len, digest);
		if (memcmp(digest, file->digest, sizeof digest) != 0)
			return false;
	}
	return count == conf->dropins_count;
}

/* ---- modules ---- */

static struct dropin file_of(
	struct conf *conf, const struct module *module, const char *name)
{
	return (struct dropin){
		.path = arena_printf(&conf->arena, "%s/%s", module->path, name),
		.from_directory = true,
		.warned = module->warned,
	};
}

/* A name that is none would be an id that nobody can write. */
static void check_name(struct conf *conf, const struct module *module, const char *file)
{
	const char *slash = strchr(module->name, '/');
	const char *first = slash
		? arena_memdup(&conf->arena, module->name, (size_t)(slash - module->name))
		: module->name;

	if (!is_section_name(first) || (slash && !is_section_name(slash + 1)))
		problems_add(conf->merge->problems, (struct place){.file = file},
			"'%s' is no name of a module: it has up to %d letters, digits, "
			"'_', '.' and '-', and begins with a letter or digit",
			module->name, NAME_MAX_SIZE);
}

static int load_manifest(struct conf *conf, const struct module *module,
	const struct log *log, struct manifest_database *ret, struct err *err)
{
	const struct dropin file = file_of(conf, module, MODULE_MANIFEST);
	CLEANUP_BUF struct buf text = BUF_INIT;
	int rc = read_file(conf, &file, log, &text, err);

	if (rc < 0 || rc == 2)
		return rc < 0 ? -1 : 0;
	if (!memmem(text.data, text.len, MANIFEST_MEMBER, strlen(MANIFEST_MEMBER)) &&
		manifest_pass_over(file.path, &text, conf->merge))
		return 0;
	note_file(conf, &file, &text);
	check_name(conf, module, file.path);
	manifest_read(module, file.path, &text, conf->merge, ret);
	return 0;
}

static int load_ini(struct conf *conf, const struct module *module, const struct log *log,
	struct err *err)
{
	const struct dropin file = file_of(conf, module, MODULE_INI);
	CLEANUP_BUF struct buf text = BUF_INIT;
	int rc = read_file(conf, &file, log, &text, err);

	if (rc != 0)
		return rc < 0 ? -1 : 0;
	check_name(conf, module, file.path);
	read_lines(conf, &file, module->path, &text);
	return 0;
}

/* Two directories may have modules of one name: which is meant? */
static void check_twice(struct conf *conf, const struct modules *modules)
{
	for (size_t i = 1; i < modules->count; i++) {
		const struct module *module = &modules->list[i];

		if (strcmp(module->name, module[-1].name) == 0)
			problems_add(conf->merge->problems,
				(struct place){.file = module->path},
				"module '%s' is in '%s', too: keep one of them, or put a "
				"file .disabled into the other",
				module->name, module[-1].path);
	}
}

int conf_load_modules(struct conf *conf, const char *const *directories,
	const struct value *databases, const struct log *log,
	const struct section **ret_first, struct err *err)
{
	const struct section *last = conf->merge->sections.last;
	struct modules modules;
	struct manifest_database *asked;

	if (modules_find(directories, &conf->arena, log, &modules, err) < 0)
		return -1;
	check_twice(conf, &modules);
	asked = arena_alloc(&conf->arena, (modules.count + 1) * sizeof *asked);
	for (size_t i = 0; i < modules.count; i++) {
		const struct module *module = &modules.list[i];

		asked[i] = (struct manifest_database){0};
		conf->merge->module = module->name;
		if (module->manifest &&
			load_manifest(conf, module, log, &asked[i], err) < 0)
			return -1;
		if (module->ini && load_ini(conf, module, log, err) < 0)
			return -1;
	}
	conf->disabled = modules.disabled;
	conf->empty = modules.empty;
	conf->merge->disabled = &conf->disabled;
	merge_overrides(conf->merge);
	conf->merge->disabled = NULL;
	for (size_t i = 0; i < modules.count; i++)
		if (asked[i].name)
			manifest_declare(
				&asked[i], modules.list[i].name, databases, conf->merge);
	merge_hint_modules(conf->merge);
	*ret_first = last ? last->next : conf->merge->sections.first;
	finish(conf);
	return 0;
}

struct section *conf_section(const struct conf *conf, const char *id)
{
	return table_get(&conf->merge->sections.by_id, id, strlen(id));
}

void conf_release(struct conf *conf)
{
	arena_release(&conf->arena);
	*conf = (struct conf){0};
}
