/* SPDX-License-Identifier: MIT */
/* What an archive begins with, and which programs unpack it. */
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "step/download_work.h"
#include "step/helper.h"
#include "step/step.h"

#define BEGIN_SIZE 64

/* GNU tar runs a program for each; others have them built in. */
static const struct compression {
	const char *begins, *option, *program, *endings[2];
} compressions[] = {
	{"\x1f\x8b", "-z", "gzip", {".gz", ".tgz"}},
	{"\x28\xb5\x2f\xfd", "--zstd", "zstd", {".zst", ".tzst"}},
	{"\xfd\x37zXZ", "-J", "xz", {".xz", ".txz"}},
	{"BZh", "-j", "bzip2", {".bz2", ".tbz2"}},
};
#define COMPRESSIONS (sizeof compressions / sizeof *compressions)

/* What is fetched in place of an archive. */
static const struct {
	const char *begins, *is;
} others[] = {
	{"PK\x03\x04", "a ZIP archive"},
	{"PK\x05\x06", "a ZIP archive"},
	{"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"},
	{"Rar!\x1a\x07", "a RAR archive"},
	{"!<arch>\n", "an archive of ar(1), as a Debian package is"},
	{"\xed\xab\xee\xdb", "an RPM package"},
	{"\x7f\x45LF", "a program (ELF)"},
};

/* A page, which may begin with a byte order mark and white space. */
static const char *text_is(const char *text)
{
	text += str_bom_size(text, strlen(text));
	text += strspn(text, " \t\r\n");
	if (strncasecmp(text, "<!doctype html", 14) == 0 ||
		strncasecmp(text, "<html", 5) == 0)
		return "a page of HTML";
	return str_starts(text, "<?xml") ? "a text of XML" : NULL;
}

static bool begins(const char begin[BEGIN_SIZE], const char *with)
{
	return memcmp(begin, with, strlen(with)) == 0;
}

int download_archive_option(
	const char *path, int archive, const char **ret, struct err *err)
{
	char begin[BEGIN_SIZE + 1] = {0};
	const char *is = NULL;

	if (pread(archive, begin, BEGIN_SIZE, 0) < 0)
		return err_sys(err, "read the archive of '%s'", path);
	*ret = NULL;
	for (size_t i = 0; i < COMPRESSIONS; i++)
		if (begins(begin, compressions[i].begins))
			*ret = compressions[i].option;
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		if (begins(begin, others[i].begins))
			is = others[i].is;
	if (!is)
		is = text_is(begin);
	return is
		? err_fail(err, "unpack '%s': what was fetched is %s, not one of tar(1)",
			  path, is)
		: 0;
}

/* ---- the programs ---- */

/* Is the program found? Returns 0 if so, or that is not known yet, or -1. */
static int look_up(const char *program, struct ctx *ctx, struct err *err)
{
	struct list argv = {0};
	const struct helper helper = {.argv = &argv};

	list_add(&argv, ctx->arena, program, strlen(program));
	return helper_find(&helper, NULL, ctx, err);
}

/* The program for a name that ends as this one, or NULL. */
static const char *program_of(const char *name)
{
	for (size_t i = 0; i < COMPRESSIONS; i++)
		if (str_ends(name, compressions[i].endings[0]) ||
			str_ends(name, compressions[i].endings[1]))
			return compressions[i].program;
	return NULL;
}

int download_archive_look_up(const struct step *step, struct ctx *ctx, struct err *err)
{
	const struct download_conf *conf = step->conf;
	const char *program;
	struct url url;
	DECLARE_ERR(ignored); /* the URL was judged, and tar(1) may not need it */

	if (look_up("tar", ctx, err) < 0)
		return err_prefix(err, "unpack '%s'", conf->path);
	if (url_parse(conf->url.items[0], ctx->arena, &url, &ignored) < 0)
		return 0;
	program = program_of(url.name);
	if (program && look_up(program, ctx, &ignored) < 0)
		log_warn(ctx->log,
			"[%s] tar(1) may need the program '%s' to unpack %s, and it is "
			"not found",
			step->id, program, url.name);
	return 0;
}
