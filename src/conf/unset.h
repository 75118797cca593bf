/* SPDX-License-Identifier: MIT */
/* The unset names of many texts, gathered so that one error tells all of them. */
#ifndef CONF_UNSET_H
#define CONF_UNSET_H

#include "base/problems.h"

struct err;

/* Adds "NAME is not set" (or what else `text` says); a file's same text counts once. */
void unset_add(
	struct problems *unset, struct place at, const char *prefix, const char *text);

/* 0 where there are none; else -1 with all of them, each with its place (ERR_CONFIG). */
int unset_raise(struct problems *unset, struct err *err);

#endif
