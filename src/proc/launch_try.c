/* SPDX-License-Identifier: MIT */
/* Whether the application can be what it is to be, before the first step. */
#include <limits.h>
#include <unistd.h>

#include "base/err.h"
#include "proc/ask.h"
#include "proc/execute.h"
#include "proc/launch.h"

/* What the process that tries it says; its pointers are into memory that both have. */
struct answer {
	int rc;
	const char *key;
	struct err err;
};

/* What is missing, and may be made, is not known, and neither is what is in there. */
static int inspect(const struct launch *launch, const struct execute_search *search,
	const char **ret_key, struct err *err)
{
	struct execute_search there = *search;
	char cwd[PATH_MAX];

	*ret_key = "workdir";
	if (launch_enter(launch, err) < 0)
		return search->is_made && search->is_made(search->user, launch->workdir)
			? 0
			: -1;
	*ret_key = "command";
	there.workdir = getcwd(cwd, sizeof cwd);
	return launch->argv ? execute_look_up(launch->argv[0], &there, err) : 0;
}

struct question {
	const struct launch *launch;
	const struct execute_search *search; /* or NULL */
};

static void try(void *user, void *to)
{
	const struct question *question = user;
	struct answer *answer = to;

	answer->rc = launch_take_on(question->launch, &answer->key, &answer->err);
	if (answer->rc == 0 && question->search)
		answer->rc = inspect(
			question->launch, question->search, &answer->key, &answer->err);
}

int launch_try(const struct launch *launch, const struct execute_search *search,
	struct stop *stop, const char **ret_key, struct err *err)
{
	struct question question = {launch, search};
	struct ask ask = {try, &question, sizeof(struct answer),
		identity_user(&launch->identity),
		"make a process that tries whether a command can be run"};
	struct answer found = {0};
	int rc = ask_process(&ask, &found, stop, err);

	*ret_key = "";
	if (rc <= 0)
		return rc; /* without an answer it is not known */
	if (found.rc < 0) {
		*ret_key = found.key;
		*err = found.err;
	}
	return found.rc;
}
