/* SPDX-License-Identifier: MIT */
/*
 * What the kind `file` makes: one file, or all that corresponds to a directory of
 * templates or sources.
 */
#ifndef STEP_FILE_ITEMS_H
#define STEP_FILE_ITEMS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/fs_writer.h"
#include "conf/field.h"
#include "step/owner.h"

struct ctx;
struct err;
struct step;

enum file_policy { POLICY_CREATE, POLICY_MANAGE, POLICY_TRACK, POLICY_EDIT };

struct file_conf {
	const char *path;
	const char *template;
	const char *source;
	const char *suffix;
	const struct value *content;
	struct access access;
	int policy; /* enum file_policy */
	bool prune;
	int escape;
	struct list vars;
	int missing; /* enum expand_missing */
	int format;  /* enum document_format, where it is written */
	struct list must_have;
	const char *sha256;
	const struct value *set;
	struct list unset;
	struct list match;
	struct list from_env;
	struct list validate;
};

/* Of what is in no file, and so closes none. A file may have 0. */
#define FILE_ANY_MODE ((mode_t)0777)

enum file_item_type { FILE_TEXT, FILE_LINK, FILE_DIRECTORY };

/* One file that is made; or, of a `source`, a link or a directory with nothing in it. */
struct file_item {
	enum file_item_type type;
	const char *path;   /* absolute */
	const char *from;   /* the template or source; "" for content and a placeholder */
	const char *target; /* of a link, */
	uid_t chooser;      /* and whose choice that was (fs_reader_link()) */
	/* What file_prepare() kept, or NULL: the template, or its text when expanded. */
	const char *template, *text;
	size_t text_size;
	struct fs_writer writer; /* of `template` */
	bool secret, keyed;      /* of `text`, as in expand_result */
	mode_t mode;             /* of a source or template, or FILE_ANY_MODE */
};

struct file_items {
	struct file_item *list;
	size_t count;
};

/* For the field `suffix`: checks its text, as `check` of struct field. */
int file_check_suffix(const char *text, struct err *err);

/*
 * All items of the step, sorted by path, in the arena. A directory of templates or
 * sources is read with all below it, hidden names too; or, with `suffix`, the files that
 * end in it. Not read are names that begin with "..", as Kubernetes has them, backups
 * ("x~") and our temporaries. A link in a `source` is an item of its own, but one that
 * leads out of the directory, or through a name that is not read, is followed; so is
 * every link of a `template`. Returns 0, or -1, also where it is deeper than 16
 * directories.
 */
int file_items(const struct step *step, struct ctx *ctx, struct file_items *ret,
	struct err *err);

#endif
