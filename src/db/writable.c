/* SPDX-License-Identifier: MIT */
/* Whether a database could be changed or created. */
#include "db/writable.h"

#include <limits.h>
#include <stdio.h>

#include "base/err.h"
#include "base/fs_check.h"
#include "db/db.h"
#include "db/inspect.h"
#include "db/lock.h"

static int check_files(
	const struct db_spec *spec, const struct inspection *inspection, struct err *err)
{
	char name[300], path[PATH_MAX + 16];

	for (size_t i = 0; i < FILES_COUNT; i++) {
		(void)snprintf(name, sizeof name, "%s%s", inspection->entry.name,
			files_endings[i]); /* 255 and 8 */
		(void)snprintf(path, sizeof path, "%s%s", spec->path, files_endings[i]);
		if (fs_check_write(inspection->entry.dirfd, name, path, err) < 0)
			return -1;
	}
	return 0;
}

int writable_check(
	const struct db_spec *spec, const struct inspection *inspection, struct err *err)
{
	if (inspection->entry.dirfd < 0)
		return fs_check_make(spec->fs, "create", spec->path, err);
	if (lock_check(spec, inspection, err) < 0 ||
		check_files(spec, inspection, err) < 0)
		return -1;
	if (inspection->header.wal && inspection->wal && inspection->shm)
		return 0;
	return fs_check_create(
		inspection->entry.dirfd, "create a file beside", spec->path, err);
}

int writable_explain(
	const struct db_spec *spec, const struct inspection *inspection, struct err *err)
{
	DECLARE_ERR(why);

	if (err->code && writable_check(spec, inspection, &why) < 0)
		*err = why;
	return -1;
}
