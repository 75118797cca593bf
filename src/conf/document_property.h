/* SPDX-License-Identifier: MIT */
/*
 * Keys of Java properties files, which are the same however their characters are escaped
 * (java.util.Properties.load): "a\ b" is "\u0061\u0020b". They may go on in the
 * next line, behind a backslash.
 */
#ifndef CONF_DOCUMENT_PROPERTY_H
#define CONF_DOCUMENT_PROPERTY_H

#include <stdbool.h>

#include "conf/document_lines.h"

struct buf;

/* Appends the key, without its escapes. */
void property_put_key(struct buf *ret, struct span key);

/* Is it this key, which is not escaped? */
bool property_is_key(struct span name, const char *key);

/* Are both, as they are written, the same? */
bool property_same_key(struct span one, struct span other);

#endif
