/* SPDX-License-Identifier: MIT */
/* Jobs of the terminal. */
#include "proc/terminal.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "proc/descriptors.h"
#include "proc/signals.h"

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

bool terminal_is_gone(int fd)
{
	return fd >= 0 && tcgetpgrp(fd) < 0;
}

bool terminal_shares_group(int fd)
{
	struct stat st;

	if (fd < 0 || getsid(0) == getpid()) /* a session of ours: as all of it */
		return false;
	if (getpgrp() != getpid())
		return true;
	for (int i = STDIN_FILENO; i <= STDOUT_FILENO; i++)
		if (fstat(i, &st) == 0 && (S_ISFIFO(st.st_mode) || S_ISSOCK(st.st_mode)))
			return true;
	return false;
}

bool terminal_stop(pid_t whom, int signal)
{
	sigset_t set, before;

	(void)kill(whom, signal);         /* all of these fail for bad arguments only */
	signals_unblock(signal, &before); /* here we are stopped */
	signals_set_mask(&before);
	(void)sigpending(&set);
	return sigismember(&set, SIGCONT) == 1;
}
