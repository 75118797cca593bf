/* SPDX-License-Identifier: MIT */
/* Keys of [app] that do nothing. */
#include "base/log.h"
#include "base/signal_name.h"
#include "base/str.h"
#include "plan/application.h"
#include "plan/bootstrap.h"

/* Keys that are written, as a list, and the place of the first. */
struct written {
	struct buf keys;
	struct place at;
};

static void written_add(struct written *written, const struct setting *setting)
{
	if (!written->keys.len)
		written->at = setting->at;
	buf_printf(&written->keys, "%s%s", written->keys.len ? ", " : "", setting->key);
}

static void warn(
	const struct bootstrap *bootstrap, struct written *written, const char *why)
{
	const struct log_event event = {
		.level = LOG_WARN,
		.at = written->at,
		.message = arena_printf(bootstrap->ctx.arena, "[app] %s: %s",
			written->keys.len ? written->keys.data : "", why),
	};

	if (written->keys.len)
		log_event(bootstrap->ctx.log, &event);
	buf_release(&written->keys);
}

/* These hold while steps run, too. */
static bool is_of_steps(const struct bootstrap *bootstrap, const char *key)
{
	return (str_equal(key, "signals") || str_equal(key, "stop_signals")) &&
		bootstrap->plan.count && !bootstrap->unwanted &&
		bootstrap->purpose != TO_EXEC;
}

static void warn_of_becoming(
	const struct bootstrap *bootstrap, const struct section *section)
{
	struct written idle = {.keys = BUF_INIT}, early = {.keys = BUF_INIT};

	for (const struct field *field = settings_app_fields; field->name; field++) {
		const struct setting *setting = section_get(section, field->name);

		if (setting && settings_app_is_of_supervisor(field))
			written_add(is_of_steps(bootstrap, field->name) ? &early : &idle,
				setting);
	}
	warn(bootstrap, &early,
		"this holds while the steps run alone, since the application takes our "
		"place; write `init = yes`");
	warn(bootstrap, &idle,
		"nobody is there to do that, since the application takes our place; "
		"write `init = yes`");
}

/* What begins with a stop, where none is left. */
static void warn_of_stops(
	const struct bootstrap *bootstrap, const struct section *section)
{
	static const char *const keys[] = {"stop_timeout", "stop_delay"};
	const struct launch *launch = &bootstrap->settings.app.launch;
	struct written idle = {.keys = BUF_INIT};

	for (int i = 1; i <= SIGNALS_MAX; i++)
		if (signal_rules_stop(&launch->signals, i))
			return;
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (section_get(section, keys[i]))
			written_add(&idle, section_get(section, keys[i]));
	warn(bootstrap, &idle,
		"no signal starts it, since `signals` drops all of `stop_signals`");
}

void application_warn(const struct bootstrap *bootstrap, bool supervised)
{
	const struct section *section = conf_section(&bootstrap->conf, "app");

	if (section && supervised)
		warn_of_stops(bootstrap, section);
	else if (section)
		warn_of_becoming(bootstrap, section);
}
