/* SPDX-License-Identifier: MIT */
/* Words of a URL that say the hosts and ports. */
#include "net/libpq.h"

#include <stdbool.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/str.h"

/* What `name=` has in the words behind the '?', or NULL; the last one counts. */
static const char *find_parameter(const char *rest, const char *name, struct arena *arena)
{
	const char *word = strchr(rest, '?');
	const char *found = NULL;

	while (word && *word && *word != '#') {
		size_t size = strcspn(++word, "&#");

		if (str_starts(word, name))
			found = arena_memdup(
				arena, word + strlen(name), size - strlen(name));
		word += size;
	}
	return found;
}

/* The size of the host in front of a list of HOST[:PORT]. */
static size_t host_size(const char *text)
{
	size_t size = *text == '[' ? strcspn(text, "],") : 0;

	return size + strcspn(text + size, ":,");
}

/* The next item of a list, of which the last one stays. */
static const char *next_item(const char *list)
{
	const char *comma = strchr(list, ',');

	return comma ? comma + 1 : list;
}

const char *libpq_hosts(const char *authority, const char *rest, struct arena *arena)
{
	const char *hosts = find_parameter(rest, "host=", arena);
	const char *ports = find_parameter(rest, "port=", arena);
	const char *host = hosts ? hosts : authority;
	const char *before = authority, *end = host + strlen(host);
	CLEANUP_BUF struct buf text = BUF_INIT;

	if (!hosts && !ports)
		return authority;
	for (; host; host = host < end ? host + 1 : NULL) {
		size_t size = hosts ? strcspn(host, ",") : host_size(host);
		bool bare = hosts && *host != '[' && memchr(host, ':', size);
		const char *port = before + host_size(before);

		buf_printf(&text, bare ? "[%.*s]" : "%.*s", (int)size, host);
		if (ports)
			buf_printf(&text, ":%.*s", (int)strcspn(ports, ","), ports);
		else
			buf_add(&text, port, strcspn(port, ","));
		ports = ports ? next_item(ports) : NULL;
		before = next_item(before);
		host += strcspn(host, ",");
		if (*host)
			buf_putc(&text, ',');
	}
	return arena_strdup(arena, text.data);
}
