/* SPDX-License-Identifier: MIT */
/* The members of what is printed as JSON, for its manual and its schema. */
#ifndef PLAN_MEMBER_H
#define PLAN_MEMBER_H

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

/* Whether it always is there; of the report (plan/report_member.h) in which one. */
enum member_in {
	MEMBER_IN_ALL,
	MEMBER_AT_END,    /* and never in one whose status is "running" */
	MEMBER_MEANWHILE, /* maybe in that one alone */
	MEMBER_SOMETIMES,
};

struct member {
	const char *name;
	enum member_type type;
	enum member_in in;
	const char *const *choices;   /* of a string; NULL: any */
	const struct member *members; /* of an object, or of each */
	const char *help;
};

/* "string", "array of objects", … as people say it. */
const char *member_type_name(enum member_type type);

/*
 * Appends the JSON Schema (2020-12) of an object with these members, which end with a
 * NULL name, up to its last '}': what else there is to say, and that, is the caller's.
 */
void member_schema(const char *title, const struct member *members, struct buf *ret);

/* Appends a member of a schema: the names of those members that are always in it. */
void member_required(const struct member *members, enum member_in in, struct buf *to);

#endif
