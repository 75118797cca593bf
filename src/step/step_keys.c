/* SPDX-License-Identifier: MIT */
/* The keys that every step has. */
#include "step/step.h"
#include "step/when.h"

#define WHEN_FIELD \
	{ \
		"when", FIELD_CONDITIONS, offsetof(struct step_keys, when), \
			.check = when_check, .conditions = when_conditions, \
			.help = "conditions that must hold, or the step is skipped", \
			.example = "env:DATA_DIR !path:/srv/app/off", \
			.elsewhere = "if only_if condition conditions " \
				     "conditionpathexists conditionenvironment", \
			.otherwise = "unless: `when` with ! in front of the condition" \
	}

const struct field step_fields[] = {
	{"enabled", FIELD_BOOL, offsetof(struct step_keys, enabled), "yes", .early = true,
		.help = "whether the step is run",
		.otherwise = "disabled skip: write enabled = no"},
	{"order", FIELD_COUNT, offsetof(struct step_keys, order), .early = true,
		.help = "of steps whose requirements are met, the lowest goes first",
		.example = "12",
		.elsewhere = "priority prio weight sequence seq position rank"},
	{"requires", FIELD_LIST, offsetof(struct step_keys, requires), .early = true,
		.help = "ids of steps that must succeed or be skipped before, and "
			"addresses of services that must be reached",
		.example = "directory:data tcp://db:5432",
		.elsewhere =
			"after depends depends_on dependencies dependency deps needs "
			"wants requisite binds_to prerequisites",
		.otherwise = "before required_by wanted_by: write `requires` in the step "
			     "that is to come later"},
	{"critical", FIELD_BOOL, offsetof(struct step_keys, critical), "yes",
		.early = true,
		.help = "whether a failure keeps the application from starting; with "
			"`no` it is a warning, steps that require this one are not run, "
			"and the application starts without them",
		.otherwise = "optional ignore_errors ignore_failure continue_on_error "
			     "allow_failure: write critical = no"},
	WHEN_FIELD,
	{"description", FIELD_STRING, offsetof(struct step_keys, description),
		.prose = true,
		.help = "what it is for, for readers: in `list` and reports, and for an "
			"exec's command in plan and log",
		.example = "what users upload", .elsewhere = "comment summary title"},
	{"timeout", FIELD_DURATION, offsetof(struct step_keys, timeout_ms), "none",
		.min = 1, .help = "how long the step may take",
		.elsewhere = "time_limit max_time timeout_sec timeout_start_sec"},
	{"retries", FIELD_COUNT, offsetof(struct step_keys, retries),
		.help = "further attempts at what time can mend (a lock, exit code 75; "
			"where an exec step writes it, any failure of its commands); "
			"default: `retry_attempts` of [bootstrap]",
		.example = "5",
		.elsewhere = "retry tries attempts max_retries max_attempts "
			     "retry_attempts retry_count"},
	{"retry_delay", FIELD_DURATION, offsetof(struct step_keys, retry_delay_ms),
		.moot = "retries=0",
		.help = "the longest pause before the first; doubles, up to 5s if it is "
			"shorter, shortened at random; default: that of [bootstrap]",
		.example = "500ms",
		.elsewhere = "delay backoff retry_interval restart_sec"},
	{0},
};

const struct field step_when_field[] = {WHEN_FIELD, {0}};

const char *step_description(const struct step *step)
{
	const struct setting *setting = section_get(step->section, "description");

	return setting && setting->value ? setting->value->flat : "";
}

/* Those behind `when`, which matter where it holds. */
const struct field *const step_late_fields = step_fields + 5;
