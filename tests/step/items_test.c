/* SPDX-License-Identifier: MIT */
/* The items of a step: what they come to, and what is said of them. */
#include "../unit.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/stop.h"
#include "step/items.h"
#include "step/step.h"

static struct stop stop;

/* What was found is a text with a character for each item. */
static int begin(const struct step *step, struct ctx *ctx, void *work, size_t *ret_count,
	struct err *err)
{
	const char **results = work;

	(void)step;
	if (!ctx->found)
		return err_fail(err, "no item");
	*results = ctx->found;
	*ret_count = strlen(*results);
	return 0;
}

/*
 * Returns what the item's character says, and names it unless that is '0'; 's': 0; 'n':
 * there is nothing to count. After a 'd' the deadline has passed.
 */
static int item(void *work, size_t i, struct buf *text, struct err *err)
{
	const char *results = *(const char **)work;

	if (results[i] == '-')
		return err_fail(err, "item %zu failed", i);
	if (results[i] == 'n')
		return ITEM_NONE;
	if (results[i] == 'd') {
		stop.deadline_ms = 1;
		return 0;
	}
	if (results[i] != '0')
		buf_printf(text, "item %zu", i);
	return results[i] == 's' ? 0 : results[i] - '0';
}

static void comes_to(int (*how)(const struct step *step, struct ctx *ctx,
			     struct buf *text, struct err *err),
	char *results, int expected, const char *text)
{
	static const struct items items = {
		.singular = "thing",
		.plural = "things",
		.size = sizeof(char *),
		.begin = begin,
		.check = item,
		.apply = item,
	};
	static const struct kind kind = {.items = &items};
	const struct step step = {.kind = &kind};
	struct arena arena = {0};
	struct ctx ctx = {.found = results, .arena = &arena, .stop = &stop};
	CLEANUP_BUF struct buf said = BUF_INIT;
	DECLARE_ERR(err);

	stop = (struct stop)STOP_INIT;
	assert_int_equal(how(&step, &ctx, &said, &err), expected);
	assert_string_equal(expected < 0 ? err.text : said.data, text);
	arena_release(&arena);
}

static void what_is_to_do_decides(void **state)
{
	char none[] = "", in_place[] = "0", both[] = "00", unknown[] = "020",
	     to_do[] = "0212", fails[] = "1-1";

	(void)state;
	comes_to(items_check, none, IN_PLACE, "0 things in place");
	comes_to(items_check, in_place, IN_PLACE, "1 thing in place");
	comes_to(items_check, both, IN_PLACE, "2 things in place");
	comes_to(items_check, unknown, UNKNOWABLE, "item 1");
	comes_to(items_check, to_do, TO_DO, "item 1; item 2; item 3");
	comes_to(items_check, fails, -1, "item 1 failed");
	comes_to(items_check, NULL, -1, "no item");
}

static void any_change_is_a_change(void **state)
{
	char none[] = "", same[] = "00", said[] = "0s", changed[] = "101",
	     fails[] = "1-1";

	(void)state;
	comes_to(items_apply, none, 0, "already there");
	comes_to(items_apply, said, 0, "item 1");
	comes_to(items_apply, same, 0, "already there");
	comes_to(items_apply, changed, 1, "item 0; item 2");
	comes_to(items_apply, fails, -1, "item 1 failed");
	comes_to(items_apply, NULL, -1, "no item");
}

static void nothing_is_not_counted(void **state)
{
	char one[] = "n0n", to_do[] = "1n";

	(void)state;
	comes_to(items_check, one, IN_PLACE, "1 thing in place");
	comes_to(items_check, to_do, TO_DO, "item 0");
}

static void a_stop_ends_it_between_two(void **state)
{
	char between[] = "0d-", last[] = "0d";

	(void)state;
	comes_to(items_check, between, -1, "the deadline has passed");
	comes_to(items_apply, between, -1, "the deadline has passed");
	comes_to(items_apply, last, 0, "already there");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_to_do_decides),
		cmocka_unit_test(any_change_is_a_change),
		cmocka_unit_test(nothing_is_not_counted),
		cmocka_unit_test(a_stop_ends_it_between_two),
	};

	return cmocka_run_group_tests_name("step/items", tests, NULL, NULL);
}
