/* SPDX-License-Identifier: MIT */
/* What all steps share: keys, values that they hand on, where errors are. */
#include "../ground.h"

static void has_defaults_of_its_kind(void **state)
{
	(void)state;
	ground_load("[directory:a]\npath = a\n[link:b]\npath = b\ntarget = x\norder = 3\n"
		    "enabled = no\n[defaults:key]\norder = 7\n[key:c]\npath = c\n",
		NULL);
	assert_int_equal(ground_step("directory:a")->keys.order, 5);
	assert_true(ground_step("directory:a")->keys.enabled);
	assert_int_equal(ground_step("link:b")->keys.order, 3);
	assert_false(ground_step("link:b")->keys.enabled);
	assert_int_equal(ground_step("key:c")->keys.order, 7);
	finds("directory:a", TO_DO, "create");
	assert_int_equal(ground_step("directory:a")->keys.timeout_ms, -1);
	assert_true(ground_step("directory:a")->keys.critical);
	assert_int_equal(step_locate(ground_step("link:b"), &ground.err), -1);
	says(shown(&ground.err), "x.ini:3: [link:b]: ");
}

/* What the target of a link is expanded to. */
static void expands_to(const char *target, const char *expected)
{
	static char *const env[] = {"NAME=value", NULL};
	CLEANUP_BUF struct buf ini = BUF_INIT;
	CLEANUP_BUF struct buf says_so = BUF_INIT;

	buf_printf(&ini,
		"[link:a]\npath = a\ntarget = %s\n[key:k]\npath = k\n[key:raw]\n"
		"path = raw\nencoding = raw\n",
		target);
	ground_load(ini.data, env);
	buf_printf(&says_so, "to '%s'", expected);
	finds("link:a", TO_DO, says_so.data);
}

static void values_are_expanded(void **state)
{
	static const char hex[] =
		"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
	CLEANUP_BUF struct buf text = BUF_INIT;

	(void)state;
	put("file", "from a file\n");
	put("crlf", "a\r\n");
	put("cr", "a\r");
	put("two", "a\n\n");
	put("base/k", hex);
	put("base/raw", "anything");
	buf_printf(&text, "value-%s", ground.base);
	expands_to("${NAME}-${GROUNDWORK_BASE}", text.data);
	buf_truncate(&text, 0);
	expands_to("${key:k}", hex);
	buf_printf(&text, "${file:%s}.", in("file"));
	expands_to(text.data, "from a file.");
	assert_int_equal(ground.bootstrap.secrets.count, 1);
	buf_truncate(&text, 0);
	buf_printf(&text, "${file:%s}.${file:%s}.", in("crlf"), in("two"));
	expands_to(text.data, "a.a\n.");
	buf_truncate(&text, 0);
	buf_printf(&text, "${file:%s}.", in("cr"));
	expands_to(text.data, "a\r.");
	buf_truncate(&text, 0);
	buf_printf(&text, "${file:%s:-none}", in("gone"));
	expands_to(text.data, "none");
}

static void values_that_are_not_there_are_errors(void **state)
{
	static const struct {
		const char *target, *text;
	} cases[] = {
		{"${GONE}", "[link:a] target:"},
		{"${key:missing}", "missing"},
		{"${key:raw}", "a raw key can hold any byte"},
	};

	(void)state;
	put("base/raw", "0123456789abcdef0123456789abcdef");
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		CLEANUP_BUF struct buf ini = BUF_INIT;

		buf_printf(&ini,
			"[link:a]\npath = a\ntarget = %s\n[key:missing]\npath = k\n"
			"[key:raw]\npath = raw\nencoding = raw\n",
			cases[i].target);
		ground_load(ini.data, NULL);
		finds("link:a", -1, cases[i].text);
	}
}

static void a_key_step_exports(void **state)
{
	static char *const env[] = {"WHICH=NAME", NULL};
	CLEANUP_BUF struct buf value = BUF_INIT;
	const char *name = "";
	struct ctx *ctx = &ground.bootstrap.ctx;

	(void)state;
	ground_load("[key:a]\npath = a\nenv = MY_${WHICH}\n[key:b]\npath = b\n[link:c]\n"
		    "path = c\ntarget = c\n",
		env);
	assert_int_equal(
		step_export(ground_step("link:c"), ctx, &name, &value, &ground.err), 1);
	assert_int_equal(
		step_export(ground_step("key:b"), ctx, &name, &value, &ground.err), 1);
	assert_int_equal(
		step_export(ground_step("key:a"), ctx, &name, &value, &ground.err), 1);
	assert_string_equal(name, "MY_NAME");
	does("key:a", 1, "made the key");
	assert_int_equal(
		step_export(ground_step("key:a"), ctx, &name, &value, &ground.err), 0);
	assert_int_equal(value.len, 64);
	text_is("base/a", value.data);
}

/* They are counted by hand in step.c. */
static void late_fields_begin_behind_when(void **state)
{
	(void)state;
	assert_string_equal(step_late_fields[-1].name, step_when_field->name);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(late_fields_begin_behind_when),
		GROUND(has_defaults_of_its_kind),
		GROUND(values_are_expanded),
		GROUND(values_that_are_not_there_are_errors),
		GROUND(a_key_step_exports),
	};

	return cmocka_run_group_tests_name("step/step", tests, NULL, NULL);
}
