/* SPDX-License-Identifier: MIT */
/* Copying a whole file: by pieces, and without what is read as zeros alone. */
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/stop.h"

#define PIECE ((off_t)16 * 1024 * 1024) /* between two looks for a stop */

/* Up to a piece of what is no hole; `*at` is then behind it. Returns 0, or -1. */
static int copy_piece(int from, int to, off_t *at)
{
	off_t begin = lseek(from, *at, SEEK_DATA);
	off_t end;

	if (begin < 0 && errno == ENXIO) {
		*at = lseek(from, 0, SEEK_END);
		return *at < 0 || ftruncate(to, *at) < 0 ? -1 : 0;
	}
	/* Where the file system does not know of holes, there is none. */
	if (begin < 0)
		begin = *at;
	end = lseek(from, begin, SEEK_HOLE);
	if (end < 0 || end > begin + PIECE)
		end = begin + PIECE;
	*at = end;
	return lseek(to, begin, SEEK_SET) < 0 ||
			fd_copy_part(from, begin, end - begin, to) < 0
		? -1
		: 0;
}

int fd_copy_file(int from, int to, struct stop *stop)
{
	off_t at = 0, copied = 1;
	struct stat st;

	if (fstat(from, &st) < 0)
		return -1;
	while (at < st.st_size && !stop_is_due(stop))
		if (copy_piece(from, to, &at) < 0)
			return -1;
	/* What it has behind that size, too; some of the kernel's files show none. */
	if (lseek(to, at, SEEK_SET) < 0)
		return -1;
	for (; copied > 0 && !stop_is_due(stop); at += copied)
		copied = fd_copy_part(from, at, PIECE, to);
	if (copied > 0)
		errno = EINTR;
	return copied == 0 ? 0 : -1;
}
