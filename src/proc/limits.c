/* SPDX-License-Identifier: MIT */
/* Resource limits. */
#include "proc/limits.h"

#include <errno.h>
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

/* By the kernel's number, which is not the same everywhere. */
static const char *const names[LIMITS_MAX + 1] = {
	[RLIMIT_AS] = "as",
	[RLIMIT_CORE] = "core",
	[RLIMIT_CPU] = "cpu",
	[RLIMIT_DATA] = "data",
	[RLIMIT_FSIZE] = "fsize",
	[RLIMIT_LOCKS] = "locks",
	[RLIMIT_MEMLOCK] = "memlock",
	[RLIMIT_MSGQUEUE] = "msgqueue",
	[RLIMIT_NICE] = "nice",
	[RLIMIT_NOFILE] = "nofile",
	[RLIMIT_NPROC] = "nproc",
	[RLIMIT_RSS] = "rss",
	[RLIMIT_RTPRIO] = "rtprio",
	[RLIMIT_RTTIME] = "rttime",
	[RLIMIT_SIGPENDING] = "sigpending",
	[RLIMIT_STACK] = "stack",
};

/* K, M, G may stand behind it. */
static bool is_in_bytes(int resource)
{
	return resource == RLIMIT_AS || resource == RLIMIT_CORE ||
		resource == RLIMIT_DATA || resource == RLIMIT_FSIZE ||
		resource == RLIMIT_MEMLOCK || resource == RLIMIT_MSGQUEUE ||
		resource == RLIMIT_RSS || resource == RLIMIT_STACK;
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
	struct limit limit = {0};
	char name[VALUE_MAX], room[STR_SUGGEST_SIZE];
	int resource = 0;

	if (!equals)
		return err_config(err,
			"'%s' is not of the form nofile=4096 or core=0:unlimited", word);
	/* Cut where it is too long to be one. */
	(void)snprintf(name, sizeof name, "%.*s", (int)(equals - word), word);
	while (names[resource] && strcasecmp(names[resource], name) != 0)
		resource++;
	if (!names[resource])
		return err_config(err, "there is no limit '%s'%s", name,
			str_suggest(name, names, room));
	if (!parse_limit(equals + 1, is_in_bytes(resource), &limit))
		return err_config(err,
			"'%s': '%s' is no number%s, 'unlimited' or soft:hard", word,
			equals + 1, is_in_bytes(resource) ? " (K, M, G)" : "");
	if (limit.soft_set && limit.hard_set && limit.soft > limit.hard)
		return err_config(
			err, "'%s': the soft limit is above the hard one", word);
	if (limits->list[resource].soft_set || limits->list[resource].hard_set)
		return err_config(err, "'%s': this limit is set twice", word);
	limits->list[resource] = limit;
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

static int set(int resource, const struct limit *limit, struct err *err)
{
	struct kernel_limit found, want;
	char soft[VALUE_MAX], hard[VALUE_MAX], before[VALUE_MAX];

	if (exchange(resource, NULL, &found) < 0)
		return err_sys(err, "limit %s", names[resource]);
	want = found;
	if (limit->hard_set)
		want.hard = limit->hard;
	if (limit->soft_set)
		want.soft = limit->soft;
	else if (want.soft > want.hard)
		want.soft = want.hard;
	if (exchange(resource, &want, NULL) == 0)
		return 0;
	(void)err_sys(err, "limit %s=%s:%s (the hard limit is %s)", names[resource],
		limit_text(want.soft, soft, sizeof soft),
		limit_text(want.hard, hard, sizeof hard),
		limit_text(found.hard, before, sizeof before)); /* always -1 */
	if (err->code != EPERM)
		return -1;
	return err_append(err,
		"; write less%s, or have the container's runtime raise the hard limit "
		"(docker run --ulimit %s=%s) or give us CAP_SYS_RESOURCE",
		resource == RLIMIT_NOFILE ? " (fs.nr_open is the most there is)" : "",
		names[resource], want.hard == UNLIMITED ? "-1" : hard);
}

int limits_set(const struct limits *limits, struct err *err)
{
	for (int i = 0; i < LIMITS_MAX; i++) {
		const struct limit *limit = &limits->list[i];

		if ((limit->soft_set || limit->hard_set) && set(i, limit, err) < 0)
			return -1;
	}
	return 0;
}
