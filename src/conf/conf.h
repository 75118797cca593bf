/* SPDX-License-Identifier: MIT */
/*
 * The configuration: all drop-ins, found, read and merged. What they mean is for
 * the floors above.
 *
 *	struct conf conf = {.words = …};
 *	conf_load → conf_load_modules → … use … → conf_release
 *
 * Merging: a later file overrides single keys of a section; "key =" resets one; "key +="
 * appends; [defaults:kind] fills what a step of the kind does not write. The same key or
 * header twice in one file is an error.
 */
#ifndef CONF_CONF_H
#define CONF_CONF_H

#include <stdbool.h>
#include <stddef.h>

#include "base/crypto.h"
#include "base/mem.h"
#include "conf/field.h"
#include "conf/value.h"

struct err;
struct log;

/* The sections that may be written, and their keys: all that conf knows of kinds. */
struct schema {
	const char *kind;
	const char *elsewhere;      /* what others call it, as of a field; or NULL */
	const struct field *fields; /* the kind's own */
	const struct field *common; /* of every step; NULL */
	bool settings;              /* [app]: stands without a name */
	bool variables;             /* [env]: any name of a variable is a key, too */
};

struct conf_file {
	const char *path; /* as found: shown in errors */
	unsigned char digest[DIGEST_SIZE];
};

struct conf {
	struct arena arena;
	const char *const *words; /* of ${word:name} (conf/expand.h); NULL: any */
	const struct condition_kind *conditions; /* of ${if …}; NULL: any */
	struct section *sections;
	struct conf_file *files; /* in the order in which they were read */
	size_t files_count;
	size_t dropins_count; /* of them: those of conf_load(), which come first */
	struct list disabled; /* names of modules that are passed over */
	struct list empty;    /* what is to be said of directories without modules */
	bool incomplete;      /* the modules could not be read, which is an error */
	struct merge *merge;  /* what goes on from drop-ins to modules */
};

/* The search path of systemd's units, under our name. NULL-terminated, earliest first. */
extern const char *const conf_search_path[];

/*
 * Finds and reads the drop-ins. `paths` (NULL-terminated; NULL: the search path): a
 * directory gives its *.ini; a file is read whatever its name. All files are read in the
 * order of their base names, bytewise; of one base name in several directories the last
 * counts, and the log says so; an empty file or a link to /dev/null masks. A path of
 * `paths` that is missing is an error; a directory of the search path that is missing is
 * not.
 *
 * `schemas` ends with a NULL kind, and outlives `conf`. Every error of every file goes to
 * `problems`, and 0 is returned; -1 only where nothing can be read at all: I/O, or a path
 * that is missing.
 */
int conf_load(struct conf *conf, const char *const *paths, const struct schema *schemas,
	const struct log *log, struct problems *problems, struct err *err);

/*
 * Has conf_load() with these paths read what lies there now? Also false where that cannot
 * be found out, as of a pipe. Says nothing in the log.
 */
bool conf_is_as_read(struct conf *conf, const char *const *paths);

/*
 * Reads the modules below the directories (conf/module.h), with what the drop-ins say of
 * their sections; none (NULL) leaves that to be an error. `databases` is how the
 * directory of databases that nobody declares is written, or NULL. What is wrong goes to
 * the `problems` of conf_load(). Returns as that does; in `ret_first` is the first
 * section that is new, or NULL, and the others are behind it.
 */
int conf_load_modules(struct conf *conf, const char *const *directories,
	const struct value *databases, const struct log *log,
	const struct section **ret_first, struct err *err);

/* The section of that id, or NULL. */
struct section *conf_section(const struct conf *conf, const char *id);

void conf_release(struct conf *conf);

#endif
