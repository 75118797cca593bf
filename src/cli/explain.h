/* SPDX-License-Identifier: MIT */
/* What `explain` prints, into a buffer or onto a page. */
#ifndef CLI_EXPLAIN_H
#define CLI_EXPLAIN_H

#include "cli/reference.h"

struct buf;
struct command;
struct page;

/* "path, required", "mode, default 0755". */
void explain_type(const struct topic *topic, const struct field *field, struct buf *ret);

/* Items: all topics; the keys of a table, under the headings of their groups. */
void explain_topics(struct page *page);
void explain_keys(
	struct page *page, const struct topic *topic, const struct field *fields);

/* Items: the tables of the command line. */
void explain_commands(struct page *page, const struct command *commands);
void explain_options(struct page *page);
void explain_variables(struct page *page, bool set);
void explain_exit_codes(struct page *page);

/* Items: the default `order` of each kind. */
void explain_orders(struct page *page);

/* Items: what may stand in `when`. */
void explain_conditions(struct page *page);

/* Items: the escapes of templates, with the endings that suggest them. */
void explain_escapes(struct page *page);

/* Items: the names of migrations that are read, and the markers in them. */
void explain_formats(struct page *page);

/* Items: the tools whose ledgers are taken over. */
void explain_ledgers(struct page *page);

/* Items: the members of the report. */
void explain_log(struct page *page);
void explain_report(struct page *page);

/* One JSON object: of all tables, of a topic, of one of its keys. */
void explain_json_all(const struct command *commands, struct buf *ret);
void explain_json_topic(const struct topic *topic, struct buf *ret);
void explain_json_key(
	const struct topic *topic, const struct field *field, struct buf *ret);

#endif
