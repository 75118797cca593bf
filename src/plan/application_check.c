/* SPDX-License-Identifier: MIT */
/* What keys of [app] mean together. */
#include <signal.h>
#include <string.h>

#include "base/err.h"
#include "base/problems.h"
#include "base/str.h"
#include "conf/misread.h"
#include "plan/application.h"
#include "plan/bootstrap.h"
#include "proc/account.h"

/* ---- who it is ---- */

static void check_names(const char *user, const char *group, struct place at,
	const char *key, struct problems *problems)
{
	DECLARE_ERR(err);

	if (identity_check(user, group, &err) < 0)
		problems_add(problems, at, "[app] %s: %s", key, err.text);
}

/* Then that is listed already. */
static bool is_misread(const struct setting *setting)
{
	const struct field *field = field_find(settings_app_fields, setting->key);
	const struct value *value = setting->value;
	const char *at;
	DECLARE_ERR(ignored);

	for (; value; value = value->next)
		if (misread_check(field, value->flat, &at, &ignored) < 0)
			return true;
	return false;
}

static void check_account(const char *account, struct place at, struct problems *problems)
{
	struct arena scratch = {0};
	struct account ignored;
	DECLARE_ERR(err);

	if (account_parse(account, &scratch, &ignored, &err) < 0)
		problems_add(problems, at, "[app] account: %s", err.text);
	arena_release(&scratch);
}

void application_check_identity(
	const struct bootstrap *bootstrap, struct problems *problems)
{
	const struct conf *conf = &bootstrap->conf;
	const struct app_settings *app = &bootstrap->settings.app;
	const struct section *section = conf_section(conf, "app");
	const struct setting *user = settings_written(conf, "app", "user");
	const struct setting *groups = settings_written(conf, "app", "groups");
	const struct setting *account = settings_written(conf, "app", "account");

	for (size_t i = 0; groups && !is_misread(groups) && i < app->groups.count; i++)
		check_names("", app->groups.items[i], groups->at, "groups", problems);
	/* One that is wrong in itself may be NULL. */
	if (section && app->user && app->group.name && !(user && is_misread(user)))
		check_names(app->user, app->group.name, user ? user->at : section->at,
			"user", problems);
	if (account && !is_misread(account) && app->account && *app->account)
		check_account(app->account, account->at, problems);
}

/* ---- how it is supervised, and what it gets ---- */

/* What waits longer than until KILL is never heard. */
static void check_stop_delay(const struct bootstrap *bootstrap, struct problems *problems)
{
	const struct launch *launch = &bootstrap->settings.app.launch;

	if (launch->stop_delay_ms <= 0 || launch->stop_timeout_ms < 0 ||
		launch->stop_delay_ms < launch->stop_timeout_ms)
		return;
	problems_add(problems,
		settings_written(&bootstrap->conf, "app", "stop_delay")->at,
		"[app] stop_delay: it is not shorter than `stop_timeout`: the "
		"application would be killed before it hears that it is to end");
}

/*
 * What changes are signalled with must not end or stop the application; and a value that
 * a later run does not have would be missing in what it makes.
 */
static void check_reload(const struct bootstrap *bootstrap, struct problems *problems)
{
	int signal = bootstrap->settings.app.launch.reload;
	const struct section *section = bootstrap->conf.sections;
	bool again;

	if (signal == SIGKILL || signal == SIGSTOP || signal == SIGCHLD)
		problems_add(problems,
			settings_written(&bootstrap->conf, "app", "reload")->at,
			"[app] reload: no application hears this signal as one of a "
			"change");
	for (; signal && section; section = section->next) {
		const struct setting *exports = section_get(section, "export");
		const struct setting *reload = section_get(section, "reload");

		again = false;
		if (!exports || !exports->value || !str_equal(section->kind, "exec"))
			continue;
		if (!reload || !reload->value ||
			!bool_parse(reload->value->flat, &again) || !again)
			problems_add(problems, exports->at,
				"[%s] export: with `reload` of [app] its values are "
				"needed again: write `reload = yes`",
				section->id);
	}
}

/*
 * `env` and `unset_env` of one variable: the latter wins, and one of them is too many. A
 * file of its own may take away what another one sets.
 */
static void check_unset(const struct bootstrap *bootstrap, struct problems *problems)
{
	const struct app_settings *app = &bootstrap->settings.app;
	const struct section *section = conf_section(&bootstrap->conf, "app");

	if (!section ||
		section_place(section, "env").file !=
			section_place(section, "unset_env").file)
		return;
	for (size_t i = 0; i < app->env.count; i++) {
		const char *line = app->env.items[i];
		size_t size = strcspn(line, "=");

		for (size_t j = 0; j < app->unset_env.count; j++)
			if (strlen(app->unset_env.items[j]) == size &&
				memcmp(app->unset_env.items[j], line, size) == 0)
				problems_add(problems,
					section_place(section, "unset_env"),
					"[app] unset_env: `env` sets %.*s, which would "
					"be taken out again: keep one of them",
					(int)size, line);
	}
}

void application_check(const struct bootstrap *bootstrap, struct problems *problems)
{
	check_stop_delay(bootstrap, problems);
	check_reload(bootstrap, problems);
	check_unset(bootstrap, problems);
}
