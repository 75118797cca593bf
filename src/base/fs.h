/* SPDX-License-Identifier: MIT */
/*
 * Making things on disk: whole or not at all, and with nobody's rights but their own.
 * The only place that knows how; everything that writes goes through here.
 *
 *	struct fs fs = FS_INIT;
 *	fs_begin(&fs);
 *	fs_write(&fs, path, …);		any number of calls
 *	fs_end(&fs);
 *
 * Paths are walked component by component (O_PATH|O_NOFOLLOW). Not root, the kernel
 * judges. As root (privilege.h) others may have made or exchanged what a path names, so:
 *
 * Who controls a name. On a mount that is read-only here: nobody. In a directory that
 * group or others may write, without the sticky bit: anyone. Else the directory's owner,
 * where root, the owner of "/" (user namespaces) and we count as nobody. The first
 * directory on a path that somebody controls makes them its holder; a second one of
 * somebody else makes the holder anyone. A mount point directly in that first directory
 * cannot be renamed (EBUSY) and ends the hold; one deeper does not.
 *
 * Reading follows links. Below a holder real directories of the same mount are entered,
 * whoever owns them; behind a link or a mount all that follows must belong to the holder
 * or be open to others (x, r). A file with several hard links must be so in any case. In
 * a directory that group or others may write, a file must belong to root, us, the step's
 * owner, the application's user or the directory's owner, or be open to others. The
 * descriptor that is read is what is asked.
 *
 * Writing does not follow a link that somebody may have made: below a holder, or owned by
 * somebody. From one user's directory only that user's are entered. From anyone's
 * directory a real one of the same mount is entered where it belongs to root, us, the
 * step's owner, the application's user or the owner of the directory that it is in. The
 * last component is never followed. The rules for one user's directory are those of
 * systemd-tmpfiles(8), "unsafe path transition".
 *
 * Publishing. A file gets its content, owner, mode and fsync under a temporary name, is
 * published by rename(2), or by RENAME_NOREPLACE or link(2) where nothing may be
 * replaced, and its directory is fsynced. Kill it anywhere: the target is as it was, or
 * complete. As root, where the directory is not root's alone, the temporary lies in a
 * private directory (0700) in it, which is only used by descriptor; elsewhere it is
 * ".NAME.groundwork-XXXXXX" beside the target. Both are swept when over an hour old.
 */
#ifndef BASE_FS_H
#define BASE_FS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "base/buf.h"

struct err;

/* Who and what an object is to be. An id of FS_INHERIT takes that of its directory. */
#define FS_INHERIT ((uid_t)-1)

/* A private directory for temporaries, kept from one file to the next of a directory. */
struct fs_room {
	int parent; /* the directory that it is in */
	int fd;
	dev_t device;
	ino_t inode;    /* of the parent */
	char name[256]; /* "": there is none */
};

/* Who we are on disk, and whose objects count as ours: passed to every call. */
struct fs {
	bool guarded; /* we are root: the rules above hold */
	uid_t root;   /* the owner of "/" */
	uid_t owner;  /* of what the step makes; FS_INHERIT: none is named */
	uid_t app;    /* the application's user; FS_INHERIT: none */
	struct fs_room room;
	dev_t swept_device; /* the directory that was swept last */
	ino_t swept_inode;
};

/* Until fs_begin() the rules hold for everybody. */
#define FS_INIT \
	{ \
		.guarded = true, .owner = FS_INHERIT, .app = FS_INHERIT \
	}
#define CLEANUP_FS __attribute__((cleanup(fs_end)))

/* Asks who we are. */
void fs_begin(struct fs *fs);

/* Removes the private directory, where there is one; the next file makes another. */
void fs_end(struct fs *fs);

/* Is it root, the owner of "/", or us? Against them nothing is guarded. */
bool fs_is_trusted(const struct fs *fs, uid_t uid);

struct fs_attr {
	mode_t mode;
	uid_t uid;
	gid_t gid;
	/* Also for what is there already: only what the configuration wrote down. */
	bool fix_mode, fix_uid, fix_gid;
};

/* ---- looking ---- */

enum fs_control { FS_NOBODY, FS_SOMEBODY, FS_ANYONE };

/* Who, of those against whom we guard, can exchange what a walk has led to. */
struct fs_hold {
	enum fs_control by;
	uid_t uid;   /* of FS_SOMEBODY */
	bool first;  /* we stand in the directory that began it */
	bool passed; /* below it, a link or a mount was passed */
};

/* A pinned directory and a name in it: what every other call works on. */
struct fs_entry {
	int dirfd; /* O_PATH; close_fd() */
	uid_t dir_owner;
	mode_t dir_mode;
	bool open; /* everybody can enter it, and all that leads to it */
	struct fs_hold hold;
	char name[256];
};

#define FS_ENTRY_INIT \
	{ \
		.dirfd = -1 \
	}
#define CLEANUP_ENTRY __attribute__((cleanup(fs_entry_release)))

/*
 * Walks to the directory of the absolute `path`, as for writing. Returns 0, 1 where a
 * directory on the way is missing, or -1 (ENOTDIR where something else stands in the way,
 * ELOOP for a path that somebody else controls).
 */
int fs_walk(const struct fs *fs, const char *path, struct fs_entry *ret, struct err *err);

/*
 * As fs_walk(), making what is missing: 0755, of the owner of the directory it goes into.
 */
int fs_walk_make(struct fs *fs, const char *path, struct fs_entry *ret, struct err *err);
void fs_entry_release(struct fs_entry *entry);

/* lstat(2) by fs_walk(): returns 0, 1 where it is missing, or -1. */
int fs_lookup(const struct fs *fs, const char *path, struct stat *ret, struct err *err);

/*
 * As fs_lookup(), for what we make: an error where somebody else may have put it there,
 * who is neither root, us, the step's owner (without one, the application's user), nor
 * the owner of its directory.
 */
int fs_lookup_ours(
	const struct fs *fs, const char *path, struct stat *ret, struct err *err);

/*
 * Reads a whole file, by the rules of reading: returns 0, 1 where it is missing, or -1
 * (also where it is over `limit`). A relative path is the working directory's.
 * /dev/stdin, /dev/fd/N and /proc/self/fd/N are our own descriptors; they must be files.
 */
int fs_read(const struct fs *fs, const char *path, size_t limit, struct buf *ret,
	struct err *err);

/* As fs_read(), and an error where it is not ours, as fs_lookup_ours() says. */
int fs_read_ours(const struct fs *fs, const char *path, size_t limit, struct buf *ret,
	struct err *err);

/* As fs_read_ours(), without following a last link. */
int fs_read_target(const struct fs *fs, const char *path, size_t limit, struct buf *ret,
	struct err *err);

/*
 * Opens a directory to list it, by the rules of reading: a descriptor for fdopendir(3),
 * or -1 with `err->code` (ENOENT, ENOTDIR …).
 */
int fs_open_dir(const struct fs *fs, const char *path, struct err *err);

/*
 * chdir(2), for who is to work there. As root no link that somebody may have made is
 * followed; real directories of the same mount are entered, whoever owns them. 0, or -1.
 */
int fs_enter(const struct fs *fs, const char *path, struct err *err);

/* As root, can others put things into the entry's directory, or take them away? */
bool fs_is_shared(const struct fs *fs, const struct fs_entry *entry);

/*
 * As root in a directory of others: is the open file `fd` the one that `name` in `dirfd`
 * is, and has it no other names, as fs_has_other_names() has it? What that says alone may
 * be late: who has us open a second name may remove it before it is asked. 0, or -1 with
 * errno: EMLINK where it has another, or may have; ENOENT where it lost that one.
 */
int fs_only_name(int dirfd, const char *name, int fd);

/*
 * What of `attr`'s fixed parts does `st` not have? Returns 0 where all is in place, or 1
 * with "mode 0644, not 0600" in `why`. Not root, an owner that cannot be given counts as
 * in place.
 */
int fs_attr_differs(const struct stat *st, const struct fs_attr *attr, struct buf *why);

/*
 * Has the file `st`, which `name` in `dirfd` is, names that others may have given it? The
 * temporary of a publishing that was cut short, beside it or in a private directory of
 * ours there, does not count.
 */
bool fs_has_other_names(int dirfd, const char *name, const struct stat *st);

/* "file", "directory", "symbolic link", … for messages. */
const char *fs_type_name(mode_t mode);

/* Returns 1 for an empty directory (but for lost+found) or none, else 0, or -1. */
int fs_dir_empty(const char *path, struct err *err);

/* ---- making ---- */

enum fs_outcome {
	FS_MADE,  /* published */
	FS_THERE, /* it was there, or another process was first; it was not touched */
	FS_FIXED, /* it was there; mode or owner were put right */
	FS_NOT_ATOMIC, /* written in place: a file that is mounted cannot be replaced */
};

/* A file in the making. */
struct fs_stage {
	struct fs *fs;
	struct fs_entry entry; /* where it is to go */
	int dirfd;             /* where the temporary is: of the entry, or of the room */
	struct fs_attr attr;
	int fd;         /* the temporary, open for writing */
	bool settled;   /* owner, mode and content are flushed */
	char temp[256]; /* its name in `dirfd`; "" when there is none (any more) */
	char path[4096];
};

#define FS_STAGE_INIT \
	{ \
		.entry = FS_ENTRY_INIT, .dirfd = -1, .fd = -1 \
	}
#define CLEANUP_STAGE __attribute__((cleanup(fs_stage_release)))

/* Opens the temporary for `path`, making missing parents. `fs` must outlive the stage. */
int fs_stage_open(struct fs *fs, struct fs_stage *stage, const char *path,
	const struct fs_attr *attr, struct err *err);
int fs_stage_write(
	struct fs_stage *stage, const void *data, size_t size, struct err *err);

/* Appends all that `fd` holds, from its beginning. */
int fs_stage_copy(struct fs_stage *stage, int fd, struct err *err);

/* Owner, mode and fsync ahead of publishing: for who is to look at it as it is. */
int fs_stage_settle(struct fs_stage *stage, struct err *err);

/*
 * Owner, mode, fsync, publish, fsync of the directory. With `replace` the target becomes
 * the new file (FS_MADE, FS_NOT_ATOMIC); without, an existing one stays (FS_THERE).
 */
int fs_stage_publish(struct fs_stage *stage, bool replace, enum fs_outcome *ret_outcome,
	struct err *err);
void fs_stage_release(struct fs_stage *stage);

/* All of the above for a text in hand. */
int fs_write(struct fs *fs, const char *path, const void *data, size_t size,
	const struct fs_attr *attr, bool replace, enum fs_outcome *ret_outcome,
	struct err *err);

/* A directory, with missing parents. What is there is fixed as `attr` says. */
int fs_make_dir(struct fs *fs, const char *path, const struct fs_attr *attr,
	enum fs_outcome *ret_outcome, struct err *err);

/*
 * A symbolic link; with `replace`, in place of another link. What else is there is left,
 * unless it comes between the look and the renaming.
 */
int fs_make_link(struct fs *fs, const char *path, const char *target, bool replace,
	uid_t uid, gid_t gid, enum fs_outcome *ret_outcome, struct err *err);

/*
 * May somebody else have put the open object `st` where `entry` names it? It is nobody's
 * who counts as ours, or it is mounted deep below a holder. 0 no, or -1 with what accepts
 * it.
 */
int fs_check_entry(const struct fs *fs, const struct fs_entry *entry, int fd,
	const struct stat *st, const char *path, struct err *err);

/*
 * Puts mode and owner of the file or directory (`type`: S_IFREG, S_IFDIR) that is there
 * right, as far as `attr` fixes them, without a window of extra rights. EPERM counts as
 * done where we may still use the object. A file with several hard links is not changed.
 */
int fs_fix(struct fs *fs, const char *path, mode_t type, const struct fs_attr *attr,
	enum fs_outcome *ret_outcome, struct err *err);

/* The same of what `entry` names; `path` is for messages. */
int fs_fix_entry(const struct fs *fs, const struct fs_entry *entry, mode_t type,
	const struct fs_attr *attr, const char *path, enum fs_outcome *ret_outcome,
	struct err *err);

/*
 * Flushes the directory's entries: -1 with errno. One that we may not read, or whose file
 * system knows no such thing, is passed.
 */
int fs_sync_dir(int dirfd);

#endif
