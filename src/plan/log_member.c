/* SPDX-License-Identifier: MIT */
/* The members of a line of the log in JSON. */
#include "plan/log_member.h"

#include "base/buf.h"
#include "plan/run.h"
#include "plan/settings.h"

static const char *const signs[] = {"+", "~", "-", "=", "·", "?", "!", NULL};

const struct member log_members[] = {
	{"time", MEMBER_TIME, .help = "when it was written"},
	{"level", MEMBER_STRING, .choices = log_level_names, .help = "how serious it is"},
	{"message", MEMBER_STRING,
		.help = "what it says; of a command that failed, with its last lines"},
	{"file", MEMBER_STRING, MEMBER_SOMETIMES, .help = "what it is about"},
	{"line", MEMBER_COUNT, MEMBER_SOMETIMES, .help = "the line in it, from 1"},
	{"column", MEMBER_COUNT, MEMBER_SOMETIMES, .help = "the column in that, from 1"},
	{"step", MEMBER_STRING, MEMBER_SOMETIMES,
		.help = "the id of the step, or `reload`, that it is about"},
	{"order", MEMBER_INTEGER, MEMBER_SOMETIMES,
		.help = "`order` of a step that has had its turn"},
	{"status", MEMBER_STRING, MEMBER_SOMETIMES, .choices = status_names,
		.help = "what became of that step, as the report has it"},
	{"mark", MEMBER_STRING, MEMBER_SOMETIMES, .choices = signs,
		.help = "the same by the sign of the log for people"},
	{"duration_ms", MEMBER_NUMBER, MEMBER_SOMETIMES, .help = "how long it took"},
	{0},
};

void log_schema(struct buf *ret)
{
	member_schema("A line of groundwork's log", log_members, ret);
	buf_puts(ret, "}\n");
}
