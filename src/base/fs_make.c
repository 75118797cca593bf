/* SPDX-License-Identifier: MIT */
/* Directories and links by their paths. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fs_internal.h"

struct link {
	const char *target;
	bool replace;
	struct fs_attr attr;
};

/* Makes and publishes it. Returns 0, 1 if the name already exists, or -1 with errno. */
static int publish_link(int dirfd, const struct fs_entry *entry, void *user)
{
	const struct link *link = user;
	const struct fs_attr *attr = &link->attr;
	char temp[256];
	int code;
	int rc = 0;

	fs_temp_name(entry->name, FS_TEMP_PLAIN, temp);
	if (symlinkat(link->target, dirfd, temp) < 0)
		return -1;
	if (geteuid() == 0 && (attr->uid != geteuid() || attr->gid != getegid()))
		rc = fs_unless_denied(
			fchownat(dirfd, temp, attr->uid, attr->gid, AT_SYMLINK_NOFOLLOW));
	if (rc == 0 && link->replace)
		rc = renameat(dirfd, temp, entry->dirfd, entry->name);
	else if (rc == 0)
		rc = fs_rename_new(dirfd, temp, entry->dirfd, entry->name);
	code = errno;
	if (rc != 0)
		(void)unlinkat(dirfd, temp, 0); /* else it is swept later */
	errno = code;
	return rc;
}

int fs_make_link(struct fs *fs, const char *path, const char *target, bool replace,
	uid_t uid, gid_t gid, enum fs_outcome *ret_outcome, struct err *err)
{
	CLEANUP_ENTRY struct fs_entry entry = FS_ENTRY_INIT;
	struct link link = {.target = target, .attr = {.uid = uid, .gid = gid}};
	int rc = fs_walk_make(fs, path, &entry, err);

	if (rc == 0)
		rc = fs_check_type(&entry, S_IFLNK, path, err);
	if (rc < 0)
		return -1;
	link.replace = rc == 0;
	if (link.replace && !replace) {
		*ret_outcome = FS_THERE;
		return 0;
	}
	fs_sweep(fs, entry.dirfd);
	rc = fs_resolve_owner(entry.dirfd, &link.attr);
	if (rc == 0)
		rc = fs_make_aside(fs, &entry, publish_link, &link);
	if (rc < 0)
		return fs_raise_unchanged(err, entry.dirfd, "create the link", path);
	if (fs_kept_flush_later(fs, &entry, path, err) < 0)
		return -1;
	*ret_outcome = rc ? FS_THERE : FS_MADE;
	return 0;
}

int fs_make_dir(struct fs *fs, const char *path, const struct fs_attr *attr,
	enum fs_outcome *ret_outcome, struct err *err)
{
	CLEANUP_ENTRY struct fs_entry entry = FS_ENTRY_INIT;
	struct stat st;
	int rc = 1;

	if (fs_walk_make(fs, path, &entry, err) < 0)
		return -1;
	/* Checked first, since the attempt to make one would write. */
	if (fstatat(entry.dirfd, entry.name, &st, AT_SYMLINK_NOFOLLOW) < 0 &&
		errno == ENOENT)
		rc = fs_mkdir_at(fs, &entry, attr, path, err);
	if (rc == 1)
		return fs_fix_entry(fs, &entry, S_IFDIR, attr, path, ret_outcome, err);
	if (rc == 0)
		rc = fs_kept_flush_later(fs, &entry, path, err);
	if (rc == 0)
		*ret_outcome = FS_MADE;
	return rc;
}

int fs_fix(struct fs *fs, const char *path, mode_t type, const struct fs_attr *attr,
	enum fs_outcome *ret_outcome, struct err *err)
{
	CLEANUP_ENTRY struct fs_entry entry = FS_ENTRY_INIT;
	int rc = fs_walk(fs, path, &entry, err);

	if (rc != 0)
		return rc < 0 ? -1 : err_fail(err, "'%s' is missing", path);
	return fs_fix_entry(fs, &entry, type, attr, path, ret_outcome, err);
}
