/* SPDX-License-Identifier: MIT */
/* A new kind with a value() in the list of kinds: ${its-name:…} works with no more. */
#include "../ground.h"

#include "step/kinds.h"

struct stamp_conf {
	const char *text;
};

static const struct field fields[] = {
	{"text", FIELD_STRING, offsetof(struct stamp_conf, text), .help = "its value"},
	{0},
};

static int check(
	const struct step *step, struct ctx *ctx, struct buf *why, struct err *err)
{
	(void)step;
	(void)ctx;
	(void)why;
	(void)err;
	return IN_PLACE;
}

static int apply(
	const struct step *step, struct ctx *ctx, struct buf *did, struct err *err)
{
	return check(step, ctx, did, err);
}

static int value(
	const struct step *step, struct ctx *ctx, struct buf *ret, struct err *err)
{
	const struct stamp_conf *conf = step->conf;

	(void)ctx;
	(void)err;
	buf_puts(ret, conf->text);
	return *conf->text ? 0 : 1;
}

static const struct kind stamp = {
	.name = "stamp",
	.summary = "nothing; it has a value",
	.order = 20,
	.size = sizeof(struct stamp_conf),
	.fields = fields,
	.check = check,
	.apply = apply,
	.value = value,
};

extern const struct kind kind_link, kind_file;

/* In place of the list in kinds.c, which is then not linked. */
const struct kind *const kinds[] = {&stamp, &kind_link, &kind_file, NULL};

static void a_value_is_enough(void **state)
{
	(void)state;
	ground_load("[stamp:s]\ntext = of wax\n[stamp:empty]\n"
		    "[link:a]\norder = 0\npath = a\ntarget = ${stamp:s}\n"
		    "[link:b]\npath = b\ntarget = ${stamp:empty:-none}\n"
		    "[file:c]\npath = c\ncontent = ${stamp:s} ${stamp:empty:-none}\n"
		    "[file:d]\npath = d\nvars = A\ncontent = ${stamp:s} ${stump:s}\n",
		NULL);
	/* It is a requirement, as any other. */
	assert_string_equal(ground.bootstrap.plan.order[0]->step->id, "stamp:empty");
	assert_string_equal(ground.bootstrap.plan.order[1]->step->id, "link:b");
	assert_int_equal(ground.bootstrap.plan.nodes[2].requires_count, 1);
	finds("link:a", TO_DO, "to 'of wax'");
	finds("link:b", TO_DO, "to 'none'");
	does("file:c", 1, "");
	text_is("base/c", "of wax none\n");
	mode_is("base/c", 0600); /* every value is a secret */
	does("file:d", 1, "");
	text_is("base/d", "of wax ${stump:s}\n");
}

static void other_words_are_errors_that_suggest_it(void **state)
{
	(void)state;
	assert_int_equal(ground_read("[stamp:s]\n[link:a]\npath = ${stmp:s}\n"
				     "target = ${stamp:none}\n[file:b]\npath = b\n"
				     "content =\n  x\n  ${key:k}\n[app]\n"
				     "workdir = ${link:a}\n",
				 NULL, NULL),
		0);
	says(ground_problems(), "3:8: [link:a] path: '${stmp:s}' is none of ");
	says(ground_problems(),
		"${text:/path}, ${stamp:name}; did you mean '${stamp:…}'?");
	says(ground_problems(), "4:10: [link:a] target: there is no step 'stamp:none'");
	says(ground_problems(), "9:3: [file:b] content: '${key:k}' is none of ");
	says(ground_problems(), "11: [app] workdir: '${link:a}' is none of ");
	assert_int_equal(ground.bootstrap.problems.count, 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		GROUND(a_value_is_enough),
		GROUND(other_words_are_errors_that_suggest_it),
	};

	return cmocka_run_group_tests_name("step/word", tests, NULL, NULL);
}
