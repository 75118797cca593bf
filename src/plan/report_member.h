/* SPDX-License-Identifier: MIT */
/* The members of the report, for its manual and its schema. */
#ifndef PLAN_REPORT_MEMBER_H
#define PLAN_REPORT_MEMBER_H

struct buf;

enum member_type {
	MEMBER_STRING,
	MEMBER_TIME, /* RFC 3339, UTC */
	MEMBER_COUNT,
	MEMBER_INTEGER,
	MEMBER_NUMBER, /* of milliseconds */
	MEMBER_BOOL,
	MEMBER_STRINGS,
	MEMBER_OBJECT,
	MEMBER_OBJECTS,
};

/* In which report it always is. */
enum member_in {
	MEMBER_IN_ALL,
	MEMBER_AT_END,    /* and never in one whose status is "running" */
	MEMBER_MEANWHILE, /* maybe in that one alone */
	MEMBER_SOMETIMES,
};

struct report_member {
	const char *name;
	enum member_type type;
	enum member_in in;
	const char *const *choices;          /* of a string; NULL: any */
	const struct report_member *members; /* of an object, or of each */
	const char *help;
};

extern const struct report_member report_members[]; /* ends with a NULL name */

/* "string", "array of objects", … as people say it. */
const char *report_type_name(enum member_type type);

/* Appends the JSON Schema (2020-12) of the report, on one line. */
void report_schema(struct buf *ret);

#endif
