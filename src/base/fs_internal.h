/* SPDX-License-Identifier: MIT */
/* What the files of base/fs share; no other file includes it. */
#ifndef BASE_FS_INTERNAL_H
#define BASE_FS_INTERNAL_H

#include <limits.h>
#include <stdint.h>

#include "base/fs.h"
#include "base/fs_error.h"
#include "base/version.h"

/* ---- fs_look.c: an object and its mount ---- */

/* What statx(2) says of an object. */
struct fs_look {
	mode_t mode;
	uid_t uid;
	gid_t gid;
	nlink_t links;
	dev_t device;
	bool mount_known;
	uint64_t mount;
};

/* Looks at `name` in `dirfd`, "" for that itself, no link followed; 0, or -1, errno. */
int fs_look_at(int dirfd, const char *name, struct fs_look *ret);

/* Are both on one device, and on one mount as far as that is known? */
bool fs_look_beside(const struct fs_look *one, const struct fs_look *other);

/* The number of an open object's mount. Returns 0, or -1 on kernels before 5.8. */
int fs_mount_of(int fd, uint64_t *ret);

/* The same of `name` in `dirfd`, no link followed; of `dirfd` itself where it is "". */
int fs_mount_at(int dirfd, const char *name, uint64_t *ret);

/* As fstatat(2), no link followed; and is it mounted there, or is that not known? */
int fs_stat_mounted(int dirfd, const char *name, struct stat *ret, bool *ret_mounted);

/* Is it on a mount that is read-only here? */
bool fs_is_read_only(int fd);

/* ---- fs_rules.c: who controls a name ---- */

/* Is it trusted, fs->owner or fs->app? */
bool fs_is_known(const struct fs *fs, uid_t uid);

/* Are they on one mount, or where that is not known on one device? */
bool fs_same_mount(int one, int other);

/*
 * Updates the hold for the object `fd` in `dirfd`: it ends at a mount point directly in
 * the directory that began it. Returns whether it is a mount point, if there is a holder.
 */
bool fs_hold_cross(struct fs_hold *hold, int dirfd, int fd);

/*
 * As root, may others have put the file `st` into the directory of `entry`? Returns 0 if
 * not, or -1 with an error that says how to accept it.
 */
int fs_check_ours(const struct fs *fs, const struct fs_entry *entry,
	const struct stat *st, const char *path, struct err *err);

/*
 * May the open object `st`, which `entry` names, be changed? What is mounted deep below a
 * holder may be another's. Returns 0 if so, or -1.
 */
int fs_may_change(const struct fs *fs, const struct fs_entry *entry, int fd,
	const struct stat *st, const char *path, struct err *err);

/* ---- fs_walk.c: a walk along a path ---- */

enum walk_mode {
	WALK_WRITE,
	WALK_READ,
	WALK_ENTER, /* no link that others may have made, but every real directory */
};

/*
 *	CLEANUP_WALK struct walk walk;
 *	walk_begin(&walk, fs, NULL, WALK_READ, path, err)
 *	walk_to_last() → walk.at is the last component
 */
struct walk {
	const struct fs *fs;
	struct fs *make; /* the same, if missing directories are made, or NULL */
	enum walk_mode mode;
	const char *path;   /* as asked for, for messages */
	struct fs_entry at; /* where the walk is, and the component that was taken last */
	int links;
	char link[NAME_MAX + 1]; /* the first that was passed below a hold, or "" */
	char rest[PATH_MAX];
	size_t begin; /* the offset in it of what is still to be walked */
};

#define CLEANUP_WALK __attribute__((cleanup(walk_end)))

/*
 * Starts at "/"; a relative path begins at the working directory. `path` must outlive the
 * walk. Returns 0 or -1; end it in either case.
 */
int walk_begin(struct walk *walk, const struct fs *fs, struct fs *make,
	enum walk_mode mode, const char *path, struct err *err);

/*
 * Starts where an earlier walk by the rules of writing has led. The directory stays the
 * entry's: such a walk is not ended.
 */
void walk_begin_at(struct walk *walk, const struct fs *fs, const struct fs_entry *entry,
	const char *path);

/*
 * Walks up to the last component, which is then `at.name` ("" where there is none).
 * Returns 0, 1 if a directory is missing, or -1.
 */
int walk_to_last(struct walk *walk, struct err *err);

/* The same, and into the last one, which must be a directory. */
int walk_into_last(struct walk *walk, struct err *err);

/*
 * Opens (O_PATH) whatever the walk leads to, links followed. Returns 0, 1 if it is
 * missing, or -1.
 */
int walk_look(struct walk *walk, int *ret, struct stat *ret_st, struct err *err);

/*
 * Continues with the target of the link `link_fd` (O_PATH), which `st` is of. Returns 0,
 * or -1 if it may not be followed.
 */
int walk_follow(struct walk *walk, int link_fd, const struct stat *st, struct err *err);

void walk_end(struct walk *walk);

/* ---- fs_link.c: who has chosen where a link leads ---- */

/* Is it one that a user made, which as that of `to`, of root's, would be followed? */
bool fs_link_stays(const struct fs *fs, const struct fs_look *link, uid_t to);

/*
 * Who has chosen the target of the link `st`, `name` in `dirfd`, which `fd` (O_PATH) is:
 * the user who controls the directory, else its owner. Returns 0, or -1 with errno
 * (EMLINK, ENOENT) where others may have put a second name of root's there.
 */
int fs_link_chooser(const struct fs *fs, const struct fs_hold *hold, int dirfd,
	const char *name, int fd, const struct stat *st, uid_t *ret);

/* ---- fs_keep.c: the directory that was walked to last ---- */

/* Gives the entry of `path` in the directory that is kept, if it is in that one. */
bool fs_kept_entry(const struct fs *fs, const char *path, struct fs_entry *ret);

/* Keeps the directory of `entry`, which `path` has led to. Returns 0, or -1. */
int fs_kept_set(const struct fs *fs, const char *path, const struct fs_entry *entry,
	struct err *err);

/* Flushes the directory of `entry`, or leaves that to fs_flush(). Returns 0, or -1. */
int fs_kept_flush_later(const struct fs *fs, const struct fs_entry *entry,
	const char *path, struct err *err);

void fs_kept_release(struct fs *fs);

/*
 * Is the open object `st` open to everybody, whatever group they are in: has it the bit
 * `open_bit` (S_IROTH, S_IXOTH) for group and others, no access control list, and is in
 * no file system of the kernel's?
 */
bool fs_is_open(int fd, const struct stat *st, mode_t open_bit);

/* ---- fs_rules.c: on the way; `fd` and `st` are what `walk->at` names ---- */

/* May the directory `fd` be entered? Updates the hold. Returns 0 if so, or -1. */
int walk_may_enter(struct walk *walk, int fd, const struct stat *st, struct err *err);

/* May the link `st` be followed? Its owner then holds. Returns 0 if so, or -1. */
int walk_may_follow(struct walk *walk, const struct stat *st, struct err *err);

/*
 * May the holder of the path read (S_IROTH) or enter (S_IXOTH) the open object `st`? It
 * is theirs, or has the bit `open_bit` for group and others, no access control list, and
 * is not in a file system of the kernel's (/proc), where modes mean something else.
 * Returns 0 if so, or -1.
 */
int walk_may_read(struct walk *walk, int fd, const struct stat *st, mode_t open_bit,
	struct err *err);

/* ---- fs_read.c ---- */

/*
 * Opens the last component of the walk, following links as `rule` says, by the rules of
 * reading. As fs_open_file(), but of what is no file, too.
 */
int walk_open(struct walk *walk, enum fs_rule rule, int *ret, struct stat *ret_st,
	struct err *err);

/*
 * Behind a link or a mount, or with names that others may have given it: may the holder
 * read (S_IROTH) or write (S_IWOTH) the open object `st`, as walk_may_read() says?
 * Returns 0 if so, or -1.
 */
int walk_may_use(struct walk *walk, int fd, const struct stat *st, mode_t open_bit,
	struct err *err);

/* Is it a file? Returns 0 if so, or -1. */
int fs_check_file(const struct stat *st, const char *path, struct err *err);

/* Appends the open file, which `st` is of, as fs_read(). */
int fs_read_open(int fd, const struct stat *st, const char *path, size_t limit,
	struct buf *ret, struct err *err);

/* ---- fs_private.c: private directories for temporaries ---- */

#define FS_TRIES 16 /* how many names of temporaries, or private directories, are tried */

/* Makes a temporary for `entry` in `dirfd`. Returns 0 or more, or -1 with errno. */
typedef int fs_maker(int dirfd, const struct fs_entry *entry, void *user);

/*
 * Calls `make` with the directory in which others cannot exchange it: that of the entry,
 * or a private one in it; again if others have removed that one. Returns what `make`
 * returned, or -1 with errno.
 */
int fs_make_aside(
	struct fs *fs, const struct fs_entry *entry, fs_maker *make, void *user);

/*
 * Makes a private directory, a temporary of `what`, in `dirfd`, which `parent` is of.
 * While the descriptor is open no sweep removes it, where the file system has flock(2).
 * Returns that, `dirfd` if there can be none, or -1 with errno.
 */
int fs_private_make(
	int dirfd, const struct stat *parent, const char *what, char name[256]);

/* ---- fs_publish.c, fs_sweep.c: temporaries, and publishing them ---- */

#define FS_TEMP_MARK    "." PROGRAM "-"
#define FS_TEMP_LETTERS 6

/* Is it a file whose first byte is locked (F_OFD_SETLK) from when it is written to? */
enum fs_temp { FS_TEMP_PLAIN, FS_TEMP_LOCKED };

/* ".NAME.PROGRAM-XXXXXX" with random letters, of which the second shows the kind. */
void fs_temp_name(const char *name, enum fs_temp kind, char ret[256]);

/* The letters of a temporary's name; NULL if it has no mark. */
const char *fs_temp_letters(const char *name);

/* ---- fs_publish.c ---- */

/* renameat2(2) with RENAME_NOREPLACE: 0, or -1 with errno. */
int fs_rename_noreplace(int from, const char *temp, int to, const char *name);

/* Does this errno of it mean that the kernel or the file system does not have it? */
bool fs_lacks_noreplace(int code);

/* Where there are neither NOREPLACE nor links: as fs_rename_new(), after a check. */
int fs_rename_after_look(int from, const char *temp, int to, const char *name);

/*
 * rename(2) without replacing, in whichever way the file system supports. Returns 0, 1 if
 * the name already exists, or -1 with errno.
 */
int fs_rename_new(int from, const char *temp, int to, const char *name);

/* ---- fs_in_place.c ---- */

/*
 * Writes what the stage holds into its target, which something is mounted on. Where that
 * fails the file gets its old text back. Returns 0, or -1.
 */
int fs_write_in_place(struct fs_stage *stage, struct err *err);

/* ---- fs_remove.c, fs_copy.c: whole trees of temporaries ---- */

/*
 * Removes what `name` in `dirfd` names, with all that is in it on the same device, best
 * effort. Only directories of `uid` are entered: the others' that its owner may have
 * moved there are not his to remove. FS_INHERIT: anybody's, where nobody can move any.
 */
void fs_remove_all(int dirfd, const char *name, uid_t uid);

/*
 * As fd_list(), also of a directory that is ours and closed to us: that is opened to its
 * owner, and to nobody else.
 */
DIR *fs_list_ours(int dirfd, const char *name);

/* Whose objects are copied. */
enum fs_copied {
	FS_COPY_ALL,
	FS_COPY_USER, /* one user's; not a file with several hard links */
	FS_COPY_OPEN, /* as `reading` says */
};

struct fs_copy {
	const char *path; /* of the tree, for messages */
	enum fs_copied whose;
	uid_t uid; /* of FS_COPY_USER */
	/*
	 * By the rules of reading: what is open to others, too; and in a directory that
	 * another user controls that user's alone, in one that several control what root,
	 * fs->owner or fs->app owns. NULL: these rules do not hold.
	 */
	const struct fs *reading;
	/* The owner of the copies; NULL: as of the originals. */
	const struct fs_attr *give;
	const char *const *exclude; /* fs_exclude.h */
	struct stop *stop;
	size_t *count; /* of the objects that were copied, or NULL */
};

/* In the directory `st`, whose objects are copied by the rules of reading? */
void fs_copy_enter(struct fs_copy *how, const struct stat *st);

/*
 * May the object `st`, which `name` in `dirfd` names, be copied? `fd` is open for reading
 * it; with -1 its owner and links are not judged. `at` is its path below the top, with a
 * "/" in front. Returns 0 if so, or -1.
 */
int fs_copy_judge(const struct fs_copy *how, int dirfd, const char *name, int fd,
	const struct stat *st, const char *at, struct err *err);

/*
 * Copies what `name` in `from` names, with all that is in it, as `as`, which must not
 * exist, into `to`: modes without set-ID bits, times, links as they are. What is copied
 * may be changing: each file is judged by the descriptor that is read. Nothing is
 * flushed. `at` as above. Returns 0, or -1; what was copied by then is left.
 */
int fs_copy_object(int from, const char *name, int to, const char *as, const char *at,
	const struct fs_copy *how, struct err *err);

/* The same for the open directory `from`, which is the top. */
int fs_copy_tree(
	int from, int to, const char *as, const struct fs_copy *how, struct err *err);

/* ---- fs_attr.c: type, owner and mode ---- */

/*
 * Puts the fixed parts right on an open object, without a moment of extra rights, and
 * without set-ID bits for a new owner that were not asked for. Returns 0, or -1 with
 * errno.
 */
int fs_set_attributes(int fd, const struct stat *st, const struct fs_attr *attr);

/*
 * Is what `entry` names of this type (S_IFREG, S_IFLNK)? Returns 0 if so, 1 if it is
 * missing, or -1 with an error for anything else.
 */
int fs_check_type(
	const struct fs_entry *entry, mode_t type, const char *path, struct err *err);

/*
 * May the open object `st`, which `entry` names, be changed, as one of this type? Not if
 * others may have put it there or, as root, if it is a file with several hard links, and
 * so may be another's. Returns 0, or -1.
 */
int fs_may_fix(const struct fs *fs, const struct fs_entry *entry, int fd, mode_t type,
	const struct stat *st, const char *path, struct err *err);

/*
 * Makes 0 of -1 with EPERM, from setting the owner or mode of a new object: on a mount
 * that squashes root, or a file system without owners, the object is usable all the same.
 */
int fs_unless_denied(int rc);

/*
 * Sets the owner that `attr` gives a new object in `dirfd`: FS_INHERIT, as it is created,
 * without uid 0. Returns 0, or -1 with errno.
 */
int fs_resolve_owner(int dirfd, struct fs_attr *attr);

/* Gives a new object that owner, and the mode. Returns 0, or -1 with errno. */
int fs_give(int fd, const struct fs_attr *attr);

/* The same of a user and group alone; nothing where we are both. */
int fs_give_to(int fd, uid_t uid, gid_t gid);

/* ---- fs_scratch_dir.c, fs_scratch_publish.c ---- */

struct fs_scratch;

/* Makes the directory of FS_SCRATCH_DIR for its user (0700), and locks it. */
int fs_scratch_make_dir(struct fs_scratch *scratch, struct err *err);

/* Removes what a process that was killed has published of it. Returns 0, or -1. */
int fs_scratch_heal(const struct fs_scratch *scratch, struct err *err);

/* ---- fs_mkdir.c ---- */

/*
 * Makes the directory that `entry` names, with its owner and mode from the start; the one
 * that it is in is not flushed. Returns 0, 1 if it already exists, or -1.
 */
int fs_mkdir_at(struct fs *fs, const struct fs_entry *entry, const struct fs_attr *attr,
	const char *path, struct err *err);

#endif
