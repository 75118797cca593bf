/* SPDX-License-Identifier: MIT */
/* What a command has to say: the lines of its GROUNDWORK_RESULT. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/secrets.h"
#include "base/str.h"
#include "step/exports.h"
#include "step/helper.h"
#include "step/step.h"

#define RESULT_FILE_MAX ((size_t)256 * 1024)
#define VALUE_MAX       ((size_t)64 * 1024) /* execve(2) takes at most twice that */

struct lines {
	const struct list *exports; /* NULL: nothing can be set */
	const char *id;
	struct ctx *ctx;
	struct helper_result *ret;
	size_t number; /* of the line that is taken */
	bool secret;   /* one before it sets a secret */
};

/* Takes one line. Returns 0, or -1. */
typedef int take_line(struct lines *lines, char *line, struct err *err);

/* ---- what it sets ---- */

/* Is it "env NAME=VALUE" or "secret NAME=VALUE"? Then `ret` is at the name. */
static bool sets(char *line, char **ret, bool *ret_secret)
{
	static const char *const words[] = {"env ", "secret "};

	for (size_t i = 0; i < 2; i++)
		if (str_starts(line, words[i])) {
			*ret = line + strlen(words[i]);
			*ret_secret = i == 1;
			return true;
		}
	return false;
}

static bool is_word(const char *line)
{
	return !*line || str_equal(line, "status=skipped") ||
		str_starts(line, "message=");
}

/* A secret is one before anything is said of any line. */
static int check_export(struct lines *lines, char *line, struct err *err)
{
	char *name, *value;
	bool secret;

	if (!lines->exports)
		return 0;
	if (!sets(line, &name, &secret))
		return is_word(line) || !lines->secret
			? 0
			: err_fail(err,
				  "line %zu of GROUNDWORK_RESULT, behind one that sets a "
				  "secret, is none of its own: a value has one line; "
				  "write more to a file, or encode them",
				  lines->number);
	lines->secret |= secret;
	value = strchr(name, '=');
	if (!value)
		return err_fail(err,
			"it wrote '%s …' without a NAME=value to GROUNDWORK_RESULT",
			secret ? "secret" : "env");
	name = arena_memdup(lines->ctx->arena, name, (size_t)(value - name));
	if (secret)
		secrets_add(lines->ctx->secrets, value + 1);
	if (!list_has(lines->exports, name))
		return err_fail(err,
			"it set %s in GROUNDWORK_RESULT, which is not among the names of "
			"`export`",
			str_is_name(name, strlen(name)) ? name : "what is no name");
	if (strlen(value + 1) > VALUE_MAX)
		return err_fail(err,
			"the value of %s in GROUNDWORK_RESULT is longer than 64 KiB",
			name);
	return 0;
}

static int take_export(struct lines *lines, char *line, struct err *err)
{
	char *name, *value;
	bool secret;

	(void)err;
	if (!sets(line, &name, &secret))
		return 0;
	value = strchr(name, '=');
	*value = '\0';
	exports_set(lines->ctx, name, value + 1, secret);
	return 0;
}

/* ---- what it says ---- */

static int take_word(struct lines *lines, char *line, struct err *err)
{
	struct helper_result *ret = lines->ret;
	char *name;
	bool secret;

	(void)err;
	if (str_equal(line, "status=skipped"))
		ret->skipped = true;
	else if (str_starts(line, "message=")) {
		buf_truncate(&ret->message, 0);
		buf_puts(&ret->message, line + strlen("message="));
	} else if (*line && !(lines->exports && sets(line, &name, &secret)))
		/* No word of it: it may be the rest of a secret. */
		log_warn(lines->ctx->log,
			"%s: line %zu of GROUNDWORK_RESULT is neither status=skipped nor "
			"message=TEXT%s, and is passed over",
			lines->id, lines->number,
			lines->exports ? ", nor one that sets a variable" : "");
	return 0;
}

/* ---- all of it ---- */

static int each(struct lines *lines, const char *text, take_line *take, struct err *err)
{
	for (lines->number = 1; *text; lines->number++) {
		size_t size = strcspn(text, "\n");
		CLEANUP_BUF struct buf line = BUF_INIT;

		buf_add(&line, text, size);
		if (take(lines, line.data, err) < 0)
			return -1;
		text += size + (text[size] == '\n');
	}
	return 0;
}

int helper_result_read(int fd, const struct list *exports, const char *id,
	struct ctx *ctx, struct helper_result *ret, struct err *err)
{
	struct lines lines = {.exports = exports, .id = id, .ctx = ctx, .ret = ret};
	CLEANUP_BUF struct buf text = BUF_INIT;
	CLEANUP_BUF struct buf shown = BUF_INIT;

	if (lseek(fd, 0, SEEK_SET) < 0 || fd_read_all(fd, RESULT_FILE_MAX, &text) < 0) {
		if (errno != EFBIG)
			return err_sys(err, "read the result file");
		return err_fail(err,
			"it wrote more than %zu KiB to GROUNDWORK_RESULT, which is for "
			"a few lines; write data to a file",
			RESULT_FILE_MAX / 1024);
	}
	if (memchr(text.data, '\0', text.len))
		return err_fail(err, "it wrote a NUL byte to GROUNDWORK_RESULT");
	if (each(&lines, text.data, check_export, err) < 0)
		return -1;
	/* Redacted before it is cut to lines: a secret may have many. */
	buf_add(&shown, text.data, text.len);
	secrets_redact(ctx->secrets, &shown, 0);
	if (each(&lines, shown.data, take_word, err) < 0)
		return -1;
	return exports && ret->status == 0 ? each(&lines, text.data, take_export, err)
					   : 0;
}
