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
	struct list modules;   /* directories; a '-' in front: one may be missing */
	const char *databases; /* "" : none */
	const char *report;    /* the same */
	const char *metrics;   /* the same */
	const char *state;     /* the same */
	int log_level;         /* enum log_level */
	int log_format;        /* enum log_format */
};

struct app_settings {
	struct list command;
	struct list arguments; /* globs */
	const char *user;      /* may name a group, too */
	struct field_name group;
	struct list groups;
	const char *account; /* "" : none */
	struct list env_file;
	struct list env_from_file; /* of what: step/from_file.h */
	struct list env;
	struct list unset_env;
	bool clear_env;
	struct list reload_watch;
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

enum log_format { LOG_FORMAT_TEXT, LOG_FORMAT_JSON };
extern const char *const log_format_names[]; /* of these */

/* All kinds and settings, for conf_load(); in the arena. Ends with a NULL kind. */
const struct schema *settings_schema(struct arena *arena);

/*
 * Fills [bootstrap]. What is wrong goes to `problems`. Values may hold variables, but no
 * key or secret of a step: none is made yet.
 */
void settings_fill(const struct conf *conf, struct ctx *ctx, struct settings *ret,
	struct problems *problems);

/*
 * The same for those keys alone that say where a report is, `report`, `metrics` and
 * `state`; and does one of them hold a variable?
 */
void settings_fill_places(const struct conf *conf, struct ctx *ctx, struct settings *ret,
	struct problems *problems);
bool settings_places_expand(const struct conf *conf);

/* When a key of [app] is needed. */
enum app_part {
	APP_REST,        /* where a command is started, and not as it was given */
	APP_VARIABLES,   /* before variables are: env_file, env_from_file */
	APP_IDENTITY,    /* before the first step: user, group, groups, account */
	APP_COMMAND,     /* where it is started: command, arguments */
	APP_SUPERVISION, /* where any command is started */
};

/* What becomes of a name that has no value. */
enum app_names {
	APP_NAMES_SET,     /* it is an error */
	APP_NAMES_SETTLED, /* the same, but one that a step exports is none */
	APP_NAMES_KEPT,    /* it stays as it is written */
};

/* All keys; the tables end with a NULL name. */
extern const struct field settings_bootstrap_fields[];
extern const struct field settings_app_fields[];

/* A key of [app], [bootstrap] or [env] as it is written, or NULL. */
const struct setting *settings_written(
	const struct conf *conf, const char *section, const char *key);

enum app_part settings_app_part(const struct field *field);

/* Is it done by who supervises the application, and by nobody else? */
bool settings_app_is_of_supervisor(const struct field *field);

/*
 * Fills one key of [app], again where that was done before. What is wrong goes to
 * `problems`. Returns whether it is filled, as fields_judge() does.
 */
bool settings_fill_app(const struct conf *conf, struct ctx *ctx,
	const struct field *field, enum app_names names, struct app_settings *ret,
	struct problems *problems);

/* Puts "[app] key: " in front of an error, and gives it the key's place. Returns -1. */
int settings_locate(const struct conf *conf, const char *key, struct err *err);

#endif
