/* SPDX-License-Identifier: MIT */
/*
 * Making files, directories and links: complete or not at all, and without rights that
 * they are not to have. All of the program writes through this.
 *
 *	struct fs fs = FS_INIT; fs_begin(&fs);
 *	fs_write(&fs, path, …);		any number of calls
 *	fs_end(&fs);
 *
 * Paths are walked component by component (O_PATH|O_NOFOLLOW). Without privileges the
 * kernel's permissions decide. With them ("as root" below; privilege.h) others may have
 * made or exchanged what a path names, so there are these rules:
 *
 * Who controls a name. On a mount that is read-only here: nobody. In a directory that
 * group or others may write, without the sticky bit: anyone. Else the directory's owner,
 * where root, the owner of "/" (user namespaces) and we count as nobody. The first
 * directory on a path that a user controls makes them its holder; a second one of
 * another user makes the holder anyone. A mount point directly in that first directory
 * cannot be renamed (EBUSY) and ends the hold; one deeper does not.
 *
 * Reading follows links. Below a holder real directories of the same mount are entered,
 * whoever owns them; behind a link or a mount all that follows must belong to the holder
 * or be open to others (x, r). A file with several hard links must be so in any case. In
 * a directory that group or others may write, a file must belong to root, us, fs->owner,
 * fs->app or the directory's owner, or be open to others. The descriptor that is read is
 * what is asked.
 *
 * Writing does not follow a link that others may have made: below a holder, or owned by
 * another user. From one user's directory only that user's are entered. From anyone's
 * directory a real one of the same mount is entered where it belongs to root, us,
 * fs->owner, fs->app or the owner of the directory that it is in. The last component is
 * never followed. The rules for one user's directory are those of systemd-tmpfiles(8),
 * "unsafe path transition".
 *
 * Publishing. A file gets its content, owner, mode and fsync under a temporary name, is
 * published by rename(2), or where nothing may be replaced by RENAME_NOREPLACE, link(2)
 * or, where the file system has neither, rename(2) after a check, and its directory is
 * fsynced. At any moment the target is as it was, or complete; only a file that something
 * is mounted on is written in place (FS_NOT_ATOMIC, fs_in_place.h). As root, where the
 * directory is not root's alone, the temporary lies in a private directory (0700) in it,
 * which is only used by descriptor; elsewhere, and where a server gives what root makes
 * to another user, it is ".NAME.PROGRAM-XXXXXX" beside the target. While it is in use it
 * is locked. What a killed process has left is swept by the next one that writes there.
 *
 * Functions return 0, or -1 with `err`, whose code is the errno, if nothing else is said.
 */
#ifndef BASE_FS_H
#define BASE_FS_H

#include <dirent.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "base/buf.h"

struct err;
struct stop;

/* Who and what an object is to be. An id of FS_INHERIT takes that of its directory. */
#define FS_INHERIT ((uid_t)-1)

/* A private directory for temporaries, kept for the next file of the same directory. */
struct fs_private {
	int parent; /* the directory that it is in */
	int fd;
	char name[256]; /* "": there is none */
};

struct fs_kept;

enum fs_control { FS_NOBODY, FS_SOMEBODY, FS_ANYONE };

/* Who, of those against whom the rules guard, can exchange what a walk has led to. */
struct fs_hold {
	enum fs_control by;
	uid_t uid;   /* of FS_SOMEBODY */
	bool first;  /* the walk is in the directory that began it */
	bool passed; /* below it, a link or a mount was passed */
	bool chosen; /* a directory was entered that anyone may have put there */
};

/* With which privileges we write, and whose objects count as ours. */
struct fs {
	bool guarded;          /* we are root: the rules above hold */
	uid_t root, self;      /* the owner of "/", and who we are */
	uid_t owner;           /* of what is made; FS_INHERIT: none is named */
	const char *owner_key; /* what names that owner, for advice; NULL: nothing does */
	uid_t app;             /* the application's user; FS_INHERIT: none */
	gid_t app_group;       /* its group, of that user */
	struct fs_hold named_by; /* who named what is read, if not we: fs_read_for() */
	struct fs_private private;
	struct fs_kept *kept; /* of fs_keep.h, or NULL */
	/* Called with what is read or listed, before it is looked for; or NULL. */
	void (*on_read)(void *user, const char *path);
	void (*on_list)(void *user, const char *path);
	/* Makes what is seen of a directory on the way what it will be; or NULL. */
	void (*on_way)(void *user, int fd, struct stat *st);
	void *on_user;
	dev_t swept_device; /* the directory that was swept last */
	ino_t swept_inode;
};

/* Before fs_begin() the rules of root hold. */
#define FS_INIT \
	{ \
		.guarded = true, .self = FS_INHERIT, .owner = FS_INHERIT, \
		.app = FS_INHERIT \
	}
#define CLEANUP_FS __attribute__((cleanup(fs_end)))

/* Finds out whether the rules of root hold. */
void fs_begin(struct fs *fs);

/* Removes the private directory, if there is one; further calls may make another. */
void fs_end_private(struct fs *fs);

/* The same, and lets go of what fs_keep() keeps. */
void fs_end(struct fs *fs);

/* Is it root, the owner of "/", or us? The rules guard against all others. */
bool fs_is_trusted(const struct fs *fs, uid_t uid);

struct fs_attr {
	mode_t mode;
	uid_t uid;
	gid_t gid;
	bool fix_mode, fix_uid, fix_gid; /* also of what exists already */
};

/* ---- inspecting ---- */

/* An open directory and a name in it. */
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
 * Walks to the directory of the absolute `path`, by the rules of writing. Returns 0, 1 if
 * a directory on the way is missing, or -1 (ENOTDIR where one is something else, ELOOP
 * for a path that others control).
 */
int fs_walk(const struct fs *fs, const char *path, struct fs_entry *ret, struct err *err);

/*
 * As fs_walk(), making directories that are missing: mode 0755, with the owner of the
 * directory that each is in.
 */
int fs_walk_make(struct fs *fs, const char *path, struct fs_entry *ret, struct err *err);
void fs_entry_release(struct fs_entry *entry);

/* Which objects are accepted at the end of a path. */
enum fs_rule {
	FS_ANY,
	/*
	 * As root, none that another user may have put there who is neither root, us,
	 * fs->owner (without one, fs->app), nor the owner of its directory.
	 */
	FS_OURS,
	FS_TARGET, /* nor a link, for what is to be written */
};

/* lstat(2) of what `entry` names. Returns 0, 1 if it is missing, or -1. */
int fs_stat_entry(const struct fs *fs, const struct fs_entry *entry, enum fs_rule rule,
	const char *path, struct stat *ret, struct err *err);

/* The same by fs_walk(). */
int fs_lookup(const struct fs *fs, const char *path, enum fs_rule rule, struct stat *ret,
	struct err *err);

/* Is it mounted by itself? Kernels before 5.8 do not know. */
bool fs_is_mounted(const char *path);

/*
 * Appends a whole file to `ret`, by the rules of reading. Returns 0, 1 if it is missing,
 * or -1, also where it is over `limit` bytes; `ret` is then as it was. A relative path
 * starts at the working directory. /dev/stdin, /dev/fd/N and /proc/self/fd/N are our own
 * descriptors, which must be files; not so for FS_TARGET, which is walked to by the
 * rules of writing.
 */
int fs_read(const struct fs *fs, const char *path, enum fs_rule rule, size_t limit,
	struct buf *ret, struct err *err);

/*
 * Opens that file. Returns 0 with its descriptor, which is the caller's, and what fstat()
 * says of it, 1 if it is missing, or -1.
 */
int fs_open_file(const struct fs *fs, const char *path, enum fs_rule rule, int *ret,
	struct stat *ret_st, struct err *err);

/* The same as for FS_TARGET of the file that `entry` names; `path` is for messages. */
int fs_open_entry(const struct fs *fs, const struct fs_entry *entry, const char *path,
	int *ret, struct stat *ret_st, struct err *err);

/*
 * Opens a directory to list it, by the rules of reading. Returns a stream for CLEANUP_DIR
 * (fd.h), or NULL (ENOENT, ENOTDIR, …).
 */
DIR *fs_open_dir(const struct fs *fs, const char *path, struct err *err);

/*
 * chdir(2). As root no link that others may have made is followed; real directories of
 * the same mount are entered, whoever owns them.
 */
int fs_enter(const struct fs *fs, const char *path, struct err *err);

/* As root, can others create or remove anything in the entry's directory? */
bool fs_is_shared(const struct fs *fs, const struct fs_entry *entry);

/*
 * As root in a directory of others: is the open file `fd` the one that `name` in `dirfd`
 * names, without other names, as in fs_has_other_names()? That function alone may come
 * too late: another user can let us open a second name, and remove it before we ask. So
 * this one waits until the links have not changed for a moment, up to 200 ms. Returns 0,
 * or -1 with errno: EMLINK where it has another name or may have one, ENOENT where `name`
 * names something else.
 */
int fs_only_name(int dirfd, const char *name, int fd);

/*
 * Which of `attr`'s fixed parts does `st` not have? Returns 0 where all is in place, or 1
 * with "mode 0644, not 0600" appended to `why`. What we cannot change (without root's
 * rights the owner, and the mode of what others own) counts as in place.
 */
int fs_attr_differs(const struct stat *st, const struct fs_attr *attr, struct buf *why);

/*
 * Has the file `st`, which `name` in `dirfd` names, further names that others may have
 * given it? A temporary that an interrupted publishing left, beside it or in a private
 * directory of ours there, does not count.
 */
bool fs_has_other_names(int dirfd, const char *name, const struct stat *st);

/* "file", "directory", "symbolic link", … for messages. */
const char *fs_type_name(mode_t mode);

/*
 * Returns 1 if the directory is missing or empty but for lost+found, 0 if not, or -1.
 * Links are followed, and if we have named it the rules above do not hold: it answers
 * conditions, and is nothing to remove by.
 */
int fs_dir_empty(const struct fs *fs, const char *path, struct err *err);

/* ---- making ---- */

enum fs_outcome {
	FS_MADE,       /* published */
	FS_THERE,      /* it already existed, and was not touched */
	FS_FIXED,      /* it already existed, and its mode or owner was put right */
	FS_NOT_ATOMIC, /* written in place: a mounted file cannot be replaced */
};

/* A file that is being made. */
struct fs_stage {
	struct fs *fs;
	struct fs_entry entry; /* where it is to go */
	int dirfd;             /* where the temporary is: as the entry's, or private */
	struct fs_attr attr;
	int fd;         /* the temporary, open for writing */
	bool settled;   /* owner, mode and content are flushed */
	bool resumable; /* the temporary stays where it is not published */
	bool fleeting;  /* set by the caller: nothing is flushed, for a loss is no harm */
	char temp[256]; /* its name in `dirfd`; "" before, and once it is published */
	char path[4096];
};

#define FS_STAGE_INIT \
	{ \
		.entry = FS_ENTRY_INIT, .dirfd = -1, .fd = -1 \
	}
#define CLEANUP_STAGE __attribute__((cleanup(fs_stage_release)))

/*
 * Opens the temporary for `path` in a stage that is FS_STAGE_INIT, making missing
 * directories. `fs` must outlive the stage.
 */
int fs_stage_open(struct fs *fs, struct fs_stage *stage, const char *path,
	const struct fs_attr *attr, struct err *err);

/*
 * The same for `name` in the open directory `dirfd`, which a walk has led to, or which is
 * root's or ours alone; the path is for messages.
 */
int fs_stage_open_in(struct fs *fs, struct fs_stage *stage, int dirfd, const char *name,
	const char *path, const struct fs_attr *attr, struct err *err);
/*
 * As fs_stage_open(), for what takes long to write: where an earlier process has left its
 * temporary for that path, it is opened, and stage->fd is at its end. Until it is
 * published or fs_stage_drop() is called it stays, whatever happens to us. Where another
 * has it, others could have written it, or it cannot be opened, it is a new temporary.
 */
int fs_stage_resume(struct fs *fs, struct fs_stage *stage, const char *path,
	const struct fs_attr *attr, struct err *err);

/* Empties the temporary, to begin anew. */
int fs_stage_empty(struct fs_stage *stage, struct err *err);

/* Takes room for `size` bytes, where that can be; what is not written is let go of. */
int fs_stage_reserve(struct fs_stage *stage, int64_t size, struct err *err);

/* From now on it goes as any other does. */
void fs_stage_drop(struct fs_stage *stage);

int fs_stage_write(
	struct fs_stage *stage, const void *data, size_t size, struct err *err);

/* All that the file `fd` holds, into what is still empty; or as stop_check() does. */
int fs_stage_copy(struct fs_stage *stage, int fd, struct stop *stop, struct err *err);

/* Owner, mode and fsync ahead of publishing, so that the temporary can be inspected. */
int fs_stage_settle(struct fs_stage *stage, struct err *err);

/*
 * Owner, mode, fsync, publish, fsync of the directory. With `replace` the target becomes
 * the new file (FS_MADE, FS_NOT_ATOMIC), and one that is no file is an error; without, an
 * existing target stays (FS_THERE).
 */
int fs_stage_publish(struct fs_stage *stage, bool replace, enum fs_outcome *ret_outcome,
	struct err *err);

/* Removes a temporary that was not published. */
void fs_stage_release(struct fs_stage *stage);

/* All of this at once for a text in memory. */
int fs_write(struct fs *fs, const char *path, const void *data, size_t size,
	const struct fs_attr *attr, bool replace, enum fs_outcome *ret_outcome,
	struct err *err);

/*
 * Makes a directory, and those above it that are missing (FS_MADE). One that exists is
 * fixed, as by fs_fix().
 */
int fs_make_dir(struct fs *fs, const char *path, const struct fs_attr *attr,
	enum fs_outcome *ret_outcome, struct err *err);

/*
 * Makes a symbolic link; with `replace`, in place of another link. Anything else that
 * exists is an error and stays, unless it is created after the check.
 */
int fs_make_link(struct fs *fs, const char *path, const char *target, bool replace,
	uid_t uid, gid_t gid, enum fs_outcome *ret_outcome, struct err *err);

/*
 * As root, may others have put the open object `st` where `entry` names it: is its owner
 * not ours, or is it mounted deep below a holder? Returns 0 if not, or -1.
 */
int fs_check_entry(const struct fs *fs, const struct fs_entry *entry, int fd,
	const struct stat *st, const char *path, struct err *err);

/*
 * Puts mode and owner of the file or directory (`type`: S_IFREG, S_IFDIR) at `path`
 * right, as far as `attr` fixes them, without a moment of more rights than before and
 * after (FS_FIXED, or FS_THERE where nothing had to be done). EPERM counts as done, since
 * the object was opened and so can be used. As root, a file with several hard links is an
 * error.
 */
int fs_fix(struct fs *fs, const char *path, mode_t type, const struct fs_attr *attr,
	enum fs_outcome *ret_outcome, struct err *err);

/* The same for what `entry` names; `path` is for messages. */
int fs_fix_entry(const struct fs *fs, const struct fs_entry *entry, mode_t type,
	const struct fs_attr *attr, const char *path, enum fs_outcome *ret_outcome,
	struct err *err);

/*
 * Removes temporaries from the directory that are not in use, unless it was the last one
 * that was swept; best effort. A file that its maker would have locked is removed at
 * once, where locks are known to work and it is not empty; anything else when it is over
 * an hour old. SQLite must have none of them open in this process.
 */
void fs_sweep(struct fs *fs, int dirfd);

/*
 * What are the temporary files in the directory, and in private directories there?
 * Returns how many there are, and in `ret_bytes` the room that they take.
 */
size_t fs_count_temps(int dirfd, uint64_t *ret_bytes);

/*
 * Is it a name of our temporary files and directories, ".NAME.PROGRAM-XXXXXX", of a
 * SQLite sidecar of one, or of the public key that ssh-keygen makes beside one?
 */
bool fs_is_temporary(const char *name);

/* Flushes its entries, where we and its file system can. Returns 0, or -1 with errno. */
int fs_sync_dir(int dirfd);

#endif
