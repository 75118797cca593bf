/* SPDX-License-Identifier: MIT */
/* Files without a name. */
#include "base/nameless.h"

#include <fcntl.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "base/err.h"
#include "base/fd.h"

static const char *const places[] = {"/dev/shm", "/run", "/tmp"};

int nameless_open(const char *name, struct err *err)
{
	CLEANUP_FD int fd = memfd_create(name, MFD_CLOEXEC);

	for (size_t i = 0; fd < 0 && i < sizeof places / sizeof *places; i++) {
		fd = open(places[i], O_TMPFILE | O_RDWR | O_EXCL | O_CLOEXEC, 0600);
		/* The mode of a memfd: it has no name by which others could open it. */
		if (fd >= 0 && fchmod(fd, 0666) < 0)
			close_fd(&fd);
	}
	if (fd < 0)
		return err_sys(err,
			"make a file without a name: no memfd, and none in /dev/shm, "
			"/run or /tmp");
	return steal_fd(&fd);
}
