/* SPDX-License-Identifier: MIT */
/*
 * The text of an env_file, one assignment a line:
 *
 *	# a comment		blank lines and comments are skipped
 *	NAME=value # comment	a comment stands behind white space
 *	export NAME=value	the same
 *	NAME='$as "it" is'
 *	NAME="a \"b\" \$c"	before " \ $ and ` a backslash is taken away
 *
 * So far it is what a shell makes of it (set -a; . file). Without quotes the value goes
 * on to the end of the line, as for Docker, also where a shell would read it otherwise.
 * Nothing is expanded, and what asks for it is an error.
 */
#ifndef PLAN_ENV_FILE_H
#define PLAN_ENV_FILE_H

struct env;
struct err;
struct log;

/*
 * Sets the variables of `text` in `env`, but for those of lines that are wrong. A value
 * that a shell would read otherwise is a warning to `log` (NULL: none), which does not
 * show it. Returns 0, or -1 with all that is wrong (ERR_CONFIG), and its places in the
 * file `path`.
 */
int env_file_parse(const char *text, const char *path, const struct log *log,
	struct env *env, struct err *err);

#endif
