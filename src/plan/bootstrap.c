/* SPDX-License-Identifier: MIT */
/* From drop-ins to a plan. */
#include "plan/bootstrap.h"

#include <limits.h>

#include "base/clock.h"
#include "base/cwd.h"
#include "base/err.h"
#include "base/path.h"
#include "plan/arguments.h"
#include "plan/environment.h"
#include "step/clash.h"
#include "step/kinds.h"
#include "step/source.h"
#include "step/when.h"

static int find_base(struct bootstrap *bootstrap, const char *base, struct err *err)
{
	char cwd[PATH_MAX];

	cwd[0] = '\0'; /* not needed where the base is absolute */
	if ((!base || *base != '/') && cwd_get(cwd, sizeof cwd, err) < 0)
		return -1;
	bootstrap->ctx.base = path_join(&bootstrap->arena, cwd, base ? base : "");
	return 0;
}

static void begin(struct bootstrap *bootstrap, const struct bootstrap_input *input,
	const struct log *log)
{
	*bootstrap = (struct bootstrap){
		.purpose = input->purpose, .stop = STOP_INIT, .state = STATE_INIT};
	clock_file(&bootstrap->began);
	env_copy(&bootstrap->ours, input->environment);
	env_copy(&bootstrap->env, input->environment);
	bootstrap->ctx = (struct ctx){
		.arena = &bootstrap->arena,
		.log = log,
		.secrets = &bootstrap->secrets,
		.stop = &bootstrap->stop,
		.env = &bootstrap->env,
		.exports = &bootstrap->exports,
		.command = "",
		.conf = &bootstrap->conf,
		.steps = &bootstrap->plan.steps,
		.planning = input->purpose == TO_PLAN,
		.tolerant = input->purpose == TO_LIST || input->purpose == TO_CHECK,
		.fs = FS_INIT,
	};
	fs_begin(&bootstrap->ctx.fs);
}

/* `given` is the option's. Where neither names one, nothing can be remembered. */
static void find_state(struct bootstrap *bootstrap, const char *given)
{
	struct ctx *ctx = &bootstrap->ctx;
	const char *path = bootstrap->settings.bootstrap.state;

	if (given)
		path = path_join(ctx->arena, ctx->base, given);
	if (!path || !*path)
		return;
	bootstrap->state.path = path;
	bootstrap->state.fs = &ctx->fs;
	ctx->state = &bootstrap->state;
}

#define REQUIRES_MS 10000 /* of a service in `requires`, unless something is written */

static void find_timeouts(struct bootstrap *bootstrap, int64_t given)
{
	bool written = settings_written(&bootstrap->conf, "bootstrap", "timeout");
	struct ctx *ctx = &bootstrap->ctx;

	ctx->wait_ms = given == DURATION_NOT_GIVEN
		? bootstrap->settings.bootstrap.timeout_ms
		: given;
	ctx->requires_ms =
		written || given != DURATION_NOT_GIVEN ? ctx->wait_ms : REQUIRES_MS;
}

/*
 * They could not be read. An error of the configuration is listed with all others, also
 * with those of the steps, where the directory itself is wrong (0).
 */
static int fail_modules(
	struct bootstrap *bootstrap, const struct section *section, struct err *err)
{
	bool found = err->at.file;

	if (!found) {
		err_append(err, "%s", source_start(section, "modules"));
		err_prefix(err, "[bootstrap] modules");
		err_at(err, section_get(section, "modules")->at);
	}
	if (err->kind != ERR_CONFIG)
		return -1;
	problems_add_err(&bootstrap->problems, err);
	bootstrap->conf.incomplete = true;
	if (found)
		return -1;
	err_init(err);
	return 0;
}

static void warn_of_empty(struct bootstrap *bootstrap, const struct section *section)
{
	const struct list *empty = &bootstrap->conf.empty;

	for (size_t i = 0; i < empty->count; i++)
		log_warn_at(bootstrap->ctx.log, section_place(section, "modules"),
			"[bootstrap] modules: %s", empty->items[i]);
}

static int load_modules(struct bootstrap *bootstrap, struct err *err)
{
	const struct section *section = conf_section(&bootstrap->conf, "bootstrap");
	const struct setting *databases =
		settings_written(&bootstrap->conf, "bootstrap", "databases");
	bool named = settings_written(&bootstrap->conf, "bootstrap", "modules");
	const struct section *first;

	/* For `check` a name that is unset may be that of their directory. */
	if (named && bootstrap->ctx.tolerant &&
		!bootstrap->settings.bootstrap.modules.count)
		return 0;
	if (conf_load_modules(&bootstrap->conf,
		    bootstrap->settings.bootstrap.modules.items,
		    databases ? databases->value : NULL, bootstrap->ctx.log, &first,
		    err) < 0)
		return fail_modules(bootstrap, section, err);
	warn_of_empty(bootstrap, section);
	if (first)
		environment_add_modules(bootstrap, first);
	return 0;
}

int bootstrap_load_places(struct bootstrap *bootstrap,
	const struct bootstrap_input *input, const struct log *log, struct err *err)
{
	begin(bootstrap, input, log);
	if (find_base(bootstrap, input->base, err) < 0 ||
		conf_load(&bootstrap->conf, input->config,
			settings_schema(&bootstrap->arena), log, &bootstrap->problems,
			err) < 0)
		return -1;
	problems_release(&bootstrap->problems); /* a start has reported them */
	if (settings_places_expand(&bootstrap->conf)) {
		application_begin(bootstrap);
		environment_begin(bootstrap);
	}
	settings_fill_places(&bootstrap->conf, &bootstrap->ctx, &bootstrap->settings,
		&bootstrap->problems);
	find_state(bootstrap, input->state);
	return 0;
}

int bootstrap_load(struct bootstrap *bootstrap, const struct bootstrap_input *input,
	const struct log *log, struct err *err)
{
	begin(bootstrap, input, log);
	if (find_base(bootstrap, input->base, err) < 0)
		return -1;
	/* Where the report goes is known before anything can fail. */
	find_state(bootstrap, input->state);
	bootstrap->conf.words = kind_words(&bootstrap->arena);
	bootstrap->conf.conditions = when_conditions;
	if (conf_load(&bootstrap->conf, input->config, settings_schema(&bootstrap->arena),
		    log, &bootstrap->problems, err) < 0)
		return -1;
	application_begin(bootstrap);
	environment_begin(bootstrap);
	application_find_signals(bootstrap);
	settings_fill(&bootstrap->conf, &bootstrap->ctx, &bootstrap->settings,
		&bootstrap->problems);
	find_state(bootstrap, input->state);
	if (load_modules(bootstrap, err) < 0)
		return -1;
	find_timeouts(bootstrap, input->timeout_ms);
	application_find(bootstrap, input->command);
	plan_build(&bootstrap->plan, &bootstrap->conf, &bootstrap->ctx,
		&bootstrap->problems);
	arguments_check(&bootstrap->conf, &bootstrap->ctx, &bootstrap->problems);
	problems_sort(&bootstrap->problems);
	bootstrap->plan.await_ms =
		input->timeout_ms == DURATION_NOT_GIVEN ? -1 : input->timeout_ms;
	if (plan_select(&bootstrap->plan, &input->selection, &bootstrap->ctx, err) == 0)
		return 0;
	application_accept(bootstrap);
	return -1;
}

/* Does it matter what is wrong with this step? */
static bool matters(const struct bootstrap *bootstrap, const struct node *node)
{
	enum purpose purpose = bootstrap->purpose;
	bool launches = purpose == TO_RUN || purpose == TO_EXEC;

	if (!node->step->keys.enabled || bootstrap->as_given)
		return false;
	if (launches && field_exported(node->step->kind->fields))
		return true;
	return purpose != TO_EXEC && !bootstrap->unwanted && !node->left_out;
}

/* Those that may run, beside each other. */
static void judge_together(struct bootstrap *bootstrap)
{
	struct problems *problems = &bootstrap->problems;
	struct step **order = arena_alloc(
		&bootstrap->arena, (bootstrap->plan.count + 1) * sizeof *order);
	size_t count = 0;

	for (size_t i = 0; i < bootstrap->plan.count; i++)
		if (matters(bootstrap, bootstrap->plan.order[i]))
			order[count++] = bootstrap->plan.order[i]->step;
	for (size_t i = 0; i < count; i++)
		step_decided(order[i], &bootstrap->ctx, problems);
	steps_clash(order, count, &bootstrap->ctx, problems);
}

void bootstrap_decide(struct bootstrap *bootstrap)
{
	struct problems *problems = &bootstrap->problems;
	size_t before = problems->count;
	bool loaded = before == bootstrap->unsettled;

	if (bootstrap->purpose == TO_LIST ||
		(bootstrap->unwanted && bootstrap->purpose != TO_RUN) ||
		bootstrap->as_given) {
		application_decide(bootstrap);
		return;
	}
	environment_check(bootstrap);
	for (size_t i = 0; i < bootstrap->plan.count; i++) {
		const struct node *node = bootstrap->plan.order[i];

		bootstrap->ctx.forced = node->forced;
		if (matters(bootstrap, node))
			step_decide(node->step, &bootstrap->ctx, problems);
	}
	bootstrap->ctx.forced = false;
	application_decide(bootstrap);
	exports_forget(&bootstrap->ctx);
	judge_together(bootstrap);
	environment_check_files(bootstrap, before - bootstrap->unsettled);
	problems_sort(problems);
	bootstrap->steps_wrong = loaded && problems->count;
}

/*
 * Do the conditions of [bootstrap] hold? Returns 1, 0 with `why`, or -1. Where something
 * is wrong with what they may see, only the command can decide against it.
 */
static int when_bootstrap(struct bootstrap *bootstrap, struct buf *why, struct err *err)
{
	struct ctx *ctx = &bootstrap->ctx;
	bool starts = bootstrap->purpose == TO_RUN ||
		(bootstrap->purpose == TO_PLAN && application_is_given(bootstrap));
	struct conditions when = bootstrap->settings.bootstrap.when;
	int holds;

	if (!starts)
		when_give_command(&when);
	else if (bootstrap->application.early->count)
		when = when_command_alone(&when, ctx->arena);
	buf_puts(why, "when: ");
	holds = when_holds(&when, ctx, why, err);
	if (holds < 0)
		return err_prefix(err, "[bootstrap] when");
	if (holds == 0 && starts)
		bootstrap->as_given = true;
	return holds;
}

/* Returns 1, 0 with `why`, or -1. */
static int wanted(struct bootstrap *bootstrap, struct buf *why, struct err *err)
{
	const char *enabled = env_get(&bootstrap->env, "GROUNDWORK_ENABLED");
	bool value = true;

	if (enabled && *enabled && !bool_parse(enabled, &value))
		return err_set(err, ERR_USAGE,
			"GROUNDWORK_ENABLED: '%s' is neither yes nor no", enabled);
	if (value && bootstrap->settings.bootstrap.enabled)
		return when_bootstrap(bootstrap, why, err);
	if (value)
		buf_puts(why, "[bootstrap] enabled = no");
	else
		buf_printf(why, "GROUNDWORK_ENABLED=%s", enabled);
	return 0;
}

int bootstrap_wanted(struct bootstrap *bootstrap, struct err *err)
{
	CLEANUP_BUF struct buf why = BUF_INIT;
	int rc = 1;

	if (!bootstrap->ctx.tolerant && bootstrap->purpose != TO_EXEC &&
		!bootstrap->problems.count)
		rc = wanted(bootstrap, &why, err);
	if (rc == 0)
		bootstrap->unwanted = arena_strdup(&bootstrap->arena, why.data);
	if (!bootstrap->as_given)
		application_accept(bootstrap);
	return rc < 0 ? -1 : 0;
}

const char *bootstrap_unused_app(const struct bootstrap *bootstrap)
{
	return bootstrap->as_given && conf_section(&bootstrap->conf, "app")
		? "; nothing of [app] is used"
		: "";
}

void bootstrap_release(struct bootstrap *bootstrap)
{
	fs_end(&bootstrap->ctx.fs);
	if (bootstrap->ctx.state)
		state_release(&bootstrap->state);
	problems_release(&bootstrap->problems);
	application_release(bootstrap);
	secrets_release(&bootstrap->secrets);
	environment_release(bootstrap);
	conf_release(&bootstrap->conf);
	arena_release(&bootstrap->arena);
}
