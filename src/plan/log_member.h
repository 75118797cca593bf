/* SPDX-License-Identifier: MIT */
/* The members of a line of the log in JSON (base/log.h): its manual and its schema. */
#ifndef PLAN_LOG_MEMBER_H
#define PLAN_LOG_MEMBER_H

#include "plan/member.h"

extern const struct member log_members[]; /* ends with a NULL name */

/* Appends the JSON Schema of one line. */
void log_schema(struct buf *ret);

#endif
