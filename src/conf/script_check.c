/* SPDX-License-Identifier: MIT */
/* Values in words that are read as code. */
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "conf/expand.h"
#include "conf/interpreter.h"
#include "conf/script.h"

#define SHOWN_MAX 60

/* The first ${…} of a word. */
struct first {
	char name[SHOWN_MAX + 1];
};

static void note_first(void *user, const char *name, bool shown)
{
	struct first *first = user;

	(void)shown; /* what ":+" puts in is only text of ours, but may hold values */
	if (!*first->name && !str_equal(name, "first-run"))
		(void)snprintf(first->name, sizeof first->name, "%s", name); /* or cut */
}

int script_check(const char *raw, const char *program, struct err *err)
{
	struct first first = {""};
	const char *aside = strstr(raw, "{file}") ? "{file}" : "{dir}";
	const struct interpreter *interpreter = interpreter_find(program);
	const char *advice = interpreter ? interpreter->advice : NULL;

	if (strstr(raw, aside) && !script_takes_paths(program))
		return err_config(err,
			"the path of %s would be run as code by %s: hand it over as an "
			"argument of the script, as in sh -c 'date >\"$1\"' sh {file}",
			aside, program);
	expand_each(raw, note_first, &first);
	if (!*first.name)
		return 0;
	if (advice)
		return err_config(err, "the value of ${%s} would be run as %s by %s: %s",
			first.name, interpreter->sql ? "SQL" : "code", program, advice);
	return err_config(err,
		"the value of ${%s} would be run as code by %s: let it be read there "
		"(\"$NAME\", or $${NAME:-x}), or hand it over as an argument of the "
		"script, as in sh -c 'createdb \"$1\"' sh ${DB}",
		first.name, program);
}
