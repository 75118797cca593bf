/* SPDX-License-Identifier: MIT */
/* Opening files for reading: those of one directory, in a row, by one walk. */
#ifndef BASE_FS_READER_H
#define BASE_FS_READER_H

#include "base/fs.h"
#include "base/fs_writer.h"

struct walk;

struct fs_reader {
	struct walk *walk; /* to the last directory, or NULL */
	struct fs_hold hold;
	struct fs_writer writer; /* who can change what was opened last, */
	mode_t mode;             /* and the mode of what was read last */
	char directory[4096];
};

#define FS_READER_INIT \
	{ \
		.walk = NULL \
	}
#define CLEANUP_READER __attribute__((cleanup(fs_reader_release)))

/*
 * As fs_open_file() and fs_read() with FS_ANY, of an absolute path. Calls in a row for
 * files of one directory walk to it once; they must have the same `fs`.
 */
int fs_reader_open(struct fs_reader *reader, const struct fs *fs, const char *path,
	int *ret, struct stat *ret_st, struct err *err);
int fs_reader_read(struct fs_reader *reader, const struct fs *fs, const char *path,
	size_t limit, struct buf *ret, struct err *err);

/*
 * What lstat() says of `path`, in the directory where fs_reader_open() would look for it.
 * Returns 0, 1 if it is missing, or -1.
 */
int fs_reader_stat(struct fs_reader *reader, const struct fs *fs, const char *path,
	struct stat *ret, struct err *err);

/*
 * Where the link `path` leads, in that directory, and who has chosen that: as root, the
 * user who controls the directory, else the owner of the link. Returns 0, 1 if it is
 * missing or no link, or -1.
 */
int fs_reader_link(struct fs_reader *reader, const struct fs *fs, const char *path,
	char ret_target[4096], uid_t *ret_chooser, struct err *err);

/*
 * Says to fs->on_list that a path is looked for by other means: a file or a directory,
 * which may be missing.
 */
static inline void fs_note_path(const struct fs *fs, const char *path)
{
	if (fs->on_list)
		fs->on_list(fs->on_user, path);
}

void fs_reader_release(struct fs_reader *reader);

#endif
