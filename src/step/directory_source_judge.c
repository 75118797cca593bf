/* SPDX-License-Identifier: MIT */
/* What of a directory's `source` is wrong before anything is looked at. */
#include <string.h>

#include "base/fs_exclude.h"
#include "base/path.h"
#include "base/problems.h"
#include "base/str.h"
#include "step/directory_source.h"
#include "step/needed.h"
#include "step/step.h"

static bool may_remove_below(
	const char *const *exclude, const char *needed, const char *path)
{
	return !str_equal(needed, path) && path_is_below(needed, path) &&
		!fs_is_left_out(exclude, needed + strlen(path));
}

/*
 * What the source has at the moment is not asked for: it may be less at another start,
 * and all that is in a directory that another step makes would go with it.
 */
void directory_source_decided(const struct step *step, struct ctx *ctx,
	const struct list *paths, const char *const *exclude, struct problems *problems)
{
	const struct setting *merge = section_get(step->section, "merge");

	for (struct needed at = NEEDED_INIT; needed_next(ctx, &at);)
		for (size_t i = 0; i < paths->count; i++) {
			const char *path = paths->items[i];
			CLEANUP_BUF struct buf text = BUF_INIT;

			if (!path || !may_remove_below(exclude, at.path, path))
				continue;
			needed_say(ctx, &at, at.path, &text);
			problems_add(problems, merge->at,
				"[%s] merge: mirror would remove '%s' from '%s': %s; "
				"leave it out with `exclude`",
				step->id, at.path, path, text.data);
		}
}

/* One in the other would copy its copies, or remove the source. */
static void judge_nested(const struct step *step, const struct list *paths,
	const char *from, struct problems *problems)
{
	for (size_t i = 0; *from && i < paths->count; i++) {
		const char *path = paths->items[i];

		if (path_is_below(path, from) || path_is_below(from, path))
			problems_add(problems, section_get(step->section, "source")->at,
				"[%s] source: '%s' cannot be copied into '%s': one of "
				"them is in the other",
				step->id, from, path);
	}
}

void directory_source_judge(const struct step *step, const struct list *paths,
	const struct list *exclude, const char *from, struct problems *problems)
{
	for (size_t i = 0; i < exclude->count * paths->count; i++) {
		const char *glob = exclude->items[i / paths->count];
		const char *name = path_base(paths->items[i % paths->count]);
		size_t size = strlen(name);

		if (strncmp(glob, name, size) == 0 && glob[size] == '/')
			problems_add(problems, section_get(step->section, "exclude")->at,
				"[%s] exclude: '%s' is looked for below '%s': write "
				"'%s', or '/%s' if that is meant",
				step->id, glob, name, glob + size + 1, glob);
	}
	judge_nested(step, paths, from, problems);
}
