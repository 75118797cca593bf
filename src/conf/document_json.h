/* SPDX-License-Identifier: MIT */
/*
 * Documents that are JSON, for conf/document.h and conf/document_edit.h, which say what
 * these return.
 */
#ifndef CONF_DOCUMENT_JSON_H
#define CONF_DOCUMENT_JSON_H

#include <stddef.h>

struct buf;
struct document_edit;
struct document_value;
struct err;

/* document_has(), or with `key` NULL document_check(). */
int document_json_read(const char *file, const char *text, size_t size, const char *key,
	struct err *err);

/* document_edit(). */
int document_json_edit(const char *file, const char *text, size_t size,
	const struct document_edit *edit, struct buf *to, struct err *err);

/* document_assign() of one value that has no section. */
int document_json_assign(const char *file, const char *text, size_t size,
	const struct document_value *value, struct buf *to, struct err *err);

#endif
