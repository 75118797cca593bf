/* SPDX-License-Identifier: MIT */
/* A plan as text and as JSON: what would change. */
#ifndef PLAN_PRINT_H
#define PLAN_PRINT_H

#include <stdbool.h>

#include "plan/run.h"

struct buf;
struct problems;
struct secrets;

/*
 * A line for each step ("+ key:session  make a new key …"), and a summary. Lines are
 * broken so that they fit the columns; 0: none is.
 */
void print_forecast(const struct run *run, bool color, int columns, struct buf *ret);

/* What is wrong besides the steps, for JSON. */
struct print_wrong {
	const struct problems *problems; /* of the configuration; NULL: none */
	const char *failure;             /* what else there is; or NULL */
	const struct secrets *secrets;
};

/* `run` may be empty: then there is no more than what is wrong; it has `problems`. */
void print_forecast_json(
	const struct run *run, const struct print_wrong *wrong, struct buf *ret);

/* Appends a member, where anything is wrong. */
void print_problems_json(const struct print_wrong *wrong, struct buf *ret);

/* Append items of an array: what is wrong, redacted; one such thing. */
void print_wrong_json(const struct print_wrong *wrong, struct buf *ret);
void print_error_json(const struct place *at, const char *text,
	const struct secrets *secrets, struct buf *ret);

/* Appends the members `file` and `line`, where they are known. */
void print_place_json(const struct place *at, struct buf *ret);

/* Appends a member, where the step has a description. */
void print_description_json(const struct step *step, struct buf *ret);

/* Begins the object of a step: id, kind, description, order, what it requires. */
void print_node_json(const struct node *node, struct buf *ret);

/* Appends a member: the ids that the step requires. */
void print_requires_json(const struct node *node, struct buf *ret);

/* Appends items of an array: addresses of services. */
void print_services_json(const struct services *services, struct buf *ret);

/* Appends a member: what was warned of at that step's turn. */
void print_warnings_json(const struct result *result, struct buf *ret);

/* Returns how many steps would change something, or may; one that only waits does not. */
size_t print_changes(const struct run *run);

#endif
