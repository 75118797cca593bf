/* SPDX-License-Identifier: MIT */
/* The texts of the kind `file`: from a template, a source, or given content. */
#ifndef STEP_FILE_TEXT_H
#define STEP_FILE_TEXT_H

#include <stdbool.h>

#include "base/buf.h"
#include "conf/document.h"
#include "conf/expand.h"
#include "step/file_items.h"

struct problems;

#define FILE_TEXT_MAX  ((size_t)16 * 1024 * 1024)
#define FILE_TEXT_ROOM 256 /* by which most texts are longer than their template */

/*
 * For prepare(): lists the names that are unset in the texts that would be written, as
 * far as these are known before the first step runs.
 */
void file_prepare(struct step *step, struct ctx *ctx, struct problems *problems);

/* The same where only a draft of the keys is known (kind->prepare_draft). */
void file_prepare_draft(struct step *step, struct ctx *ctx, struct problems *problems);

/* A template, where its first line is, and who can change it. */
struct file_template {
	const char *data;
	size_t size;
	struct place at;
	struct fs_writer writer;
	mode_t mode; /* who may read and write it; FILE_ANY_MODE: it is in no file */
};

/*
 * The template of an item, read into `room` if it is in a file; `data` stays NULL where
 * there is none. Returns 0, or -1.
 */
int file_find_template(const struct step *step, const struct file_item *item,
	struct ctx *ctx, struct buf *room, struct file_template *ret, struct err *err);

/*
 * May the text have what steps know, as far as that shows before the step's turn? As
 * root, one that anybody can change but root, the step's owner and the application's user
 * is refused. Of a `draft` it may not be known who the owner is, and whether the text is
 * needed; then it may, as where an earlier step sets its owner or mode. Returns 0, or -1.
 */
int file_may_expand_early(const struct step *step, const struct ctx *ctx, bool draft,
	const struct file_template *text, struct err *err);

/* For `check`: warns of what other tools would expand, where nothing is for us. */
void file_warn_of_foreign(
	const struct step *step, struct ctx *ctx, const struct file_template *text);

/* For `check`: warns of a text that file_may_expand_early() refuses. */
void file_warn_of_stranger(const struct step *step, struct ctx *ctx, bool draft,
	const struct file_template *text);

/* The step's expander, for the text of an item, and for `set`. */
struct expander file_item_expander(struct expander expander, const struct step *step,
	const struct file_item *item, struct ctx *ctx, bool warn);
struct expander file_set_expander(struct expander expander, const struct step *step,
	enum document_format format, struct ctx *ctx);

/*
 * Appends the text of an item. With `warn`, a bare $NAME in the template is a warning.
 * While planning, `result->placeholder` says that a value which is not made yet goes into
 * it. `ret_mode` is that of struct file_template. Returns 0, or -1.
 */
int file_text(const struct step *step, const struct file_item *item, struct ctx *ctx,
	bool warn, struct buf *ret, struct expand_result *result, mode_t *ret_mode,
	struct err *err);

/* The escape of its values (conf/escape.h): that of the step, or of its ending. */
int file_escape(const struct step *step, const struct file_item *item);

/*
 * Appends the text of `set`, whose values are made safe for `format`. As file_text().
 */
int file_set_text(const struct step *step, struct ctx *ctx, enum document_format format,
	bool warn, struct buf *ret, struct expand_result *result, struct err *err);

/*
 * Sets the keys of `from_env` in the text, which is in a file `path` of `format`;
 * `ret_secret` says whether a secret is among their values. Returns 0, or -1.
 */
int file_env_edit(const struct step *step, struct ctx *ctx, const char *path,
	enum document_format format, bool warn, struct buf *text, bool *ret_secret,
	struct err *err);

/* For prepare(): what is wrong with these keys and values whatever the file holds. */
void file_env_prepare(struct step *step, struct ctx *ctx, enum document_format format,
	struct problems *problems);

#endif
