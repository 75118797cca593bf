/* SPDX-License-Identifier: MIT */
/* Children that speak with the network. */
#include "net/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.h"

int net_child_begin(struct net_child *child, net_child_task *run, const void *task)
{
	CLEANUP_FD int from = -1;
	CLEANUP_FD int to = -1;
	pid_t parent = getpid();
	pid_t pid;
	int fds[2];

	if (pipe2(fds, O_CLOEXEC) < 0)
		return -1;
	from = fds[0];
	to = fds[1];
	pid = fork();
	if (pid == 0) {
		run(task, to, parent);
		_exit(1); /* it has not ended itself */
	}
	if (pid < 0)
		return -1;
	child->pid = pid;
	child->fd = steal_fd(&from);
	return 0;
}

int net_child_reap(struct net_child *child)
{
	int status = 0;

	while (waitpid(child->pid, &status, 0) < 0 && errno == EINTR)
		continue;
	child->pid = 0;
	close_fd(&child->fd);
	return status;
}

void net_child_kill(struct net_child *child)
{
	if (!child->pid)
		return;
	(void)kill(child->pid, SIGKILL); /* it is ours, and not reaped */
	(void)net_child_reap(child);     /* its status is this signal */
}
