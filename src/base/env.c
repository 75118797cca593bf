/* SPDX-License-Identifier: MIT */
/* Environments that are being made. */
#include "base/env.h"

#include <fnmatch.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* FNV-1a. */
static uint32_t hash_of(const char *name, size_t size)
{
	uint32_t hash = 2166136261u;

	for (size_t i = 0; i < size; i++)
		hash = (hash ^ (unsigned char)name[i]) * 16777619u;
	return hash;
}

/* The entry of that name, or `count`. */
static size_t find(const struct env *env, const char *name, size_t size)
{
	uint32_t hash = hash_of(name, size);
	size_t i = 0;

	while (i < env->count &&
		(env->hashes[i] != hash || strncmp(env->list[i], name, size) != 0 ||
			env->list[i][size] != '='))
		i++;
	return i;
}

static void drop(char *entry)
{
	mem_wipe(entry, strlen(entry));
	free(entry);
}

/* Takes `entry` over. */
static void put(struct env *env, char *entry, size_t name_size)
{
	size_t at = find(env, entry, name_size);

	if (at < env->count) {
		drop(env->list[at]);
	} else {
		env->list = mem_grow(
			env->list, env->list ? env->count + 1 : 0, sizeof *env->list);
		env->hashes = mem_grow(env->hashes, env->count, sizeof *env->hashes);
		env->hashes[at] = hash_of(entry, name_size);
		env->list[++env->count] = NULL;
	}
	env->list[at] = entry;
}

void env_copy(struct env *env, char *const *list)
{
	for (; list && *list; list++) {
		const char *equals = strchr(*list, '=');
		size_t size = equals ? (size_t)(equals - *list) : 0;

		if (size > 0 && find(env, *list, size) == env->count)
			put(env, mem_strdup(*list), size);
	}
}

void env_set(struct env *env, const char *name, const char *value)
{
	size_t name_size = strlen(name);
	size_t value_size = strlen(value);
	char *entry = mem_zalloc(name_size + value_size + 2);

	memcpy(entry, name, name_size);
	entry[name_size] = '=';
	memcpy(entry + name_size + 1, value, value_size);
	put(env, entry, name_size);
}

void env_put(struct env *env, const char *line)
{
	put(env, mem_strdup(line), strcspn(line, "="));
}

const char *env_get(const struct env *env, const char *name)
{
	size_t size = strlen(name);
	size_t at = find(env, name, size);

	return at < env->count ? env->list[at] + size + 1 : NULL;
}

static bool matches(char *entry, const char *pattern)
{
	char *end = entry + strcspn(entry, "=");
	char equals = *end;
	bool yes;

	*end = '\0'; /* the name alone, for as long as it is compared */
	yes = fnmatch(pattern, entry, 0) == 0;
	*end = equals;
	return yes;
}

void env_unset(struct env *env, const char *pattern)
{
	size_t kept = 0;

	for (size_t i = 0; i < env->count; i++) {
		if (matches(env->list[i], pattern)) {
			drop(env->list[i]);
			continue;
		}
		env->hashes[kept] = env->hashes[i];
		env->list[kept++] = env->list[i];
	}
	if (env->list)
		env->list[kept] = NULL;
	env->count = kept;
}

void env_set_account(struct env *env, const char *name, const char *home)
{
	static const char *const names[] = {"USER", "LOGNAME"};

	env_set(env, "HOME", home);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (*name)
			env_set(env, names[i], name);
		else
			env_unset(env, names[i]);
}

void env_release(struct env *env)
{
	for (size_t i = 0; i < env->count; i++)
		drop(env->list[i]);
	free(env->list);
	free(env->hashes);
	*env = (struct env){0};
}
