/* SPDX-License-Identifier: MIT */
/*
 * The work of the kind `file` on its items (items.h): what a step asks for, and the item
 * at hand.
 */
#ifndef STEP_FILE_WORK_H
#define STEP_FILE_WORK_H

#include "base/fs.h"
#include "conf/document.h"
#include "step/file_items.h"
#include "step/file_memory.h"

struct buf;
struct file_pruned;
struct helper;
struct record;
struct section;

/* What is to be done about an existing file. */
enum file_task { FILE_WRITE, FILE_OFFER, FILE_REMEMBER };

struct file_work {
	const struct step *step;
	struct ctx *ctx;
	const struct file_conf *conf;
	struct file_items files;
	struct fs_attr attr;
	const struct file_item *item;
	struct fs_entry entry; /* of the item, once it was looked up; */
	bool mounted;          /* something may be mounted there */
	const char **made;   /* the path whose directories were made last, of all items */
	bool unknown;        /* the text is not known before its keys are made */
	bool secret;         /* a key, secret or file went into the text */
	mode_t from;         /* the mode of the template, or FILE_ANY_MODE */
	bool keyed;          /* a value went into a key of the text, which is json */
	bool quiet;          /* what is odd in the template was reported by the check */
	enum file_task task; /* where something is TO_DO */
	char digest[FILE_DIGEST_SIZE]; /* that the existing file has: FILE_REMEMBER */
	char kept[FILE_DIGEST_SIZE];   /* of its text, which the new one keeps, or "" */
	struct record *record;         /* what is remembered (file_memory.h), or NULL */
	bool *validates;               /* all items': a plan would have `validate` run */
	bool intended; /* the record has what is about to be written to all files */
	struct file_pruned *pruned; /* file_prune.h */
	size_t pruned_count;
};

/* The functions of struct items, with a struct file_work. */
int file_begin(const struct step *step, struct ctx *ctx, void *to, size_t *ret_count,
	struct err *err);
int file_check(void *user, size_t i, struct buf *why, struct err *err);
int file_apply(void *user, size_t i, struct buf *did, struct err *err);

/* Writes what is remembered of it. */
int file_end(void *user, struct err *err);

/* The same work on item `i`, for CLEANUP_WORK. */
struct file_work file_work_on(const struct file_work *step, size_t i);
void file_work_release(struct file_work *work);
#define CLEANUP_WORK __attribute__((cleanup(file_work_release)))

/*
 * Appends the text that the file is to have; `unknown` and `secret`, and what follows for
 * the mode, are then set. One that `exists` has its own text, with the keys that are set,
 * unless it is managed. Returns 0, or -1.
 */
int file_make_text(struct file_work *work, bool exists, struct buf *ret, struct err *err);

/* May the file, which is missing, be made? Returns 0, or -1. */
int file_may_create(const struct file_work *work, struct err *err);

/* Are there keys to be set or unset? Has an existing file its own text all the same? */
bool file_edits(const struct file_conf *conf);
bool file_keeps_text(const struct file_conf *conf);

/*
 * Sets and unsets the keys in the text, if there are any, then those of `from_env`.
 * Returns 0, or -1.
 */
int file_edit(struct file_work *work, struct buf *text, struct err *err);

/*
 * For prepare(): is this text of `set` right, whatever the file holds? Returns 0, or -1.
 */
int file_check_set(const struct step *step, enum document_format format,
	const struct buf *set, struct err *err);

/* The format that is written, or that of the item's ending. */
enum document_format file_format(const struct file_work *work);

/*
 * Is the text of an existing file, which was looked up, in place? As a check() (items.h);
 * where something is TO_DO, work->task says what.
 */
int file_check_text(struct file_work *work, struct buf *why, struct err *err);

/* Is there anything that is asked of a new text? */
bool file_is_judged(const struct file_work *work);

/*
 * Is a new text what the step says of it, in format, keys and digest? Returns 0, or -1.
 */
int file_judge(const struct file_work *work, const struct buf *text, struct err *err);

/* The same of the text that a new file would have, with its size. */
int file_judge_new(struct file_work *work, size_t *ret_size, struct err *err);

/* The same of the digest of what the file `fd` holds. */
int file_judge_digest(const struct file_work *work, int fd, struct err *err);

/* The same of the format and the keys of an existing file that is left as it is. */
int file_judge_existing(const struct file_work *work, struct err *err);

/* For the field `sha256`: checks its text, as `check` of struct field. */
int file_check_sha256(const char *text, struct err *err);

/*
 * For a plan that is to show lines: adds those that change when the item, of a text, is
 * written. `st`: of the file that is there, or NULL.
 */
void file_show_lines(const struct file_work *work, const struct stat *st);

/* Is `validate` for the directory as a whole, by {dir}? */
bool file_validates_dir(const struct section *section);

/*
 * Has `validate` accept the directory as it is to be: what changes is written anew beside
 * it, the rest is linked to. Returns 0, or -1.
 */
int file_validate_dir(const struct step *step, struct ctx *ctx, struct err *err);

/*
 * Where the user of `validate` may not read the file, which has its attributes, it is to
 * run as the file's owner; as root, where that was another file's. Returns whether it is
 * another user now.
 */
bool file_run_as(const struct file_work *work, struct helper *helper);

/* helper_look_up() (helper.h) of `validate`, where there is one, and would be run. */
int file_look_up_validator(const struct file_work *work, struct err *err);

/*
 * The same as file_check() and file_apply() for a link, or a directory with nothing in
 * it, of a `source`.
 */
int file_check_other(const struct file_work *work, struct buf *why, struct err *err);
int file_apply_other(const struct file_work *work, struct buf *did, struct err *err);

/*
 * Makes what is missing of the directories that lead to `path`, from the step's own
 * `path` down: those of a directory of templates. Returns 0, or -1.
 */
int file_make_directories(
	const struct file_work *work, const char *path, struct err *err);

/* ---- file_target.c: the file that is made ---- */

/* The mode that follows from the text and the source, where the step has none. */
void file_choose_mode(struct file_work *work);

/*
 * Of NAME.new, which has the attributes of the other file: whom that one is open to may
 * not be let at a secret, nor at a source that is closed to them.
 */
void file_choose_offer_mode(struct file_work *work);

/* Of an existing file: keeps what the step did not write as the file has it. */
void file_keep_attributes(struct file_work *work, const struct stat *st);

/* Walks to the file, and looks at it. Returns 0, 1 if it is missing, or -1. */
int file_look_up(struct file_work *work, struct stat *ret, struct err *err);

/* Opens the file that was looked up. Returns 0, 1 if it is missing by now, or -1. */
int file_open_own(
	const struct file_work *work, int *ret, struct stat *ret_st, struct err *err);

/* Raises that another process is at work there: ERR_TEMPORARY. Returns -1. */
int file_is_being_changed(const char *path, struct err *err);

/* Is the object `st`, which exists at the item's path, a file? Returns 0, or -1. */
int file_must_be(const struct file_work *work, const struct stat *st, struct err *err);

/* ---- file_source.c: sources that are not held in memory ---- */

/*
 * Is the new text the source's to the byte, and does nothing but its digest depend on it?
 * Then the source may be of any size.
 */
bool file_streams(const struct file_work *work);

/*
 * Does the existing file hold what the source does? Returns 1, 0 with the source's size,
 * or -1.
 */
int file_has_source(const struct file_work *work, size_t *ret_size, struct err *err);

/*
 * Has the source the digest that the step says? Returns 0 with its size, and the mode
 * that follows, or -1.
 */
int file_check_source(struct file_work *work, size_t *ret_size, struct err *err);

/* The digest of what the source holds (file_memory.h). Returns 0, or -1. */
int file_digest_source(
	const struct file_work *work, char ret[FILE_DIGEST_SIZE], struct err *err);

/* Copies the source, which must have that digest, to the stage. Returns 0, or -1. */
int file_copy_source(
	const struct file_work *work, struct fs_stage *stage, struct err *err);

#endif
