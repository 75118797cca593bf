/* SPDX-License-Identifier: MIT */
/* The process that speaks with the network, in the program that has its libraries. */
#include "net/network.h"

#include <unistd.h>

#include "base/buf.h"
#include "base/fd.h"
#include "net/confine.h"
#include "net/probe_child.h"
#include "net/session_child.h"
#include "net/task.h"
#include "net/transfer_child.h"

int network_main(void)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	struct task task;

	/* A child that was only forked has the other end of its own input. */
	confine_descriptors(NETWORK_SOCKET);
	if (fd_read_all(STDIN_FILENO, TASK_MAX, &text) < 0 || !task_begin(&task, &text))
		return 1;
	confine(task.kind == TASK_SESSION && task_number(&task));
	switch (task.kind) {
	case TASK_PROBE:
		return probe_child(&task, STDOUT_FILENO);
	case TASK_TRANSFER:
		return transfer_child(&task, STDOUT_FILENO);
	case TASK_SESSION:
		return session_child(&task);
	}
	return 1;
}

int network_path(struct buf *ret, struct err *err)
{
	(void)ret;
	(void)err;
	return 0;
}
