/* SPDX-License-Identifier: MIT */
/* The record of a step: what is kept, and what is none. */
#include "state.h"

static struct arena arena;

static struct record begin(struct state *s, const char *id)
{
	struct record record;
	DECLARE_ERR(err);

	if (record_read(&record, s, id, &arena, &err) < 0)
		fail_msg("%s", err.text);
	return record;
}

static void end(struct record *record, struct state *s)
{
	DECLARE_ERR(err);

	if (record_write(record, s, &err) < 0)
		fail_msg("%s", err.text);
}

static void is(const struct record *record, const char *key, const char *value)
{
	const char *now = record_get(record, key);

	if (!value)
		assert_null(now);
	else
		assert_string_equal(now ? now : "(none)", value);
}

static void keeps_what_was_set(void **state)
{
	struct state s = at("state");
	struct record record = begin(&s, "exec:init");

	(void)state;
	is(&record, "once", NULL);
	record_set(&record, "once", "2026");
	record_set(&record, "file /a=b\n%", "x=%41\t\x7f");
	record_set(&record, "", "");
	record_set(&record, "gone", "x");
	record_set(&record, "gone", NULL);
	end(&record, &s);
	record = begin(&s, "exec:init");
	assert_int_equal(record.count, 3);
	is(&record, "once", "2026");
	is(&record, "file /a=b\n%", "x=%41\t\x7f");
	is(&record, "", "");
	is(&record, "gone", NULL);
	record = begin(&s, "exec:other");
	assert_int_equal(record.count, 0);
	state_release(&s);
}

static void many_keys_stay_sorted(void **state)
{
	struct state s = at("state");
	struct record record = begin(&s, "file:x");
	char key[16];

	(void)state;
	for (int i = 0; i < 1000; i++) {
		(void)snprintf(key, sizeof key, "%d", i * 7919 % 1000);
		record_set(&record, key, key);
	}
	for (int i = 0; i < 1000; i += 2) {
		(void)snprintf(key, sizeof key, "%d", i);
		record_set(&record, key, NULL);
	}
	end(&record, &s);
	record = begin(&s, "file:x");
	assert_int_equal(record.count, 500);
	is(&record, "500", NULL);
	is(&record, "501", "501");
	state_release(&s);
}

static void what_has_not_changed_is_not_written(void **state)
{
	struct state s = at("state");
	struct record record = begin(&s, "file:x");
	struct stat before;

	(void)state;
	end(&record, &s);
	assert_false(exists("state"));
	record_set(&record, "a", "1");
	end(&record, &s);
	before = stat_of("state/file.x.record");
	record = begin(&s, "file:x");
	record_set(&record, "a", "1");
	record_set(&record, "b", NULL);
	end(&record, &s);
	assert_int_equal(stat_of("state/file.x.record").st_ino, before.st_ino);
	state_release(&s);
}

static void names_are_safe(void **state)
{
	struct state s = at("state");
	struct record record = begin(&s, "../..");

	(void)state;
	record_set(&record, "a", "1");
	end(&record, &s);
	assert_true(exists("state/%2E.%2F...record"));
	record = begin(&s, "exec:orders/a b");
	record_set(&record, "a", "1");
	end(&record, &s);
	assert_true(exists("state/exec.orders%2Fa%20b.record"));
	state_release(&s);
}

static void fails(struct state *s, const char *id, const char *says)
{
	struct record record;
	DECLARE_ERR(err);

	assert_int_equal(record_read(&record, s, id, &arena, &err), -1);
	if (!strstr(err.text, says))
		fail_msg("'%s' does not say '%s'", err.text, says);
}

/* Each byte that is changed, and each cut, is found. */
static void damage_is_an_error(void **state)
{
	struct state s = at("state");
	struct record record = begin(&s, "exec:init");
	char text[300], other[300];
	size_t size;
	FILE *file;

	(void)state;
	record_set(&record, "once", "x");
	end(&record, &s);
	file = fopen(in("state/exec.init.record"), "re");
	assert_non_null(file);
	size = fread(text, 1, sizeof text, file);
	assert_int_equal(fclose(file), 0);
	for (size_t i = 0; i < size; i++) {
		memcpy(other, text, size);
		other[i] ^= 1;
		put_bytes("state/exec.init.record", other, size);
		fails(&s, "exec:init", "is damaged");
		put_bytes("state/exec.init.record", text, i);
		fails(&s, "exec:init", "is damaged");
	}
	put_bytes("state/exec.other.record", text, size);
	fails(&s, "exec:other", "is of another step");
	state_release(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(keeps_what_was_set),
		UNIT(many_keys_stay_sorted),
		UNIT(what_has_not_changed_is_not_written),
		UNIT(names_are_safe),
		UNIT(damage_is_an_error),
	};
	int failed = cmocka_run_group_tests_name("state/record", tests, NULL, NULL);

	arena_release(&arena);
	return failed;
}
