/* SPDX-License-Identifier: MIT */
/* Paths as text. */
#include "base/path.h"

#include <string.h>

#include "base/buf.h"

/* Appends the components of `path`, "." and empty ones left out. */
static void add_components(struct buf *to, const char *path)
{
	while (*path) {
		size_t size = strcspn(path, "/");

		if (size > 0 && !(size == 1 && path[0] == '.')) {
			if (to->len > 0 && to->data[to->len - 1] != '/')
				buf_putc(to, '/');
			buf_add(to, path, size);
		}
		path += size;
		path += strspn(path, "/");
	}
}

char *path_join(struct arena *arena, const char *dir, const char *path)
{
	CLEANUP_BUF struct buf joined = BUF_INIT;

	if (path[0] == '/' || dir[0] == '/')
		buf_putc(&joined, '/');
	if (path[0] != '/')
		add_components(&joined, dir);
	add_components(&joined, path);
	if (!joined.len)
		buf_putc(&joined, '.');
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

/* "/a/b" of "/a/c/../b": every ".." is gone, with the component before it. */
static void resolve(struct buf *to, const char *path)
{
	while (*path) {
		size_t size = strcspn(path, "/");

		if (size == 2 && strncmp(path, "..", 2) == 0) {
			const char *slash = strrchr(to->data, '/');

			buf_truncate(to, slash ? (size_t)(slash - to->data) : 0);
		} else if (size > 0) {
			buf_putc(to, '/');
			buf_add(to, path, size);
		}
		path += size;
		path += strspn(path, "/");
	}
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
	resolve(&whole, path);
	resolve(&above, top);
	return strncmp(whole.data, above.data, above.len) == 0 &&
		(whole.data[above.len] == '/' || !whole.data[above.len]);
}
