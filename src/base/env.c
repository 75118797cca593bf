/* SPDX-License-Identifier: MIT */
/* Environments that are being made. */
#include "base/env.h"

#include <fnmatch.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"

#define FIRST_BITS 6

static bool is_named(const char *entry, const char *name, size_t size)
{
	return strncmp(entry, name, size) == 0 && entry[size] == '=';
}

/* The slot of the name, or the free one where it goes; at most half of them are taken. */
static uint32_t *slot_of(const struct env *env, const char *name, size_t size)
{
	size_t mask = ((size_t)1 << env->bits) - 1;
	size_t i = hash_slot(hash_add(HASH_BEGIN, name, size), env->bits);

	while (env->slots[i] && !is_named(env->list[env->slots[i] - 1], name, size))
		i = (i + 1) & mask;
	return &env->slots[i];
}

/* Indexes all entries anew, in so many slots. */
static void index_all(struct env *env, unsigned bits)
{
	free(env->slots);
	env->bits = bits;
	env->slots = mem_zalloc(((size_t)1 << bits) * sizeof *env->slots);
	for (uint32_t i = 0; i < env->count; i++)
		*slot_of(env, env->list[i], strcspn(env->list[i], "=")) = i + 1;
}

/* The entry of that name, or `count`. */
static size_t find(const struct env *env, const char *name, size_t size)
{
	uint32_t slot = env->slots ? *slot_of(env, name, size) : 0;

	return slot ? slot - 1 : env->count;
}

static void drop(char *entry)
{
	mem_wipe(entry, strlen(entry));
	free(entry);
}

/* Takes `entry` over. */
static void put(struct env *env, char *entry, size_t name_size)
{
	uint32_t *slot;

	if (!env->slots || env->count >= (size_t)1 << (env->bits - 1))
		index_all(env, env->slots ? env->bits + 1 : FIRST_BITS);
	slot = slot_of(env, entry, name_size);
	if (*slot) {
		drop(env->list[*slot - 1]);
	} else {
		env->list = mem_grow(
			env->list, env->list ? env->count + 1 : 0, sizeof *env->list);
		env->list[++env->count] = NULL;
		*slot = (uint32_t)env->count;
	}
	env->list[*slot - 1] = entry;
}

const char *env_find(char *const *list, const char *name)
{
	size_t size = strlen(name);

	for (; *list; list++)
		if (is_named(*list, name, size))
			return *list + size + 1;
	return NULL;
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

	if (!strpbrk(pattern, "*?[\\") &&
		find(env, pattern, strlen(pattern)) == env->count)
		return;
	for (size_t i = 0; i < env->count; i++) {
		if (matches(env->list[i], pattern))
			drop(env->list[i]);
		else
			env->list[kept++] = env->list[i];
	}
	if (kept == env->count)
		return;
	env->list[kept] = NULL;
	env->count = kept;
	index_all(env, env->bits);
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
	free(env->slots);
	*env = (struct env){0};
}
