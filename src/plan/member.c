/* SPDX-License-Identifier: MIT */
/* Types of members, and schemas. */
#include "plan/member.h"

#include <stddef.h>

#include "base/buf.h"
#include "base/json.h"

static const struct {
	const char *name;
	const char *schema;
} types[] = {
	[MEMBER_STRING] = {"string", "\"type\":\"string\""},
	[MEMBER_TIME] = {"time, RFC 3339",
		"\"type\":\"string\",\"format\":\"date-time\""},
	[MEMBER_COUNT] = {"count", "\"type\":\"integer\",\"minimum\":0"},
	[MEMBER_INTEGER] = {"integer", "\"type\":\"integer\""},
	[MEMBER_NUMBER] = {"number", "\"type\":\"number\",\"minimum\":0"},
	[MEMBER_BOOL] = {"boolean", "\"type\":\"boolean\""},
	[MEMBER_STRINGS] = {"array of strings",
		"\"type\":\"array\",\"items\":{\"type\":\"string\"}"},
	[MEMBER_OBJECT] = {"object", "\"type\":\"object\""},
	[MEMBER_OBJECTS] = {"array of objects", "\"type\":\"array\",\"items\":"},
};

const char *member_type_name(enum member_type type)
{
	return types[type].name;
}

void member_required(const struct member *members, enum member_in in, struct buf *to)
{
	buf_puts(to, "\"required\":[");
	for (; members->name; members++)
		if (members->in == in)
			json_string(to, members->name);
	buf_putc(to, ']');
}

static void add_properties(struct buf *to, const struct member *members);

static void add_member(struct buf *to, const struct member *member)
{
	json_string(to, member->name);
	buf_printf(to, ":{%s", types[member->type].schema);
	if (member->type == MEMBER_OBJECT)
		buf_putc(to, ',');
	else if (member->members)
		buf_printf(to, "{%s,", types[MEMBER_OBJECT].schema);
	if (member->members)
		add_properties(to, member->members);
	if (member->type == MEMBER_OBJECTS)
		buf_putc(to, '}');
	if (member->choices) {
		buf_puts(to, ",\"enum\":[");
		for (size_t i = 0; member->choices[i]; i++)
			json_string(to, member->choices[i]);
		buf_putc(to, ']');
	}
	json_member(to, "description", member->help);
	buf_putc(to, '}');
}

/* At most three levels deep: the table is. */
static void add_properties(struct buf *to, const struct member *members)
{
	const struct member *member = members;

	buf_puts(to, "\"properties\":{");
	for (; member->name; member++)
		add_member(to, member);
	buf_puts(to, "},");
	member_required(members, MEMBER_IN_ALL, to);
}

void member_schema(const char *title, const struct member *members, struct buf *ret)
{
	buf_puts(ret, "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\"");
	json_member(ret, "title", title);
	buf_printf(ret, ",%s,", types[MEMBER_OBJECT].schema);
	add_properties(ret, members);
}
