/* SPDX-License-Identifier: MIT */
/*
 * An environment that is being made: a NULL-terminated list of "NAME=value", each name
 * once.
 *
 *	CLEANUP_ENV struct env env = {0};
 *	env_copy(&env, environ);
 *	env_set(&env, "HOME", "/srv/app");
 *	execve(path, argv, env.list);
 *
 * Values may be secrets: whatever is replaced or released is wiped first.
 */
#ifndef BASE_ENV_H
#define BASE_ENV_H

#include <stddef.h>
#include <stdint.h>

struct env {
	char **list; /* NULL while it is empty */
	size_t count;
	uint32_t *slots; /* 1 << bits of them: the entry of a name, from 1 on; 0: none */
	unsigned bits;
};

#define CLEANUP_ENV __attribute__((cleanup(env_release)))

/*
 * Copies the entries of `list` whose names are not in `env` yet: of a name that occurs
 * twice the first counts. A word without "=" is skipped.
 */
void env_copy(struct env *env, char *const *list);

/* Sets a variable, in place of its value if it has one. */
void env_set(struct env *env, const char *name, const char *value);

/* The same of a "NAME=value", as configurations have them. */
void env_put(struct env *env, const char *line);

/* The value, or NULL where it is unset; valid until the next change. */
const char *env_get(const struct env *env, const char *name);

/* The value in any such list, which may have a name twice: the first counts. Or NULL. */
const char *env_find(char *const *list, const char *name);

/* Unsets every name that matches the glob (fnmatch(3)). */
void env_unset(struct env *env, const char *pattern);

/*
 * Sets HOME, and USER and LOGNAME, of an account; without a name (""), which nobody has
 * whose number has no entry, these two are unset: another's would be wrong.
 */
void env_set_account(struct env *env, const char *name, const char *home);

void env_release(struct env *env);

#endif
