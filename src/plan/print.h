/* SPDX-License-Identifier: MIT */
/* A plan as text and as JSON: what would change. */
#ifndef PLAN_PRINT_H
#define PLAN_PRINT_H

#include <stdbool.h>

#include "plan/run.h"

struct buf;

/*
 * A line for each step ("+ key:session  make a new key …"), and a summary. Lines are
 * broken so that they fit the columns; 0: none is.
 */
void print_forecast(const struct run *run, bool color, int columns, struct buf *ret);
void print_forecast_json(const struct run *run, struct buf *ret);

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
