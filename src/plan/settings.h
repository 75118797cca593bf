/* SPDX-License-Identifier: MIT */
/* [bootstrap] and [app]: their keys, and the schema of all sections that there may be. */
#ifndef PLAN_SETTINGS_H
#define PLAN_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "conf/condition.h"
#include "conf/conf.h"
#include "proc/launch.h"

struct ctx;
struct err;
struct problems;

#define DURATION_NOT_GIVEN INT64_MIN /* on the command line */

struct bootstrap_settings {
	bool enabled;
	struct conditions when;
	int64_t timeout_ms;  /* -1: none */
	int64_t deadline_ms; /* the same */
	int64_t retry_attempts;
	int64_t retry_delay_ms;
	bool fail_fast;
	const char *report; /* "" : none */
	const char *state;  /* the same */
	int log_level;      /* enum log_level */
};

struct app_settings {
	struct list command;
	struct list arguments; /* globs */
	const char *user;      /* may name a group, too */
	struct field_name group;
	struct list groups;
	struct list env_file;
	struct list env_from_file; /* of what: step/from_file.h */
	struct list env;
	struct list unset_env;
	bool clear_env;
	/*
	 * What is handed over, as it is. identity is bootstrap_settle()'s, argv is
	 * bootstrap_load()'s; env, workdir_shown and an --init come when it is launched.
	 */
	struct launch launch;
};

struct settings {
	struct bootstrap_settings bootstrap;
	struct app_settings app;
};

/* A section that stands without a name. */
struct settings_section {
	const char *name;
	const char *summary;
	const char *example;
	const struct field *fields;
	bool variables; /* any name of a variable is a key (plan/variables.h) */
};
extern const struct settings_section settings_sections[]; /* ends with a NULL name */

/* The names of the levels, in the order of enum log_level. */
extern const char *const log_level_names[];

/* All kinds and settings, for conf_load(); in the arena. Ends with a NULL kind. */
const struct schema *settings_schema(struct arena *arena);

/*
 * Fills what must be known before variables are: env_file and env_from_file. Then comes
 * environment_begin(), then settings_fill().
 */
void settings_begin(const struct conf *conf, struct ctx *ctx, struct settings *ret,
	struct problems *problems);

/*
 * Fills both. What is wrong goes to `problems`, secrets in arguments (plan/arguments.h)
 * as well. Values may hold variables, but no key or secret of a step: none is made yet.
 */
void settings_fill(const struct conf *conf, struct ctx *ctx, struct settings *ret,
	struct problems *problems);

/* Puts "[app] key: " in front of an error, and gives it the key's place. Returns -1. */
int settings_locate(const struct conf *conf, const char *key, struct err *err);

#endif
