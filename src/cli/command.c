/* SPDX-License-Identifier: MIT */
/* What subcommands begin with: the configuration, loaded and decided. */
#include "cli/command.h"

#include "base/err.h"
#include "base/exit_code.h"
#include "plan/bootstrap.h"

static int report_problems(struct cli *cli, struct bootstrap *bootstrap)
{
	struct problems *problems = &bootstrap->problems;
	size_t count = problems->count + problems->left_out;

	for (size_t i = 0; i < problems->count; i++) {
		const struct log_event event = {
			.level = LOG_ERROR,
			.at = problems->list[i].at,
			.listed = true,
			.message = problems->list[i].text,
		};

		log_event(&cli->log, &event);
	}
	log_error(&cli->log, "%zu error%s in the configuration; nothing was touched",
		count, count == 1 ? "" : "s");
	return EXIT_WRONG;
}

/* Who the application is, and whether there is a bootstrap: the system is asked. */
static int settle(enum load_purpose purpose, struct bootstrap *ret, struct err *err)
{
	CLEANUP_BUF struct buf why = BUF_INIT;
	int rc;

	if (purpose == TO_LIST || purpose == TO_CHECK || ret->problems.count)
		return 0;
	if (bootstrap_settle(ret, err) < 0)
		return -1;
	if (purpose == TO_EXEC)
		return 0;
	rc = bootstrap_wanted(ret, &why, err);
	if (rc == 0)
		ret->unwanted = arena_memdup(&ret->arena, why.data, why.len);
	return rc < 0 ? -1 : 0;
}

/* If there is no bootstrap, its steps need not be right. */
static void decide(enum load_purpose purpose, struct bootstrap *ret)
{
	static const enum bootstrap_scope scopes[] = {
		[TO_CHECK] = SCOPE_CHECK,
		[TO_PLAN] = SCOPE_STEPS,
		[TO_APPLY] = SCOPE_STEPS,
		[TO_RUN] = SCOPE_RUN,
		[TO_EXEC] = SCOPE_EXPORTS,
	};
	size_t before = ret->problems.count;

	if (purpose == TO_LIST)
		return;
	if (!ret->unwanted)
		bootstrap_decide(ret, scopes[purpose]);
	else if (purpose == TO_RUN)
		bootstrap_decide(ret, SCOPE_EXPORTS);
	ret->steps_wrong = !before && ret->problems.count;
}

int command_load(struct cli *cli, enum load_purpose purpose, void (*loaded)(void *user),
	void *user, struct bootstrap *ret)
{
	const struct options *options = &cli->options;
	struct bootstrap_input input = {
		.config = options->config.items,
		.base = options->base,
		.selection = {.only = options->only.items,
			.skip = options->skip.items,
			.force = options->force.items},
		.command = options->words,
		.environment = cli->environment,
		.tolerant = purpose == TO_LIST || purpose == TO_CHECK,
	};
	DECLARE_ERR(err);
	int rc = bootstrap_load(ret, &input, &cli->log, &err);

	cli->log.secrets = &ret->secrets;
	if (rc == 0 && options->log_level < 0 && !ret->problems.count)
		cli->log.level = (enum log_level)ret->settings.bootstrap.log_level;
	if (rc == 0 && loaded)
		loaded(user);
	if (rc == 0)
		rc = settle(purpose, ret, &err);
	if (rc == 0)
		decide(purpose, ret);
	/* These first: one of them may be why a selection finds no step. */
	if (ret->problems.count)
		return report_problems(cli, ret);
	if (rc < 0) {
		log_err(&cli->log, LOG_ERROR, &err);
		ret->failure = place_text(&ret->arena, &err.at, err.text);
		return exit_code_of_error(&err);
	}
	return EXIT_DONE;
}

int command_nothing(const struct cli *cli)
{
	log_error(&cli->log, "nothing to do: no drop-in (*.ini) in %s",
		cli->options.config.count
			? "what --config names"
			: "/usr/lib, /usr/local/lib, /etc or /run/groundwork/conf.d; "
			  "--config names other places");
	return EXIT_WRONG;
}
