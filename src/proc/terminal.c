/* SPDX-License-Identifier: MIT */
/* The terminal's foreground. */
#include "proc/terminal.h"

#include <fcntl.h>
#include <unistd.h>

#include "proc/descriptors.h"

int terminal_open(void)
{
	int fd = fd_above_stderr(open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC));

	if (fd >= 0)
		return fd;
	/*
	 * An image may have no /dev/tty; a standard descriptor may still be our terminal.
	 */
	for (fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (tcgetpgrp(fd) >= 0)
			return fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	return -1;
}

bool terminal_pass(int fd, pid_t from, pid_t group)
{
	/* A group of another pid namespace has the number 0, whichever it is. */
	if (fd < 0 || from <= 0 || tcgetpgrp(fd) != from)
		return false;
	return tcsetpgrp(fd, group) == 0;
}
