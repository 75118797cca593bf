/* SPDX-License-Identifier: MIT */
/* Supervising the application. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/exit_code.h"
#include "base/fd.h"
#include "base/fork.h"
#include "base/log.h"
#include "proc/children.h"
#include "proc/descriptors.h"
#include "proc/launch.h"
#include "proc/leftovers.h"
#include "proc/reloader.h"
#include "proc/signals.h"
#include "proc/startup.h"
#include "proc/supervise_internal.h"
#include "proc/terminal.h"
#include "proc/termination.h"

/* ---- the child ---- */

static void let_signals_in(void *user)
{
	const struct supervisor *s = user;
	char byte;

	while (s->gate[0] >= 0 && read(s->gate[0], &byte, 1) < 0 && errno == EINTR)
		continue;
	startup_death_signal(s->order->launch->death_signal, s->self);
	startup_restore_signals(s->order->startup);
}

static _Noreturn void run_child(struct supervisor *s, pid_t group)
{
	const struct supervise *order = s->order;
	DECLARE_ERR(err);

	/* Both sides do both, so that neither can come too late. */
	if (!s->shared)
		(void)setpgid(0, 0); /* a fresh child, no session leader: cannot fail */
	(void)terminal_pass(s->terminal, group, getpid());
	close_fd(&s->gate[1]);
	(void)launch_execute(order->launch, order->record, let_signals_in, s, &err);
	log_err(order->log, LOG_ERROR, &err);
	termination_write(err.text);
	*s->launch_code = exit_code_of_launch(&err);
	_exit(*s->launch_code);
}

/* ---- running ---- */

/* What stops it comes first: then what it is to end by lets it run again. */
static void take_signals(struct supervisor *s)
{
	uint64_t left[] = {SIGNALS_SUSPENDING, ~SIGNALS_SUSPENDING};
	siginfo_t info;

	for (size_t i = 0; i < sizeof left / sizeof *left; i++)
		while (signals_next(&left[i], &info))
			if (!signals_are_ours(&info))
				forward(s, &info);
}

/* Waits for what comes next, and takes it. */
static void take_turn(struct supervisor *s)
{
	struct reloader *reloader = s->order->reloader;
	int64_t turn = forward_next(s);
	struct pollfd ready[] = {
		{.fd = s->order->signal_fd, .events = POLLIN},
		{.fd = reloader ? reloader_fd(reloader) : -1, .events = POLLIN},
	};

	if (reloader && reloader_next(reloader) < turn)
		turn = reloader_next(reloader);
	if (reload_signal_next(s) < turn)
		turn = reload_signal_next(s);
	/* A failure (EINTR after a stop) only brings us round again. */
	(void)poll(ready, reloader ? 2 : 1, clock_wait(turn));
	take_signals(s);
	(void)child_reap(s); /* as long as the child runs there is one */
	if (reloader)
		reloader_turn(reloader);
}

static void watch(struct supervisor *s)
{
	while (!s->ended) {
		take_turn(s);
		if (s->ended)
			break;
		forward_turn(s);
		reload_signal_turn(s);
	}
	/* What came before its end is of that, and no stop of what it has left. */
	take_signals(s);
}

/* The application has ended, and needs nothing any more. */
static void end_reload(struct supervisor *s)
{
	struct reloader *reloader = s->order->reloader;
	int64_t until;

	if (!reloader)
		return;
	s->kill_at_ms = 0;
	s->held = 0;
	s->reload.until_ms = 0;
	reloader_stop(reloader);
	/* What cannot be killed is left. */
	until = clock_ms() + 3 * reloader->grace_ms;
	while (reloader->worker && clock_ms() < until)
		take_turn(s);
}

static void end_leftovers(struct supervisor *s)
{
	if (child_reap(s)) /* mostly there is none; and then no clock is asked */
		leftovers_end(&(struct leftovers){
			.spared = s->order->spared,
			.rules = &s->order->launch->signals,
			.log = s->order->log,
			.user = child_user(s),
			.signal_fd = s->order->signal_fd,
			.timeout_ms = s->order->launch->leftover_timeout_ms,
		});
}

/*
 * What its terminal may have sent to the application alone: by a key where it was in the
 * foreground, or by the end of the terminal.
 */
static uint64_t sent_by_terminal(const struct supervisor *s, bool foreground)
{
	if (foreground)
		return signal_bit(SIGINT) | signal_bit(SIGQUIT);
	return terminal_is_gone(s->terminal) ? signal_bit(SIGHUP) : 0;
}

/* By what it was not asked to end by, it did not mean to end. */
static void report_end(const struct supervisor *s, bool foreground)
{
	char name[SIGNAL_NAME_SIZE];
	int signal = WIFSIGNALED(s->status) ? WTERMSIG(s->status) : 0;
	uint64_t asked = s->asked | sent_by_terminal(s, foreground);

	if (!signal || (signal == SIGKILL && s->killed))
		return; /* that was said */
	log_message(s->order->log, asked & signal_bit(signal) ? LOG_INFO : LOG_WARN,
		"the application was ended by %s%s", signal_name(signal, name),
		WCOREDUMP(s->status) ? " (core dumped)" : "");
}

static int begin(struct supervisor *s)
{
	pid_t group = getpgrp();

	/* Gone from the child at its execve, and no descriptor of ours. */
	s->launch_code = mmap(NULL, sizeof *s->launch_code, PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (s->launch_code == MAP_FAILED)
		return -1;
	/* Without a record there is nothing to let go of. */
	if (s->order->record && pipe_above_stderr(s->gate) < 0)
		return -1;
	if (!s->order->record)
		startup_restore_dumpable(s->order->startup);
	s->terminal = terminal_open();
	s->shared = !child_takes_group(s) && terminal_shares_group(s->terminal);
	if (s->shared)
		close_fd(&s->terminal); /* as a member of our group it has it */
	s->child = fork();
	if (s->child == 0)
		run_child(s, group);
	if (s->child < 0)
		return -1;
	/* Both fail where the child was faster. */
	if (!s->shared)
		(void)setpgid(s->child, s->child);
	(void)terminal_pass(s->terminal, group, s->child);
	return 0;
}

/*
 * The application goes on. With `reload` our end stays open: the other one is closed by
 * its execve(2), before which it cannot handle a signal.
 */
static void open_gate(struct supervisor *s)
{
	s->launched_ms = s->order->reloader ? clock_ms() : 0;
	if (!s->order->reloader || write(s->gate[1], "", 1) < 0)
		close_fd(&s->gate[1]);
}

/* Images log to /proc/1/fd/1. */
static void close_others(const struct supervisor *s)
{
	const struct supervise *order = s->order;
	const int kept[] = {
		order->signal_fd,
		order->workdir_fd,
		order->reloader ? order->reloader->inotify_fd : -1,
		s->terminal,
		s->gate[1],
		s->self == 1 ? STDOUT_FILENO : -1,
	};

	fds_close_others(kept, sizeof kept / sizeof *kept);
}

static int fail_to_begin(const struct supervise *order, int code)
{
	char why[256];

	(void)snprintf(why, sizeof why, "start the application: %s%s", strerror(code),
		fork_hint(code)); /* it fits */
	log_error(order->log, "%s", why);
	termination_write(why);
	launch_unmap(order->record);
	return EXIT_FAILED;
}

int supervise(const struct supervise *order, int *ret_signal)
{
	struct supervisor s = {
		.order = order, .self = getpid(), .terminal = -1, .gate = {-1, -1}};
	int code, rewritten;
	bool foreground;

	if (begin(&s) < 0)
		return fail_to_begin(order, errno);
	launch_unmap(order->record);
	startup_restore_dumpable(order->startup);
	open_gate(&s);
	close_others(&s);
	(void)chdir("/"); /* a directory that we cannot leave is kept busy, no more */
	forward_kept(&s);
	watch(&s);
	foreground = terminal_pass(s.terminal, s.child, getpgrp());
	report_end(&s, foreground);
	end_reload(&s);
	end_leftovers(&s);
	if (*s.launch_code)
		return *s.launch_code;
	code = exit_code_of_status(s.status);
	rewritten = rewriting_get(&order->launch->exit_codes, code);
	if (WIFSIGNALED(s.status) && rewritten == code)
		*ret_signal = WTERMSIG(s.status);
	return rewritten;
}
