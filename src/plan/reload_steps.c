/* SPDX-License-Identifier: MIT */
/* Which steps run again when sources have changed. */
#include "plan/reload_steps.h"

#include <errno.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/log.h"
#include "base/str.h"
#include "plan/bootstrap.h"
#include "step/parents.h"

const char *const reload_kinds[] = {"file", "link", "secret", "assert", NULL};

static const char *text_of(const struct section *section, const char *key)
{
	const struct setting *setting = section_get(section, key);

	return setting && setting->value ? setting->value->flat : "";
}

static bool says_yes(const struct section *section, const char *key)
{
	bool yes = false;

	return bool_parse(text_of(section, key), &yes) && yes;
}

bool reload_runs_again(const struct step *step)
{
	const struct section *section = step->section;

	if (str_equal(section->kind, "exec"))
		return says_yes(section, "reload");
	if (str_equal(section->kind, "file")) {
		const char *policy = text_of(section, "policy");

		return *policy && strcasecmp(policy, "create") != 0;
	}
	for (size_t i = 0; reload_kinds[i]; i++)
		if (str_equal(section->kind, reload_kinds[i]))
			return true;
	return false;
}

/* Directories that it requires, and those that they do. */
static void keep_directories(const struct node *node, bool *kept, const struct node *all)
{
	for (size_t i = 0; i < node->requires_count; i++) {
		const struct node *required = node->requires[i];

		if (!str_equal(required->step->section->kind, "directory") ||
			kept[required - all])
			continue;
		kept[required - all] = true;
		keep_directories(required, kept, all);
	}
}

/* Returns which nodes of the plan run again, in ctx->arena. */
static const bool *choose(const struct bootstrap *bootstrap)
{
	const struct plan *plan = &bootstrap->plan;
	bool *kept = arena_alloc(bootstrap->ctx.arena, (plan->count + 1) * sizeof *kept);

	memset(kept, 0, plan->count * sizeof *kept);
	for (size_t i = 0; i < plan->count; i++) {
		const struct node *node = &plan->nodes[i];

		if (node->left_out || !reload_runs_again(node->step))
			continue;
		kept[i] = true;
		keep_directories(node, kept, plan->nodes);
	}
	return kept;
}

void reload_choose(struct bootstrap *bootstrap)
{
	struct plan *plan = &bootstrap->plan;
	const bool *kept = choose(bootstrap);

	for (size_t i = 0; i < plan->count; i++)
		plan->nodes[i].left_out |= !kept[i];
	plan->awaited.count = 0;
}

/* ---- what comes to nothing ---- */

static void warn_at(const struct bootstrap *bootstrap, const struct section *section,
	const char *key, const char *why)
{
	log_warn_at(bootstrap->ctx.log, section_place(section, key), "[%s] %s: %s",
		section->id, key, why);
}

/* What others make is no change of ours; and some never make any. */
static bool may_change(const struct node *node)
{
	const struct section *section = node->step->section;

	if (node->awaited || !node->step->keys.enabled ||
		str_equal(section->kind, "assert"))
		return false;
	return !str_equal(section->kind, "secret") || section_get(section, "path");
}

static bool any_may_change(const struct bootstrap *bootstrap)
{
	const bool *kept = choose(bootstrap);

	for (size_t i = 0; i < bootstrap->plan.count; i++)
		if (kept[i] && may_change(&bootstrap->plan.nodes[i]))
			return true;
	return false;
}

/* Who wrote a step of a module does not know whether there is a signal. */
static void warn_without_signal(
	const struct bootstrap *bootstrap, const struct section *app)
{
	const struct section *section = bootstrap->conf.sections;

	if (app && section_get(app, "reload_watch"))
		warn_at(bootstrap, app, "reload_watch",
			"nothing is watched, since `reload` names no signal");
	for (; section; section = section->next)
		if (!section->module && str_equal(section->kind, "exec") &&
			says_yes(section, "reload"))
			warn_at(bootstrap, section, "reload",
				"it runs at the start alone, since [app] has no "
				"`reload`");
}

/* It is watched for all the same, and what is misspelt never comes. */
static void warn_of_missing(const struct bootstrap *bootstrap, const struct section *app)
{
	const struct list *paths = &bootstrap->settings.app.reload_watch;
	bool plans = bootstrap->purpose == TO_PLAN;
	struct stat st;

	for (size_t i = 0; i < paths->count; i++) {
		const char *path = paths->items[i];

		if (*path == '-' || stat(path, &st) == 0 ||
			(errno != ENOENT && errno != ENOTDIR) ||
			(plans && steps_make(&bootstrap->plan.steps, path)) ||
			parents_may_make(&bootstrap->ctx, path))
			continue;
		warn_at(bootstrap, app, "reload_watch",
			arena_printf(bootstrap->ctx.arena,
				"'%s' is missing; where it may be, write a '-' in front "
				"of it",
				path));
	}
}

void reload_warn(const struct bootstrap *bootstrap, bool supervised)
{
	const struct section *app = conf_section(&bootstrap->conf, "app");
	enum purpose purpose = bootstrap->purpose;

	if (bootstrap->unwanted) /* it has a line in the log */
		return;
	if (!bootstrap->settings.app.launch.reload) {
		warn_without_signal(bootstrap, app);
		return;
	}
	if (!supervised)
		return;
	if (purpose == TO_EXEC)
		warn_at(bootstrap, app, "reload",
			"it is never sent, since `exec` runs no step");
	else if (!any_may_change(bootstrap))
		warn_at(bootstrap, app, "reload",
			"it is never sent, since nothing that may change something "
			"runs again: a file whose `policy` is not create, a link, a "
			"secret with `path`, an exec with `reload = yes`");
	/* Of a machine that only checks it is not known. */
	if (purpose == TO_RUN || purpose == TO_PLAN)
		warn_of_missing(bootstrap, app);
}
