/* SPDX-License-Identifier: MIT */
/* The worker's further runs, for `reload`. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/exit_code.h"
#include "base/fd.h"
#include "proc/descriptors.h"
#include "proc/parent_internal.h"

/* The worker of `reload`: as the first one, in a group of its own and without a record. */
static _Noreturn void run_worker_again(struct parent *parent, pid_t ours, int stop_fd)
{
	(void)setpgid(0, 0);             /* a fresh child: cannot fail */
	(void)prctl(PR_SET_DUMPABLE, 0); /* before anything is read; fails never */
	if (fchdir(parent->workdir_fd) < 0) {
		log_warn(&parent->log, "reload: the working directory: %s",
			strerror(errno));
		_exit(EXIT_FAILED);
	}
	close_fd(&parent->workdir_fd);
	parent->stop_fd = stop_fd;
	parent_run_worker(parent, ours);
}

static pid_t fork_worker_again(void *user, int *ret_stop_fd)
{
	struct parent *parent = user;
	pid_t ours = getpid(), pid;
	int ends[2];

	if (pipe_above_stderr(ends) < 0)
		return -1;
	pid = fork();
	if (pid == 0)
		run_worker_again(parent, ours, ends[0]);
	close_fd(&ends[0]);
	if (pid < 0)
		close_fd(&ends[1]);
	*ret_stop_fd = ends[1];
	return pid;
}

void parent_prepare_reload(struct parent *parent)
{
	int inotify_fd = fd_take(parent->watch.stop_fd);

	if (inotify_fd < 0)
		return;
	parent->workdir_fd = fd_above_stderr(open(".", O_PATH | O_DIRECTORY | O_CLOEXEC));
	parent->reloader = (struct reloader){
		.signal = parent->launch.reload,
		.inotify_fd = inotify_fd,
		.activity = parent->activity,
		.log = &parent->log,
		.grace_ms = parent->watch.grace_ms,
		.fork_worker = fork_worker_again,
		.user = parent,
		.stop_fd = -1,
	};
	parent->activity = NULL; /* it stays mapped */
}
