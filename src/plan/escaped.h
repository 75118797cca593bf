/* SPDX-License-Identifier: MIT */
/* Texts for the formats of pictures and metrics. */
#ifndef PLAN_ESCAPED_H
#define PLAN_ESCAPED_H

struct buf;

/*
 * Appends the text. Of each of the pairs, up to one of NULL, the second is written in the
 * place of the first.
 */
void escaped_add(struct buf *to, const char *text, const char *const (*pairs)[2]);

#endif
