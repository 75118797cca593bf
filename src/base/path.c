/* SPDX-License-Identifier: MIT */
/* Paths as text. */
#include "base/path.h"

#include <string.h>

#include "base/buf.h"
#include "base/str.h"

size_t path_above(const char *plain, size_t size)
{
	const char *slash = memrchr(plain, '/', size - 1);

	return slash ? (size_t)(slash + 1 - plain) : 0;
}

/*
 * Appends the components of `path`, each with a slash behind it; "." and empty ones are
 * left out. If `up`, every ".." removes the component before it. `to` has `len` bytes,
 * and room for all of `path`, a slash and the NUL. Returns how many it has then.
 */
static size_t put_components(char *to, size_t len, const char *path, bool up)
{
	while (*path) {
		char *name = to + len;
		size_t size = 0;

		for (; *path && *path != '/'; path++)
			name[size++] = *path;
		if (up && size == 2 && memcmp(name, "..", 2) == 0) {
			len = len ? path_above(to, len) : 0;
		} else if (size > 0 && !(size == 1 && *name == '.')) {
			name[size] = '/';
			len += size + 1;
		}
		while (*path == '/')
			path++;
	}
	to[len] = '\0';
	return len;
}

void path_add_plain(struct buf *to, const char *path)
{
	buf_reserve(to, strlen(path) + 1);
	to->len = put_components(to->data, to->len, path, true);
}

char *path_plain(struct arena *arena, const char *path)
{
	char *plain = arena_alloc(arena, strlen(path) + 2);

	(void)put_components(plain, 0, path, true);
	return plain;
}

char *path_join(struct arena *arena, const char *dir, const char *path)
{
	bool absolute = path[0] == '/' || dir[0] == '/';
	size_t room = strlen(path) + (path[0] == '/' ? 0 : strlen(dir)) + 4;
	char *joined = arena_alloc(arena, room);
	size_t len = absolute;

	if (absolute)
		joined[0] = '/';
	if (path[0] != '/')
		len = put_components(joined, len, dir, false);
	len = put_components(joined, len, path, false);
	if (!len)
		joined[0] = '.';
	else if (len > 1)
		joined[len - 1] = '\0';
	return joined;
}

char *path_dir(struct arena *arena, const char *path)
{
	const char *slash = strrchr(path, '/');

	if (!slash)
		return arena_strdup(arena, ".");
	return arena_memdup(arena, path, slash == path ? 1 : (size_t)(slash - path));
}

const char *path_base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

const char *path_ending(const char *path)
{
	const char *base = path_base(path);
	const char *dot = strrchr(base, '.');

	return dot && dot != base ? dot : "";
}

/* Neither "..", nor a superfluous slash. */
static bool is_plain(const char *path)
{
	size_t size = strlen(path);

	return path[0] == '/' && size > 1 && path[size - 1] != '/' &&
		!strstr(path, "//") && !strstr(path, "..");
}

bool path_is_below(const char *path, const char *top)
{
	size_t size = strlen(top);
	CLEANUP_BUF struct buf whole = BUF_INIT;
	CLEANUP_BUF struct buf above = BUF_INIT;

	/* Mostly there is nothing to resolve. */
	if (is_plain(path) && is_plain(top))
		return strncmp(path, top, size) == 0 &&
			(path[size] == '/' || !path[size]);
	path_add_plain(&whole, path);
	path_add_plain(&above, top);
	return str_starts(whole.data, above.data);
}

bool path_leads_up(const char *path)
{
	for (; *path; path += strcspn(path, "/")) {
		path += strspn(path, "/");
		if (str_starts(path, "..") && (path[2] == '/' || !path[2]))
			return true;
	}
	return false;
}
