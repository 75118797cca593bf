/* SPDX-License-Identifier: MIT */
/* The kind `assert`: what must be so, or the application does not start. */
#include "base/err.h"
#include "step/step.h"
#include "step/when.h"

struct assert_conf {
	struct conditions that;
	const char *message;
};

static const struct field fields[] = {
	{"that", FIELD_CONDITIONS, offsetof(struct assert_conf, that), .required = true,
		.check = when_check, .conditions = when_conditions,
		.help = "conditions that must hold, as those of `when`",
		.example = "env:DATABASE_URL !env:DEBUG"},
	{"message", FIELD_STRING, offsetof(struct assert_conf, message), .prose = true,
		.help = "what to do where they do not",
		.example = "set DATABASE_URL, and unset DEBUG"},
	{0},
};

static int raise(const struct assert_conf *conf, const struct buf *why, struct err *err)
{
	return *conf->message ? err_fail(err, "%s (%s)", conf->message, why->data)
			      : err_fail(err, "%s", why->data);
}

/* What the environment and the command alone decide is decided before the first step. */
static void prepare(struct step *step, struct ctx *ctx, struct problems *problems)
{
	const struct assert_conf *conf = step->conf;
	CLEANUP_BUF struct buf why = BUF_INIT;
	DECLARE_ERR(err);

	/* `check` is for any environment. */
	if (ctx->tolerant)
		return;
	if (when_decide(&conf->that, ctx, &why, &err) == CONDITION_NO)
		(void)raise(conf, &why, &err); /* always -1 */
	if (!err.kind)
		return;
	(void)step_locate_key(step, "that", &err); /* always -1 */
	problems_add_err(problems, &err);
}

static int check(
	const struct step *step, struct ctx *ctx, struct buf *why, struct err *err)
{
	const struct assert_conf *conf = step->conf;
	CLEANUP_BUF struct buf reason = BUF_INIT;
	int answer = when_holds(&conf->that, ctx, &reason, err);

	if (answer < 0)
		return step_locate_key(step, "that", err);
	if (answer == CONDITION_NO)
		return raise(conf, &reason, err);
	if (answer == CONDITION_UNKNOWN) {
		buf_puts(why, reason.data);
		return UNKNOWABLE;
	}
	buf_puts(why, "it holds");
	return IN_PLACE;
}

static int apply(
	const struct step *step, struct ctx *ctx, struct buf *did, struct err *err)
{
	return check(step, ctx, did, err);
}

static const char *remembers(const void *conf)
{
	const struct assert_conf *assert = conf;

	return when_asks_first_run(&assert->that) ? "that" : NULL;
}

const struct kind kind_assert = {
	.name = "assert",
	.elsewhere = "require check precondition",
	.summary = "nothing: says what must be so",
	.example = "[assert:no-debug]\n"
		   "that = !env:DEBUG\n"
		   "message = unset DEBUG, which shows secrets in the log\n",
	.order = 1,
	.size = sizeof(struct assert_conf),
	.fields = fields,
	.prepare = prepare,
	.check = check,
	.apply = apply,
	.remembers = remembers,
};
