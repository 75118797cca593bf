/* SPDX-License-Identifier: MIT */
/* Resource limits. */
#include "proc/limits.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/err.h"
#include "base/str.h"

#define VALUE_MAX 32
#define UNLIMITED UINT64_MAX

/* What prlimit64(2) takes, whatever the library's own is. */
struct kernel_limit {
	uint64_t soft, hard;
};

static const struct limit_word {
	const char *name;
	int resource;
	bool size; /* in bytes: K, M, G may stand behind it */
} names[] = {
	{"as", RLIMIT_AS, true},
	{"core", RLIMIT_CORE, true},
	{"cpu", RLIMIT_CPU, false},
	{"data", RLIMIT_DATA, true},
	{"fsize", RLIMIT_FSIZE, true},
	{"locks", RLIMIT_LOCKS, false},
	{"memlock", RLIMIT_MEMLOCK, true},
	{"msgqueue", RLIMIT_MSGQUEUE, true},
	{"nice", RLIMIT_NICE, false},
	{"nofile", RLIMIT_NOFILE, false},
	{"nproc", RLIMIT_NPROC, false},
	{"rss", RLIMIT_RSS, true},
	{"rtprio", RLIMIT_RTPRIO, false},
	{"rttime", RLIMIT_RTTIME, false},
	{"sigpending", RLIMIT_SIGPENDING, false},
	{"stack", RLIMIT_STACK, true},
};

#define NAMES (sizeof names / sizeof *names)

static const struct limit_word *find(const char *name)
{
	for (size_t i = 0; i < NAMES; i++)
		if (strcasecmp(names[i].name, name) == 0)
			return &names[i];
	return NULL;
}

static int unknown(const char *name, struct err *err)
{
	const char *known[NAMES + 1];
	char room[STR_SUGGEST_SIZE];

	for (size_t i = 0; i < NAMES; i++)
		known[i] = names[i].name;
	known[NAMES] = NULL;
	return err_config(
		err, "there is no limit '%s'%s", name, str_suggest(name, known, room));
}

/* "4096", "8M", "unlimited"; false where it is none of them. */
static bool parse_value(const char *text, size_t size, bool in_bytes, uint64_t *ret)
{
	static const char units[] = "KMG";
	char value[VALUE_MAX];
	const char *unit;
	uint64_t number;
	unsigned shift = 0;

	if (size == 0 || size >= sizeof value)
		return false;
	memcpy(value, text, size);
	value[size] = '\0';
	if (strcasecmp(value, "unlimited") == 0 || strcasecmp(value, "infinity") == 0) {
		*ret = UNLIMITED;
		return true;
	}
	unit = in_bytes ? strchr(units, value[size - 1]) : NULL;
	if (unit) {
		shift = 10 * (unsigned)(unit - units + 1);
		value[size - 1] = '\0';
	}
	if (!str_to_u64(value, (UNLIMITED - 1) >> shift, &number))
		return false;
	*ret = number << shift;
	return true;
}

/* "soft:hard", either of which may be missing; or one value for both. */
static bool parse_limit(const char *text, bool in_bytes, struct limit *ret)
{
	const char *colon = strchr(text, ':');
	size_t size = colon ? (size_t)(colon - text) : strlen(text);

	ret->soft_set = size > 0;
	ret->hard_set = colon ? colon[1] != '\0' : ret->soft_set;
	if (!ret->soft_set && !ret->hard_set)
		return false;
	if (ret->soft_set && !parse_value(text, size, in_bytes, &ret->soft))
		return false;
	if (!colon)
		ret->hard = ret->soft;
	return !colon || !ret->hard_set ||
		parse_value(colon + 1, strlen(colon + 1), in_bytes, &ret->hard);
}

int limits_add(void *member, const char *word, struct err *err)
{
	struct limits *limits = member;
	const char *equals = strchr(word, '=');
	const struct limit_word *name;
	struct limit limit = {0};
	char text[VALUE_MAX];

	if (!equals)
		return err_config(err,
			"'%s' is not of the form nofile=4096 or core=0:unlimited", word);
	/* Cut where it is too long to be one. */
	(void)snprintf(text, sizeof text, "%.*s", (int)(equals - word), word);
	name = find(text);
	if (!name)
		return unknown(text, err);
	if (!parse_limit(equals + 1, name->size, &limit))
		return err_config(err,
			"'%s': '%s' is no number%s, 'unlimited' or soft:hard", word,
			equals + 1, name->size ? " (K, M, G)" : "");
	if (limit.soft_set && limit.hard_set && limit.soft > limit.hard)
		return err_config(
			err, "'%s': the soft limit is above the hard one", word);
	if (limits->list[name->resource].soft_set ||
		limits->list[name->resource].hard_set)
		return err_config(err, "'%s': this limit is set twice", word);
	limits->list[name->resource] = limit;
	return 0;
}

static const char *limit_text(uint64_t value, char *room, size_t size)
{
	if (value == UNLIMITED)
		return "unlimited";
	(void)snprintf(room, size, "%llu", (unsigned long long)value); /* it fits */
	return room;
}

/* By the system call: the libraries do not agree on the type of a resource. */
static int exchange(
	int resource, const struct kernel_limit *want, struct kernel_limit *ret_found)
{
	return (int)syscall(SYS_prlimit64, 0, resource, want, ret_found);
}

static int set(const struct limit_word *name, const struct limit *limit, struct err *err)
{
	struct kernel_limit found, want;
	char soft[VALUE_MAX], hard[VALUE_MAX], before[VALUE_MAX];

	if (exchange(name->resource, NULL, &found) < 0)
		return err_sys(err, "limit %s", name->name);
	want = found;
	if (limit->hard_set)
		want.hard = limit->hard;
	if (limit->soft_set)
		want.soft = limit->soft;
	else if (want.soft > want.hard)
		want.soft = want.hard;
	if (exchange(name->resource, &want, NULL) == 0)
		return 0;
	return err_sys(err, "limit %s=%s:%s (the hard limit is %s)", name->name,
		limit_text(want.soft, soft, sizeof soft),
		limit_text(want.hard, hard, sizeof hard),
		limit_text(found.hard, before, sizeof before));
}

int limits_set(const struct limits *limits, struct err *err)
{
	for (size_t i = 0; i < NAMES; i++) {
		const struct limit *limit = &limits->list[names[i].resource];

		if ((limit->soft_set || limit->hard_set) &&
			set(&names[i], limit, err) < 0)
			return -1;
	}
	return 0;
}
