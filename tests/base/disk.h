/* SPDX-License-Identifier: MIT */
/* What the calls of base/fs are given. */
#ifndef TESTS_BASE_DISK_H
#define TESTS_BASE_DISK_H

#include "base/fs.h"

/* Who we are now; no private directory stays behind. */
static inline struct fs *disk(void)
{
	static struct fs fs = FS_INIT;

	fs_end(&fs);
	fs = (struct fs)FS_INIT;
	fs_begin(&fs);
	return &fs;
}
#define entries(name) (disk(), (entries)(name))

#endif
