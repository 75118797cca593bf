/* SPDX-License-Identifier: MIT */
/* The members of the report, for its manual, and the schemas of report and plan. */
#ifndef PLAN_REPORT_MEMBER_H
#define PLAN_REPORT_MEMBER_H

#include "plan/member.h"

extern const struct member report_members[]; /* ends with a NULL name */

/* Append the JSON Schema of the report, and of what `plan --format json` prints. */
void report_schema(struct buf *ret);
void forecast_schema(struct buf *ret);

#endif
