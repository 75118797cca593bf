/* SPDX-License-Identifier: MIT */
/*
 * What the kind `file` makes: one file, or one for each file in a directory of templates;
 * and the text of each, from a template, a source, or given content.
 */
#ifndef STEP_FILE_TEXT_H
#define STEP_FILE_TEXT_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/fs.h"
#include "conf/expand.h"
#include "conf/field.h"
#include "step/owner.h"

struct ctx;
struct err;
struct problems;
struct step;

enum file_policy { POLICY_CREATE, POLICY_MANAGE };

struct file_conf {
	const char *path;
	const char *template;
	const char *source;
	const struct value *content;
	struct access access;
	int policy; /* enum file_policy */
	int escape;
	struct list vars;
	struct list validate;
};

#define FILE_TEXT_MAX ((size_t)16 * 1024 * 1024)

/* One file that is made. */
struct file_item {
	const char *path; /* absolute */
	const char *from; /* the template or source; "" for content and a placeholder */
	/* What file_prepare() kept, or NULL: the template, or its text when expanded. */
	const char *template, *text;
	bool secret; /* of `text`, as in expand_result */
};

struct file_items {
	struct file_item *list;
	size_t count;
};

/*
 * For prepare(): lists the names that are unset in the texts that would be written, as
 * far as these are known before the first step runs.
 */
void file_prepare(struct step *step, struct ctx *ctx, struct problems *problems);

/*
 * All files of the step, sorted by path, in the arena; a directory of templates is read
 * with all below it. Returns 0, or -1.
 */
int file_items(const struct step *step, struct ctx *ctx, struct file_items *ret,
	struct err *err);

/*
 * Appends the text of an item. With `warn`, a bare $NAME in the template is a warning.
 * While planning, `result->placeholder` says that a value which is not made yet goes into
 * it. Returns 0, or -1.
 */
int file_text(const struct step *step, const struct file_item *item, struct ctx *ctx,
	bool warn, struct buf *ret, struct expand_result *result, struct err *err);

/*
 * The rendered text of a file whose format is json by its ending must be JSON: returns 0,
 * or -1 with the place in the text. A `source`, and a text whose `escape` is another
 * format, may be anything.
 */
int file_check_json(const struct step *step, const struct file_item *item,
	const struct buf *text, struct err *err);

#endif
