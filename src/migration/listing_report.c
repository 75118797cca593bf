/* SPDX-License-Identifier: MIT */
/* What is said of a listing: what is left out, unknown or missing. */
#include "migration/listing_report.h"

#include <string.h>

#include "base/buf.h"
#include "base/log.h"
#include "base/path.h"
#include "base/problems.h"
#include "base/str.h"
#include "migration/contributor.h"
#include "migration/listing.h"

#define EXCLUDED_MAX 8  /* that are proposed */
#define SHOWN_MAX    10 /* in a message */

/* ---- names of no format ---- */

/* A name as a glob in a list whose items are separated by blanks. */
static void put_glob(struct buf *to, const char *name)
{
	buf_putc(to, ' ');
	for (; *name; name++)
		buf_putc(to, strchr(" \t\n*?[\\'\"$#;", *name) ? '?' : *name);
}

/* `exclude` is what that key would have to be, or NULL if it is not proposed. */
static void report_name(struct listing *listing, const char *file, const char *exclude)
{
	const char *other = format_not_run(path_base(file));
	const char *ending = file + strlen(file) - strlen(".sql");
	CLEANUP_BUF struct buf text = BUF_INIT;

	if (other)
		buf_puts(&text, other);
	else if (!str_equal(ending, ".sql"))
		buf_printf(&text,
			"ends with '%s', and only what ends with '.sql' is a migration: "
			"rename it",
			ending);
	else
		buf_printf(&text, "is not a name of a migration: %s",
			format_expected(listing->arena));
	if (exclude)
		buf_printf(&text, "; %s, write `exclude =%s`",
			other ? "to leave it out" : "if it is none", exclude);
	problems_add(listing->problems, (struct place){.file = file}, "%s", text.data);
}

/* If they are few, they are something else beside the migrations, and can be left out. */
void listing_report_unknown(struct listing *listing)
{
	const char *const *excluded = listing->contributor->exclude;
	CLEANUP_BUF struct buf names = BUF_INIT;
	CLEANUP_BUF struct buf advice = BUF_INIT;

	names_print(&listing->unknown, 0, &names); /* which sorts them */
	for (; excluded && *excluded; excluded++)
		buf_printf(&advice, " %s", *excluded);
	for (size_t i = 0; i < listing->unknown.count; i++)
		put_glob(&advice, listing->unknown.list[i]);
	for (size_t i = 0; i < listing->unknown.count; i++)
		report_name(listing, listing->unknown_files.list[i],
			listing->unknown.count > EXCLUDED_MAX ? NULL : advice.data);
}

/* ---- what is left out ---- */

static void log_names(const struct listing *listing, struct names *names, const char *why)
{
	const struct contributor *contributor = listing->contributor;
	CLEANUP_BUF struct buf text = BUF_INIT;

	names_print(names, SHOWN_MAX, &text);
	if (names->count)
		log_info(contributor->log, "'%s': left out, since %s: %s",
			contributor->path, why, text.data);
}

/* A glob that matches nothing may be misspelt. */
static void log_globs(struct listing *listing)
{
	const char *const *glob = listing->contributor->exclude;

	names_sort(&listing->globs);
	for (; glob && *glob; glob++)
		if (!names_has(&listing->globs, *glob))
			log_info(listing->contributor->log,
				"'%s': nothing in it has a name that `exclude` has: %s",
				listing->contributor->path, *glob);
}

/* The directory that note_below() has found is named by itself. */
static void drop_below(struct listing *listing)
{
	const char *below = listing->below_ours ? path_base(listing->below) : NULL;
	size_t kept = 0;

	for (size_t i = 0; i < listing->left.count; i++) {
		const char *name = listing->left.list[i];

		if (!below ||
			!str_equal(name, arena_printf(listing->arena, "%s/", below)))
			listing->left.list[kept++] = name;
	}
	listing->left.count = kept;
}

/* Git keeps none, and a tool that makes one puts its migration in it. */
static void warn_empty(struct listing *listing)
{
	CLEANUP_BUF struct buf text = BUF_INIT;

	names_print(&listing->empty, SHOWN_MAX, &text);
	if (listing->empty.count)
		log_warn(listing->contributor->log,
			"'%s': nothing is in %s: put the migration back, or remove the "
			"directory",
			listing->contributor->path, text.data);
}

static void log_left_out(struct listing *listing)
{
	const struct contributor *contributor = listing->contributor;

	if (!contributor->log)
		return;
	warn_empty(listing);
	log_names(listing, &listing->other,
		arena_printf(listing->arena, "it is not for %s", contributor->variant));
	log_names(listing, &listing->replaced,
		arena_printf(listing->arena, "there is a file for %s beside it",
			contributor->variant));
	log_names(listing, &listing->unlisted, "meta/_journal.json does not name it");
	log_names(listing, &listing->excluded, "`exclude` has it");
	log_globs(listing);
	if (!listing->count)
		return;
	drop_below(listing);
	log_names(listing, &listing->left, "it is in a subdirectory");
	if (listing->below_ours)
		log_info(contributor->log,
			"'%s' is left out, since there are migrations beside it; if it "
			"is the one that is meant, write its path",
			listing->below);
}

void listing_report(struct listing *listing)
{
	const struct contributor *contributor = listing->contributor;
	CLEANUP_BUF struct buf names = BUF_INIT;

	log_left_out(listing);
	if (listing->count > 0)
		return;
	names_print(&listing->other, SHOWN_MAX, &names);
	if (listing->journal && !listing->excluded_sql)
		contributor_problem(contributor, listing->problems,
			"there is no migration in '%s': its meta/_journal.json has no "
			"entries",
			contributor->path);
	else if (listing->below)
		contributor_problem(contributor, listing->problems,
			"there is no migration in '%s', but in '%s': write that path",
			contributor->path, listing->below);
	else if (listing->other.count)
		contributor_problem(contributor, listing->problems,
			"there is no migration for %s in '%s', but for other databases: "
			"%s",
			contributor->variant, contributor->path, names.data);
	else if (listing->excluded_sql)
		problems_add(listing->problems, contributor->at,
			"there is no migration in '%s' but what its `exclude` leaves out",
			contributor->path);
	else
		contributor_problem(contributor, listing->problems,
			"there is no migration in '%s': %s", contributor->path,
			format_expected(listing->arena));
}
