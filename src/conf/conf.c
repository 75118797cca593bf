/* SPDX-License-Identifier: MIT */
/* Loading the configuration: drop-ins found, read in order, merged, checked. */
#include "conf/conf.h"

#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/log.h"
#include "base/path.h"
#include "base/problems.h"
#include "base/str.h"
#include "conf/dropin.h"
#include "conf/merge.h"
#include "conf/reader.h"

const char *const conf_search_path[] = {
	"/usr/lib/groundwork/conf.d",
	"/usr/local/lib/groundwork/conf.d",
	"/etc/groundwork/conf.d",
	"/run/groundwork/conf.d",
	NULL,
};

struct loader {
	struct conf *conf;
	const struct log *log;
	const char *cwd; /* absolute */
	struct merge merge;
};

/* Returns 0, or -1 where reading failed, by no error of the configuration. */
static int load_file(struct loader *loader, const struct dropin *dropin, struct err *err)
{
	const struct reader_handler handler = {
		.line = merge_line, .user = &loader->merge};
	struct problems *problems = loader->merge.problems;
	struct conf *conf = loader->conf;
	CLEANUP_BUF struct buf text = BUF_INIT;
	struct conf_file *file;
	const char *dir;
	int result;

	result = dropin_read(dropin, READER_FILE_MAX, loader->log, &text, err);
	if (result < 0 && err->kind != ERR_CONFIG)
		return -1;
	if (result < 0) {
		problems_add(
			problems, (struct place){.file = dropin->path}, "%s", err->text);
		return 0;
	}
	if (result == 1) {
		if (loader->log)
			log_info(loader->log, "'%s' is empty: it masks that name",
				dropin->path);
		return 0;
	}
	file = &conf->files[conf->files_count++];
	file->path = dropin->path;
	crypto_digest(text.data, text.len, file->digest);
	dir = path_dir(&conf->arena, path_join(&conf->arena, loader->cwd, dropin->path));
	reader_read(
		dropin->path, dir, text.data, text.len, &conf->arena, &handler, problems);
	return 0;
}

int conf_load(struct conf *conf, const char *const *paths, const struct schema *schemas,
	const struct log *log, struct problems *problems, struct err *err)
{
	struct loader loader = {
		.conf = conf,
		.log = log,
		.merge = {.arena = &conf->arena,
			.schemas = schemas,
			.words = conf->words,
			.conditions = conf->conditions,
			.problems = problems},
	};
	CLEANUP_FREE char *cwd = getcwd(NULL, 0);
	struct dropins dropins;
	int result = 0;

	if (!cwd)
		return err_sys(err, "find the working directory");
	loader.cwd = cwd;
	if (dropins_find(paths ? paths : conf_search_path, paths != NULL, &conf->arena,
		    log, &dropins, err) < 0)
		return -1;
	conf->files = arena_alloc(&conf->arena, dropins.count * sizeof *conf->files);
	for (size_t i = 0; i < dropins.count && result == 0; i++)
		result = load_file(&loader, &dropins.list[i], err);
	if (result < 0)
		return -1;
	merge_finish(&loader.merge);
	conf->sections = loader.merge.sections.first;
	conf->sections_count = loader.merge.sections.count;
	return 0;
}

void conf_release(struct conf *conf)
{
	arena_release(&conf->arena);
	*conf = (struct conf){0};
}
