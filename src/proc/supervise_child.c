/* SPDX-License-Identifier: MIT */
/* The application as our child: sending to it, and what becomes of it. */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "base/privilege.h"
#include "proc/children.h"
#include "proc/launch.h"
#include "proc/reloader.h"
#include "proc/signals.h"
#include "proc/supervise_internal.h"
#include "proc/terminal.h"

bool child_takes_group(const struct supervisor *s)
{
	return s->order->launch->kill_mode == LAUNCH_KILL_GROUP;
}

uid_t child_user(const struct supervisor *s)
{
	return identity_user(&s->order->launch->identity);
}

int child_send(const struct supervisor *s, int signal)
{
	uid_t user = child_user(s);

	/* A job is continued as a whole: its terminal stopped all of it. */
	if ((child_takes_group(s) || signal == SIGCONT) &&
		privilege_kill(user, -s->child, signal) == 0)
		return 0;
	/* The group may be gone from under its leader's number, or never have been; the
	 * child itself is not: it has not been reaped. */
	return privilege_kill(user, s->child, signal);
}

void child_forward(const struct supervisor *s, int signal)
{
	char name[SIGNAL_NAME_SIZE];

	if (child_send(s, signal) < 0)
		log_warn(s->order->log, "%s could not be forwarded: %s",
			signal_name(signal, name), strerror(errno));
}

/*
 * The application was stopped from its terminal (Ctrl-Z, or use of it in the background).
 * Under a shell we stop as well, so that the shell goes on, and are continued with a CONT
 * that is forwarded; without a shell nothing could continue it, so it goes on at once.
 */
static void child_stopped(struct supervisor *s, int signal)
{
	s->stopped = true;
	if (s->shared && signal != SIGSTOP)
		(void)terminal_stop(s->self, signal); /* the others have it from there */
	if (s->terminal < 0 || signal == SIGSTOP)
		return;
	/* A shell sees a job stop when all of it has. */
	(void)terminal_pass(s->terminal, s->child, getpgrp());
	if (terminal_stop(0, signal) || signal != SIGTSTP)
		return;
	(void)terminal_pass(s->terminal, getpgrp(), s->child);
	child_forward(s, SIGCONT);
}

static void child_changed(struct supervisor *s, int status)
{
	if (WIFSTOPPED(status)) {
		child_stopped(s, WSTOPSIG(status));
	} else if (WIFCONTINUED(status)) {
		s->stopped = false;
	} else {
		s->ended = true;
		s->status = status;
	}
}

bool child_reap(struct supervisor *s)
{
	struct reloader *reloader = s->order->reloader;
	int status;
	pid_t pid;

	while ((pid = children_reap(s->order->spared, WUNTRACED | WCONTINUED, &status)) >
		0)
		if (pid == s->child && !s->ended)
			child_changed(s, status);
		else if (reloader && reloader_ended(reloader, pid, status) && !s->ended)
			s->reload.due = true;
	return pid == 0;
}
