/* SPDX-License-Identifier: MIT */
/* Handing signals on to the application, and what a stop begins. */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "proc/launch.h"
#include "proc/reloader.h"
#include "proc/signals.h"
#include "proc/supervise_internal.h"
#include "proc/terminal.h"

/* timeout(1) signals its child and then its group: a stop that follows at once is not a
 * second one. */
#define SECOND_STOP_MS 500

/* Is it one more stop? Not one that comes with the last one that counted. */
static bool stops_again(struct supervisor *s)
{
	int64_t now = clock_ms();

	if (now - s->stop_ms < SECOND_STOP_MS)
		return false;
	s->stop_ms = now;
	return true;
}

/* From a stop on the application has a while to end; a second stop cuts that short. */
static void count_down(struct supervisor *s, int received)
{
	int64_t timeout = s->order->launch->stop_timeout_ms;
	int64_t now = clock_ms();

	if (timeout < 0 || (s->asked_ms && !s->kill_at_ms))
		return;
	if (!s->asked_ms) {
		s->asked_ms = now;
		s->stop_ms = now;
		s->kill_at_ms = now + timeout;
	} else if (stops_again(s)) {
		s->kill_at_ms = now;
		s->hurried = received;
	}
}

/* As PID 1 we end what we may not kill, by our own end. */
static void give_up(struct supervisor *s)
{
	log_warn(s->order->log,
		"the application did not end in time, and cannot be killed: %s%s",
		strerror(errno),
		s->self == 1 ? "; it ends with PID 1" : "; it is waited for");
	if (s->self != 1)
		return;
	s->ended = true;
	s->status = SIGKILL;
}

static void kill_late(struct supervisor *s)
{
	int64_t after_ms =
		s->hurried ? clock_ms() - s->asked_ms : s->order->launch->stop_timeout_ms;
	char after[CLOCK_TEXT_MAX], name[SIGNAL_NAME_SIZE];

	s->kill_at_ms = 0;
	s->killed = true;
	if (child_send(s, SIGKILL) < 0) {
		give_up(s);
		return;
	}
	clock_duration(after_ms * 1000, after);
	log_warn(s->order->log, "the application did not end in time: killed %s%s%s%s",
		after_ms ? "after " : "at once", after_ms ? after : "",
		s->hurried ? ", by another " : "",
		s->hurried ? signal_name(s->hurried, name) : "");
}

/* What a key or the terminal itself sends goes to all of its foreground. */
static bool has_it(const struct supervisor *s, const siginfo_t *info)
{
	return s->shared && info->si_code == SI_KERNEL;
}

/*
 * A stopped process gets no signal before CONT; one that was sent TSTP may be stopped by
 * then.
 */
static void let_run(struct supervisor *s)
{
	if (s->stopped || s->suspended)
		child_forward(s, SIGCONT);
	s->suspended = false;
}

static void hand_on(struct supervisor *s, const siginfo_t *info, int signal)
{
	int received = info->si_signo;
	bool had = has_it(s, info) && signal == received;
	bool counts = signal_rules_stop(&s->order->launch->signals, received);
	char name[SIGNAL_NAME_SIZE];

	if (had && s->order->log->level >= LOG_DEBUG)
		log_debug(s->order->log, "%s was received, as by the application",
			signal_name(received, name));
	/* A value can be sent to one process alone. */
	if (!had && (child_takes_group(s) || !signal_queue_as(s->child, signal, info)))
		child_forward(s, signal);
	if (!had)
		signals_log(s->order->log, received, signal);
	if (signal_bit(signal) & SIGNALS_SUSPENDING)
		s->suspended = true;
	else if (signal == SIGCONT)
		s->suspended = false;
	/* A key is of who runs; and a Ctrl-Z may have been read before a Ctrl-C that was
	 * typed first. */
	if (!had && (signal_is_stop(received) || counts))
		let_run(s);
	if (counts)
		count_down(s, received);
}

/* The signal has waited long enough, or a second one came. */
static void let_go(struct supervisor *s, bool early)
{
	int signal = s->held;
	char name[SIGNAL_NAME_SIZE];

	s->held = 0;
	s->waited = true;
	child_forward(s, signal);
	let_run(s);
	log_info(s->order->log, "%s is sent to the application: %s",
		signal_name(signal, name),
		early ? "a second one ends `stop_delay`" : "`stop_delay` is over");
}

/* Is a stop held back? The first one is, while time runs; a second one ends that. */
static bool hold(struct supervisor *s, int received, int signal)
{
	int64_t delay = s->order->launch->stop_delay_ms;
	char text[CLOCK_TEXT_MAX], name[SIGNAL_NAME_SIZE];

	if (delay <= 0 || !signal_rules_stop(&s->order->launch->signals, received))
		return false;
	if (s->held) {
		if (stops_again(s))
			let_go(s, true);
		return true;
	}
	if (s->waited)
		return false;
	s->held = signal;
	s->stop_ms = clock_ms();
	s->send_at_ms = s->stop_ms + delay;
	count_down(s, received);
	clock_duration(delay * 1000, text);
	log_info(s->order->log, "%s was received: it is held back for %s (`stop_delay`)",
		signal_name(received, name), text);
	return true;
}

/*
 * By which signal is it asked to end? In a group that it shares with us it may have got
 * what we received, and have ended, before we come to read it.
 */
static void note_asked(struct supervisor *s, int signal, int becomes)
{
	/* HUP and QUIT ask many applications for something other than their end. */
	if (!signal_is_stop(signal) &&
		!signal_rules_stop(&s->order->launch->signals, signal))
		return;
	if (becomes)
		s->asked |= signal_bit(becomes);
	if (s->shared)
		s->asked |= signal_bit(signal);
}

void forward(struct supervisor *s, const siginfo_t *info)
{
	int signal = info->si_signo;
	int becomes = rewriting_get(&s->order->launch->signals.becomes, signal);

	note_asked(s, signal, becomes);
	/*
	 * Whether it is stopped is asked now: its SIGCHLD may still be behind this one.
	 */
	if (signal_is_stop(signal) || signal == SIGCONT)
		(void)child_reap(s);
	/* One that was for our group has continued it before, and it may be stopped again
	 * by now. */
	if (s->ended || (s->shared && signal == SIGCONT && !s->stopped))
		return;
	if (s->order->reloader && signal_rules_stop(&s->order->launch->signals, signal))
		reloader_stop(s->order->reloader);
	/* "fg" of a shell gives the terminal to our group and means the application's. */
	if (signal == SIGCONT)
		(void)terminal_pass(s->terminal, getpgrp(), s->child);
	if (!becomes)
		signals_log(s->order->log, signal, 0);
	else if (has_it(s, info) || !hold(s, signal, becomes))
		hand_on(s, info, becomes);
}

void forward_kept(struct supervisor *s)
{
	for (int i = 1; i <= SIGNALS_MAX; i++)
		if (s->order->kept & signal_bit(i))
			forward(s, &(siginfo_t){.si_signo = i});
}

void forward_turn(struct supervisor *s)
{
	if (s->held && clock_ms() >= s->send_at_ms)
		let_go(s, false);
	if (s->kill_at_ms && clock_ms() >= s->kill_at_ms)
		kill_late(s);
}

int64_t forward_next(const struct supervisor *s)
{
	int64_t turn = s->kill_at_ms ? s->kill_at_ms : INT64_MAX;

	return s->held && s->send_at_ms < turn ? s->send_at_ms : turn;
}
