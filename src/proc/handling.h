/* SPDX-License-Identifier: MIT */
/*
 * Does a process handle a signal? One that is still starting does not, and most signals
 * would end it. It does where it catches or ignores it, or waits while it blocks it, as
 * with signalfd(2): proc(5), SigCgt, SigIgn and SigBlk. Who blocks it and is at work may
 * just be starting another program, for which shells and the C library block all.
 *
 * Who is in sigwait(3) seems not to block it, but is seen to be there, unless the kernel
 * denies that (a ptrace_scope of 2, capabilities that the application has and we have
 * not). Without a /proc of our own pid namespace nothing is known, which counts as yes.
 * Nothing is allocated.
 */
#ifndef PROC_HANDLING_H
#define PROC_HANDLING_H

#include <stdbool.h>
#include <sys/types.h>

enum handling { HANDLES_NOT, HANDLES_PERHAPS, HANDLES };

/* What has ended, or is a zombie, handles all. */
enum handling handling_of(pid_t pid, int signal);

/* The least that one of this process group does. */
enum handling handling_of_group(pid_t group, int signal);

#endif
