/* SPDX-License-Identifier: MIT */
/*
 * Documents that are JSON, for conf/document.h and conf/document_edit.h, which say what
 * these return.
 */
#ifndef CONF_DOCUMENT_JSON_H
#define CONF_DOCUMENT_JSON_H

#include <stddef.h>

struct arena;
struct buf;
struct document_edit;
struct document_value;
struct err;
struct list;

/* document_missing(), or with `keys` NULL document_check(). */
int document_json_missing(const char *file, const char *text, size_t size,
	const struct list *keys, struct buf *ret, struct err *err);

/* document_edit(). */
int document_json_edit(const char *file, const char *text, size_t size,
	const struct document_edit *edit, struct buf *to, struct err *err);

/* document_assign() of sorted values that have no section. */
int document_json_assign(const char *file, const char *text, size_t size,
	const struct document_value *values, size_t count, struct arena *arena,
	struct buf *to, struct err *err);

#endif
