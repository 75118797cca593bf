/* SPDX-License-Identifier: MIT */
/* Errors about sources that are missing. */
#include "step/source.h"

#include <string.h>

#include "base/err.h"
#include "conf/words.h"
#include "step/step.h"

const char *source_start(const struct section *section, const char *key)
{
	const struct setting *setting = section_get(section, key);
	const char *path = setting && setting->value ? setting->value->flat : "/";

	/* Of a list, all must be relative: the error is about one of them. */
	while (*path) {
		path += *path == '-';
		if (*path == '/' || *path == '$')
			return "";
		path += words_span(path, WORDS_SPACE);
		path += strspn(path, WORDS_SPACE);
	}
	return " (it starts at the directory of the drop-in)";
}

int source_locate(const struct step *step, const char *key, struct err *err)
{
	err_append(err, "%s", source_start(step->section, key));
	return step_locate_key(step, key, err);
}
