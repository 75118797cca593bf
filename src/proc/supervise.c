/* SPDX-License-Identifier: MIT */
/* Supervising the application. */
#include "proc/supervise.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/exit_code.h"
#include "base/fd.h"
#include "base/log.h"
#include "proc/children.h"
#include "proc/descriptors.h"
#include "proc/launch.h"
#include "proc/signals.h"
#include "proc/startup.h"
#include "proc/terminal.h"
#include "proc/termination.h"

/* How long the killed may take to go; a process in the kernel's hands may never. */
#define KILLED_MS 5000
/* timeout(1) signals its child and then its group: a stop that follows at once is not a
 * second one. */
#define SECOND_STOP_MS 500

struct supervisor {
	const struct supervise *order;
	pid_t self;
	pid_t child; /* also its process group, unless it shares ours */
	bool shared;
	int64_t asked_ms;   /* when it was asked to end; 0: it was not */
	int64_t kill_at_ms; /* when that has taken too long; 0: never */
	bool stopped;
	bool ended;
	int sent;           /* the last signal that it was asked to end by; 0: none */
	int held;           /* one that waits for stop_delay; 0: none */
	int64_t send_at_ms; /* until then */
	bool waited;        /* that is over */
	int status;         /* of wait(2), once it has ended */
	/*
	 * In a page that is shared with the child: with what it ended because it could
	 * not execute, which is not rewritten; else 0.
	 */
	int *launch_code;
	int terminal;
	/*
	 * Nothing is ever written to it: the child waits for its end, which comes when
	 * the parent has let go of what the application is not to find in it.
	 */
	int gate[2];
};

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

/* ---- what the child does ---- */

static bool sends_to_group(const struct supervisor *s)
{
	return s->order->launch->kill_mode == LAUNCH_KILL_GROUP;
}

static void send(const struct supervisor *s, int signal)
{
	char name[SIGNAL_NAME_SIZE];

	/* A job is continued as a whole: its terminal stopped all of it. */
	if ((sends_to_group(s) || signal == SIGCONT) && kill(-s->child, signal) == 0)
		return;
	/* The group may be gone from under its leader's number, or never have been; the
	 * child itself is not: it has not been reaped. */
	if (kill(s->child, signal) < 0)
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
	send(s, SIGCONT);
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

/* Reaps all that have ended; false where no child is left. */
static bool reap(struct supervisor *s)
{
	int status;
	pid_t pid;

	while ((pid = children_reap(s->order->spared, WUNTRACED | WCONTINUED, &status)) >
		0)
		if (pid == s->child && !s->ended)
			child_changed(s, status);
	return pid == 0;
}

/* ---- signals ---- */

/* From a stop on the application has a while to end; a second stop cuts that short. */
static void count_down(struct supervisor *s)
{
	int64_t timeout = s->order->launch->stop_timeout_ms;
	int64_t now = clock_ms();

	if (timeout < 0 || (s->asked_ms && !s->kill_at_ms))
		return;
	if (!s->asked_ms) {
		s->asked_ms = now;
		s->kill_at_ms = now + timeout;
	} else if (now - s->asked_ms >= SECOND_STOP_MS) {
		s->kill_at_ms = now;
	}
}

static void kill_late(struct supervisor *s)
{
	log_warn(s->order->log, "the application did not end in time: killed");
	send(s, SIGKILL);
	s->sent = SIGKILL;
	s->kill_at_ms = 0;
}

/* What a key or the terminal itself sends goes to all of its foreground. */
static bool has_it(const struct supervisor *s, const struct signalfd_siginfo *info)
{
	return s->shared && info->ssi_code == SI_KERNEL;
}

static void hand_on(struct supervisor *s, const struct signalfd_siginfo *info, int signal)
{
	int received = (int)info->ssi_signo;
	/* HUP and QUIT ask many applications for something other than their end. */
	bool counts = signal_rules_stop(&s->order->launch->signals, received);

	/* A value can be sent to one process alone. */
	if (!(has_it(s, info) && signal == received) &&
		(sends_to_group(s) || !signal_queue_as(s->child, signal, info)))
		send(s, signal);
	if (signal_is_stop(received) || counts) {
		s->sent = signal;
		/* A stopped process does not get a signal that it should end. */
		if (s->stopped)
			send(s, SIGCONT);
	}
	if (counts)
		count_down(s);
}

/* The signal has waited long enough. */
static void let_go(struct supervisor *s)
{
	int signal = s->held;

	s->held = 0;
	s->waited = true;
	s->sent = signal;
	send(s, signal);
	if (s->stopped)
		send(s, SIGCONT);
}

/* Is a stop held back? The first one is, while time runs; the second one ends that. */
static bool hold(struct supervisor *s, int received, int signal)
{
	int64_t delay = s->order->launch->stop_delay_ms;

	if (delay <= 0 || !signal_rules_stop(&s->order->launch->signals, received))
		return false;
	if (s->held) {
		let_go(s);
		return true;
	}
	if (s->waited)
		return false;
	s->held = signal;
	s->send_at_ms = clock_ms() + delay;
	count_down(s);
	return true;
}

static void forward(struct supervisor *s, const struct signalfd_siginfo *info)
{
	int signal = (int)info->ssi_signo;
	int becomes = rewriting_get(&s->order->launch->signals.becomes, signal);

	/*
	 * Whether it is stopped is asked now: its SIGCHLD may still be behind this one.
	 */
	if (signal_is_stop(signal))
		(void)reap(s);
	if (s->ended)
		return;
	/* "fg" of a shell gives the terminal to our group and means the application's. */
	if (signal == SIGCONT)
		(void)terminal_pass(s->terminal, getpgrp(), s->child);
	if (becomes && (has_it(s, info) || !hold(s, signal, becomes)))
		hand_on(s, info, becomes);
}

static void forward_kept(struct supervisor *s)
{
	for (int i = 1; i <= SIGNALS_MAX; i++)
		if (s->order->kept & signal_bit(i))
			forward(s, &(struct signalfd_siginfo){.ssi_signo = (uint32_t)i});
}

/* ---- running ---- */

/* When there is something to do, whatever comes before. */
static int64_t next_turn(const struct supervisor *s)
{
	int64_t turn = s->kill_at_ms ? s->kill_at_ms : INT64_MAX;

	return s->held && s->send_at_ms < turn ? s->send_at_ms : turn;
}

static void watch(struct supervisor *s)
{
	int signal_fd = s->order->signal_fd;

	while (!s->ended) {
		struct signalfd_siginfo info;
		struct pollfd ready = {.fd = signal_fd, .events = POLLIN};

		/* A failure (EINTR after a stop) only brings us round again. */
		(void)poll(&ready, 1, clock_wait(next_turn(s)));
		while (signals_next(signal_fd, &info))
			if (!signals_are_ours(&info))
				forward(s, &info);
		(void)reap(s); /* as long as the child runs there is one */
		if (!s->ended && s->held && clock_ms() >= s->send_at_ms)
			let_go(s);
		if (!s->ended && s->kill_at_ms && clock_ms() >= s->kill_at_ms)
			kill_late(s);
	}
}

/* Ends what the application left behind: TERM, a while to end, KILL. */
static void end_leftovers(struct supervisor *s)
{
	struct children_spared *spared = s->order->spared;
	int signal_fd = s->order->signal_fd;
	int64_t timeout = s->order->launch->leftover_timeout_ms;

	if (!reap(s)) /* as mostly; and then no clock is asked */
		return;
	if (!children_end(SIGTERM, spared, signal_fd,
		    timeout < 0 ? INT64_MAX : clock_ms() + timeout))
		(void)children_end(SIGKILL, spared, signal_fd, clock_ms() + KILLED_MS);
}

/* By what it was not asked to end by, it did not mean to end. */
static void report_end(const struct supervisor *s)
{
	char name[SIGNAL_NAME_SIZE];
	int signal = WIFSIGNALED(s->status) ? WTERMSIG(s->status) : 0;

	if (!signal || (signal == SIGKILL && s->sent == SIGKILL))
		return; /* that was said */
	log_message(s->order->log, signal == s->sent ? LOG_INFO : LOG_WARN,
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
	s->shared = !sends_to_group(s) && terminal_shares_group(s->terminal);
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

int supervise(const struct supervise *order, int *ret_signal)
{
	struct supervisor s = {
		.order = order, .self = getpid(), .terminal = -1, .gate = {-1, -1}};
	int output = s.self == 1 ? STDOUT_FILENO : -1;
	int code, rewritten;

	if (begin(&s) < 0) {
		log_error(order->log, "start the application: %s", strerror(errno));
		return EXIT_FAILED;
	}
	launch_unmap(order->record);
	startup_restore_dumpable(order->startup);
	/* The gate, too: the application goes on. */
	fds_close_others((const int[]){order->signal_fd, s.terminal, output}, 3);
	/* It comes to us like any signal, and goes on to the application. */
	startup_death_signal(order->launch->death_signal, order->startup->starter);
	(void)chdir("/"); /* a directory that we cannot leave is kept busy, no more */
	forward_kept(&s);
	watch(&s);
	(void)terminal_pass(s.terminal, s.child, getpgrp());
	report_end(&s);
	end_leftovers(&s);
	if (*s.launch_code)
		return *s.launch_code;
	code = exit_code_of_status(s.status);
	rewritten = rewriting_get(&order->launch->exit_codes, code);
	if (WIFSIGNALED(s.status) && rewritten == code)
		*ret_signal = WTERMSIG(s.status);
	return rewritten;
}
