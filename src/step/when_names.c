/* SPDX-License-Identifier: MIT */
/* What a condition names: can it ever hold? */
#include "step/when_names.h"

#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "conf/misread.h"
#include "proc/identity.h"

int when_check_user(const char *what, struct err *err)
{
	if (strchr(what, ':'))
		return err_config(err, "it is one user, by name or number");
	return identity_check(what, "", err);
}

int when_check_command(const char *what, struct err *err)
{
	if (strchr(what, ','))
		return err_config(err, "alternatives have a '|' between them: a|b");
	return strchr(what, '/') ? err_config(err,
					   "it is compared with the command's base name, "
					   "which has no '/'")
				 : 0;
}

int when_check_path(const char *word, struct err *err)
{
	static const char *const kinds[] = {
		"path:", "is-dir:", "is-file:", "is-link:", "dir-empty:"};
	const char *path = NULL, *at;

	word += *word == '!';
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (str_starts(word, kinds[i]))
			path = word + strlen(kinds[i]);
	if (!path)
		return 0;
	if (str_starts(path, "~/"))
		return err_config(err,
			"'%s': '~' is no home directory here: write ${HOME}%s", word,
			path + 1);
	if (misread_check_dollar(path, false, &at, err) < 0)
		return err_prefix(err, "'%s'", word);
	if (strstr(path, ",/"))
		return err_config(err, "'%s': each path is a condition by itself", word);
	return 0;
}
