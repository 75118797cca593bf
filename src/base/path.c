/* SPDX-License-Identifier: MIT */
/* Paths as text. */
#include "base/path.h"

#include <string.h>

#include "base/buf.h"
#include "base/str.h"

/*
 * Appends the components of `path`, each with a slash behind it; "." and empty ones are
 * left out. If `up`, every ".." removes the component before it.
 */
static void add_components(struct buf *to, const char *path, bool up)
{
	while (*path) {
		size_t size = strcspn(path, "/");

		if (up && size == 2 && memcmp(path, "..", 2) == 0) {
			const char *slash =
				to->len ? memrchr(to->data, '/', to->len - 1) : NULL;

			buf_truncate(to, slash ? (size_t)(slash + 1 - to->data) : 0);
		} else if (size > 0 && !(size == 1 && path[0] == '.')) {
			buf_add(to, path, size);
			buf_putc(to, '/');
		}
		path += size;
		path += strspn(path, "/");
	}
}

void path_add_plain(struct buf *to, const char *path)
{
	add_components(to, path, true);
}

size_t path_above(const char *plain, size_t size)
{
	const char *slash = memrchr(plain, '/', size - 1);

	return slash ? (size_t)(slash + 1 - plain) : 0;
}

char *path_join(struct arena *arena, const char *dir, const char *path)
{
	CLEANUP_BUF struct buf joined = BUF_INIT;

	if (path[0] == '/' || dir[0] == '/')
		buf_putc(&joined, '/');
	if (path[0] != '/')
		add_components(&joined, dir, false);
	add_components(&joined, path, false);
	if (!joined.len)
		buf_putc(&joined, '.');
	else if (joined.len > 1)
		buf_truncate(&joined, joined.len - 1);
	return arena_memdup(arena, joined.data, joined.len);
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
	add_components(&whole, path, true);
	add_components(&above, top, true);
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
