/* SPDX-License-Identifier: MIT */
/*
 * What [app] says, at its time. Who, and with which variables, is known before the first
 * step. The rest is needed where the application is started: it is judged with the steps,
 * and a name that a step exports is put in after the last. `apply` asks for none of it,
 * and a `plan` without a command warns of what is wrong with it.
 *
 *	application_begin()	before the environment is known
 *	application_find_signals()	when it is known
 *	application_find()	behind that: the identity, and the command
 *	application_accept()	when it is known whether the command runs as it was given
 *	application_decide()	with the steps
 *	application_try()	before the first step
 *	application_complete()	before it is started
 *	application_release()
 */
#ifndef PLAN_APPLICATION_H
#define PLAN_APPLICATION_H

#include <stdbool.h>

#include "base/problems.h"
#include "conf/field.h"

struct bootstrap;
struct err;
struct execute_search;

struct application {
	/* With [env] and the user: nothing to a command that runs as it was given. */
	struct problems *early; /* `problems` of the bootstrap, or what follows */
	struct problems dropped;
	char *const *words;       /* of the command line, or NULL */
	bool used;                /* the `command` of [app] is what runs */
	struct problems start;    /* of `plan`: why it would not start */
	const struct field **due; /* what has names that steps export */
	size_t due_count;
};

void application_begin(struct bootstrap *bootstrap);

/*
 * Finds what signals mean, as far as that is known: they may arrive from now on; and
 * whether there is a `reload`. What is wrong there is no error yet.
 */
void application_find_signals(struct bootstrap *bootstrap);

/*
 * Finds the command: `words` of the command line (may be NULL), or the configured one,
 * to which words are added that match `arguments`. What of it has no value is kept as it
 * is written, so that conditions see the rest.
 */
void application_find(struct bootstrap *bootstrap, char *const *words);

/* Whether to supervise it: what the option says, else `init` of [app] (launch_init). */
int application_init_asked(const struct bootstrap *bootstrap, int option);

/* Is there a command on the command line? The plan is then of its start, too. */
bool application_is_given(const struct bootstrap *bootstrap);

/* What is wrong with [env] and the user is an error from here on. */
void application_accept(struct bootstrap *bootstrap);

/* What is wrong is added to the problems of the bootstrap, or of `plan`. */
void application_decide(struct bootstrap *bootstrap);

/*
 * What keys mean together, once they are filled: those of APP_IDENTITY, and the others.
 */
void application_check_identity(
	const struct bootstrap *bootstrap, struct problems *problems);
void application_check(const struct bootstrap *bootstrap, struct problems *problems);

/* Puts in what steps have exported. Returns 0, or -1. */
int application_complete(struct bootstrap *bootstrap, struct err *err);

/*
 * Will the kernel give the application its limits, user and capabilities; and with
 * `search`, may it enter its working directory, and execute `argv`, its command or NULL
 * (launch_try())? A process of its own tries it. Returns 0, or -1 with the place of the
 * key.
 */
int application_try(struct bootstrap *bootstrap, const struct execute_search *search,
	char *const *argv, struct err *err);

/* Has errors of the launch itself name the place of the key that they are about. */
void application_place(struct bootstrap *bootstrap);

/*
 * Can application_try() find anything? [app] has limits or capabilities, or we are root
 * without CAP_SETUID and CAP_SETGID; else a start saves that process.
 */
bool application_may_be_refused(const struct bootstrap *bootstrap);

/*
 * Warns of keys that do nothing: for an application that takes our place, or, where it is
 * `supervised`, without any stop.
 */
void application_warn(const struct bootstrap *bootstrap, bool supervised);

void application_release(struct bootstrap *bootstrap);

#endif
