/* SPDX-License-Identifier: MIT */
/*
 * The plan as a picture, for programs that draw one: its steps with their `order`, what
 * each requires (an arrow leads from what comes first), the services that are waited for,
 * what contributes to a database (plan_order_parts() was called), and the application at
 * the end.
 */
#ifndef PLAN_GRAPH_H
#define PLAN_GRAPH_H

struct buf;
struct plan;

/* Of Graphviz, for dot(1). `command` is the application's, or "". */
void graph_dot(const struct plan *plan, const char *command, struct buf *ret);

/* A flowchart of Mermaid, which GitHub and GitLab show in a text of Markdown. */
void graph_mermaid(const struct plan *plan, const char *command, struct buf *ret);

#endif
