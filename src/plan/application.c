/* SPDX-License-Identifier: MIT */
/* [app], key by key. */
#include "plan/application.h"

#include <fnmatch.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/path.h"
#include "base/str.h"
#include "conf/expand.h"
#include "conf/words.h"
#include "plan/bootstrap.h"

static bool fill(struct bootstrap *bootstrap, const struct field *field,
	enum app_names names, struct problems *problems)
{
	return settings_fill_app(&bootstrap->conf, &bootstrap->ctx, field, names,
		&bootstrap->settings.app, problems);
}

static void fill_part(struct bootstrap *bootstrap, enum app_part part,
	enum app_names names, struct problems *problems)
{
	const struct field *field = settings_app_fields;

	for (; field->name; field++)
		if (settings_app_part(field) == part)
			(void)fill(bootstrap, field, names, problems);
}

void application_begin(struct bootstrap *bootstrap)
{
	struct application *application = &bootstrap->application;

	/* Where something is wrong already, nothing is started. */
	application->early =
		bootstrap->problems.count ? &bootstrap->problems : &application->dropped;
	bootstrap->settings.app.launch = (struct launch)LAUNCH_INIT;
	fill_part(bootstrap, APP_VARIABLES, APP_NAMES_SET, application->early);
}

void application_find_signals(struct bootstrap *bootstrap)
{
	static const char *const names[] = {
		"signals", "stop_signals", "init", "reload", "reload_watch"};
	struct problems ignored = {0};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		(void)fill(bootstrap, field_find(settings_app_fields, names[i]),
			APP_NAMES_SET, &ignored);
	problems_release(&ignored);
}

/* ---- the command ---- */

static bool matches(const struct list *globs, const char *word)
{
	for (size_t i = 0; i < globs->count; i++)
		if (fnmatch(globs->items[i], word, 0) == 0)
			return true;
	return false;
}

static void join(struct bootstrap *bootstrap, char *const *words)
{
	struct app_settings *app = &bootstrap->settings.app;
	const struct list *configured = &app->command;
	size_t more = 0;
	char **argv;

	while (words && words[more])
		more++;
	app->launch.argv = NULL;
	if (!bootstrap->application.used) {
		app->launch.argv = more ? words : NULL;
	} else if (configured->count) {
		argv = arena_alloc(
			&bootstrap->arena, (configured->count + more + 1) * sizeof *argv);
		for (size_t i = 0; i < configured->count; i++)
			argv[i] = arena_strdup(&bootstrap->arena, configured->items[i]);
		for (size_t i = 0; i < more; i++)
			argv[configured->count + i] = words[i];
		app->launch.argv = argv;
	}
	bootstrap->ctx.command = app->launch.argv ? path_base(app->launch.argv[0]) : "";
	bootstrap->ctx.arguments = app->launch.argv ? app->launch.argv + 1 : NULL;
}

/* Returns whether there is one, of which as much is filled as is known. */
static bool find_configured(struct bootstrap *bootstrap)
{
	const struct setting *setting =
		settings_written(&bootstrap->conf, "app", "command");
	const struct field *field = field_find(settings_app_fields, "command");
	struct list *command = &bootstrap->settings.app.command;
	struct problems ignored = {0}; /* application_decide() lists them */
	bool whole = fill(bootstrap, field, APP_NAMES_KEPT, &ignored);

	problems_release(&ignored);
	if (whole || !setting)
		return command->count;
	/* Without the first word, the others have no meaning. */
	if (str_starts(setting->value->flat, "${"))
		command->count = 0;
	return true;
}

void application_find(struct bootstrap *bootstrap, char *const *words)
{
	struct application *application = &bootstrap->application;
	struct app_settings *app = &bootstrap->settings.app;
	struct problems ignored = {0};
	bool configured = find_configured(bootstrap);

	fill_part(bootstrap, APP_IDENTITY, APP_NAMES_SET, application->early);
	application_check_identity(bootstrap, application->early);
	(void)fill(bootstrap, field_find(settings_app_fields, "arguments"),
		APP_NAMES_KEPT, &ignored);
	problems_release(&ignored);
	application->words = words;
	application->used =
		configured && (!words || !*words || matches(&app->arguments, *words));
	join(bootstrap, words);
}

int application_init_asked(const struct bootstrap *bootstrap, int option)
{
	return option == LAUNCH_AUTO ? bootstrap->settings.app.launch.init : option;
}

bool application_is_given(const struct bootstrap *bootstrap)
{
	char *const *words = bootstrap->application.words;

	return words && *words;
}

void application_accept(struct bootstrap *bootstrap)
{
	struct application *application = &bootstrap->application;
	const struct problems *early = application->early;

	for (size_t i = 0; early == &application->dropped && i < early->count; i++)
		problems_add(&bootstrap->problems, early->list[i].at, "%s",
			early->list[i].text);
	application->early = &bootstrap->problems;
	problems_sort(&bootstrap->problems);
}

/* ---- the rest ---- */

/* Is this key asked for? */
static bool is_needed(const struct bootstrap *bootstrap, const struct field *field)
{
	const struct application *application = &bootstrap->application;
	char *const *words = application->words;

	switch (settings_app_part(field)) {
	case APP_COMMAND:
		/* Of who types a command, another one needs no name. */
		return bootstrap->ctx.tolerant || application->used ||
			(field->globs && words && *words &&
				bootstrap->settings.app.command.count);
	case APP_SUPERVISION:
		return true;
	case APP_REST:
		return !bootstrap->as_given;
	default:
		return false;
	}
}

static void find_word(void *user, const char *name, bool shown)
{
	bool *found = user;

	(void)shown;
	*found |= strchr(name, ':') && !str_starts(name, WORDS_WORD ":");
}

/* Is it wrong whatever is set? No value of [app] may come from a file or a step. */
static bool is_wrong_as_written(
	const struct bootstrap *bootstrap, const struct field *field)
{
	const struct setting *setting =
		settings_written(&bootstrap->conf, "app", field->name);
	const struct value *value = setting ? setting->value : NULL;
	bool found = false;

	for (; value; value = value->next)
		expand_each(value->flat, find_word, &found);
	return found;
}

static void decide(
	struct bootstrap *bootstrap, const struct field *field, struct problems *problems)
{
	struct application *application = &bootstrap->application;
	size_t before = problems_total(problems);

	if (fill(bootstrap, field, APP_NAMES_SETTLED, problems) ||
		problems_total(problems) > before || bootstrap->ctx.tolerant)
		return;
	application->due = arena_array_grow(&bootstrap->arena, application->due,
		application->due_count, sizeof(*application->due));
	application->due[application->due_count++] = field;
}

void application_decide(struct bootstrap *bootstrap)
{
	struct problems *plan = &bootstrap->application.start;
	const struct field *field = settings_app_fields;

	for (; field->name; field++) {
		bool wrong;

		if (!is_needed(bootstrap, field))
			continue;
		wrong = is_wrong_as_written(bootstrap, field);
		if (wrong || bootstrap->purpose != TO_APPLY)
			decide(bootstrap, field,
				bootstrap->purpose == TO_PLAN && !wrong &&
						!application_is_given(bootstrap)
					? plan
					: &bootstrap->problems);
	}
	application_check(bootstrap, &bootstrap->problems);
	problems_sort(plan);
}

int application_complete(struct bootstrap *bootstrap, struct err *err)
{
	const struct application *application = &bootstrap->application;
	struct problems problems = {0};
	int rc;

	for (size_t i = 0; i < application->due_count; i++)
		(void)fill(bootstrap, application->due[i], APP_NAMES_SET, &problems);
	if (application->due_count)
		join(bootstrap, application->words);
	rc = problems_raise(&problems, 0, err);
	problems_release(&problems);
	return rc;
}

int application_try(struct bootstrap *bootstrap, const struct execute_search *search,
	char *const *argv, struct err *err)
{
	struct launch launch = LAUNCH_INIT;
	const char *key;

	if (!bootstrap->as_given)
		launch = bootstrap->settings.app.launch;
	launch.argv = argv;
	if ((bootstrap->as_given && !search) ||
		launch_try(&launch, search, &bootstrap->stop, &key, err) == 0)
		return 0;
	if (!*key || (str_equal(key, "command") && !bootstrap->application.used))
		return -1;
	return settings_locate(&bootstrap->conf, key, err);
}

void application_place(struct bootstrap *bootstrap)
{
	struct launch *launch = &bootstrap->settings.app.launch;
	const struct section *app = conf_section(&bootstrap->conf, "app");

	if (!app)
		return;
	launch->workdir_at = section_place(app, "workdir");
	if (bootstrap->application.used)
		launch->command_at = section_place(app, "command");
}

bool application_may_be_refused(const struct bootstrap *bootstrap)
{
	const struct launch *launch = &bootstrap->settings.app.launch;

	if (launch->capabilities.set)
		return true;
	for (size_t i = 0; i < LIMITS_MAX; i++)
		if (launch->limits.list[i].soft_set || launch->limits.list[i].hard_set)
			return true;
	return launch->identity.set && geteuid() == 0 && !capabilities_may_change_user();
}

void application_release(struct bootstrap *bootstrap)
{
	problems_release(&bootstrap->application.dropped);
	problems_release(&bootstrap->application.start);
}
