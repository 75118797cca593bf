/* SPDX-License-Identifier: MIT */
/* Descriptors of our own: kept clear of the standard three, and passed on. */
#include "proc/descriptors.h"

#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/fd.h"

int fd_above_stderr(int fd)
{
	int low = fd;
	int moved;

	if (fd < 0 || fd > STDERR_FILENO)
		return fd;
	moved = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	close_fd(&low);
	return moved;
}

int pipe_above_stderr(int ret_fds[2])
{
	int fds[2];

	if (pipe2(fds, O_CLOEXEC) < 0)
		return -1;
	fds[0] = fd_above_stderr(fds[0]);
	fds[1] = fd_above_stderr(fds[1]);
	if (fds[0] < 0 || fds[1] < 0) {
		close_fd(&fds[0]);
		close_fd(&fds[1]);
		return -1;
	}
	ret_fds[0] = fds[0];
	ret_fds[1] = fds[1];
	return 0;
}

int socket_pair_above_stderr(int ret_fds[2])
{
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ret_fds) <
		0)
		return pipe_above_stderr(ret_fds);
	ret_fds[0] = fd_above_stderr(ret_fds[0]);
	ret_fds[1] = fd_above_stderr(ret_fds[1]);
	if (ret_fds[0] >= 0 && ret_fds[1] >= 0)
		return 0;
	close_fd(&ret_fds[0]);
	close_fd(&ret_fds[1]);
	return -1;
}

/* Room for one descriptor beside the byte that every message has. */
union passed {
	struct cmsghdr header;
	char room[CMSG_SPACE(sizeof(int))];
};

int fd_pass(int socket, int fd)
{
	union passed passed = {.room = {0}};
	char byte = 0;
	struct iovec data = {&byte, 1};
	struct msghdr message = {.msg_iov = &data,
		.msg_iovlen = 1,
		.msg_control = &passed,
		.msg_controllen = sizeof passed};

	passed.header.cmsg_level = SOL_SOCKET;
	passed.header.cmsg_type = SCM_RIGHTS;
	passed.header.cmsg_len = CMSG_LEN(sizeof fd);
	memcpy(CMSG_DATA(&passed.header), &fd, sizeof fd);
	return sendmsg(socket, &message, MSG_NOSIGNAL) < 0 ? -1 : 0;
}

int fd_take(int socket)
{
	union passed passed = {.room = {0}};
	char byte;
	struct iovec data = {&byte, 1};
	struct msghdr message = {.msg_iov = &data,
		.msg_iovlen = 1,
		.msg_control = &passed,
		.msg_controllen = sizeof passed};
	int fd;

	if (recvmsg(socket, &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT) < 0 ||
		message.msg_controllen < CMSG_LEN(sizeof fd) ||
		passed.header.cmsg_type != SCM_RIGHTS)
		return -1;
	memcpy(&fd, CMSG_DATA(&passed.header), sizeof fd);
	return fd_above_stderr(fd);
}

void fds_fill_standard(void)
{
	/* open(2) gives the lowest free number: 0, 1 and 2 fill up in this order. */
	for (;;) {
		int fd = open("/dev/null", O_RDWR | O_CLOEXEC);

		/* Else a file of ours had the number, and the log was written to it. */
		if (fd < 0)
			fd = open("/", O_PATH | O_CLOEXEC);
		if (fd < 0 || fd > STDERR_FILENO) {
			close_fd(&fd);
			return;
		}
	}
}
