/* SPDX-License-Identifier: MIT */
/* Pages: one text in each format. */
#include "../unit.h"

#include "base/buf.h"
#include "cli/page.h"

#define TEN   "nine—long " /* nine characters, eleven bytes, and a space */
#define FORTY TEN TEN TEN TEN

static struct page page;
static struct buf text;

static void begin(const struct page_format *format)
{
	static const struct page_title title = {"manual", 5, "[name]", "what it is"};

	buf_release(&text);
	text = (struct buf)BUF_INIT;
	page_begin(&page, format, &text, &title);
}

static void ends_as(const char *expected)
{
	page_end(&page);
	assert_string_equal(text.data, expected);
	buf_release(&text);
	text = (struct buf)BUF_INIT;
}

static void text_is_80_characters_wide(void **state)
{
	(void)state;
	begin(&page_text_format);
	page_text(&page, FORTY TEN TEN TEN "nine—long9 " TEN);
	page_item(&page, "`term`", FORTY TEN TEN TEN "nine");
	page_item(&page, "1.", "short");
	ends_as("[name]: what it is\n"
		"\n" FORTY TEN TEN TEN "nine—long9\n"
		"nine—long\n"
		"\n"
		"  term\n"
		"      " FORTY TEN TEN TEN "nine\n"
		"  1.  short\n");
	begin(&page_text_format);
	page_text(&page, FORTY TEN TEN TEN "nine—long99 " TEN);
	ends_as("[name]: what it is\n"
		"\n" FORTY TEN TEN "nine—long\n"
		"nine—long99 nine—long\n");
}

static void columns_hold_one_list(void **state)
{
	(void)state;
	begin(&page_text_format);
	page_heading(&page, 1, "Both — lists");
	page_columns(&page, 6);
	page_item(&page, "`a`", FORTY TEN TEN TEN "next");
	page_item(&page, "longer-than-that", "text");
	page_heading(&page, 2, "Next");
	page_item(&page, "`a`", "text");
	page_code(&page, "  as\n\nit is");
	ends_as("[name]: what it is\n"
		"\n"
		"BOTH — LISTS\n"
		"  a       " FORTY TEN TEN "nine—long\n"
		"          next\n"
		"  longer-than-that\n"
		"          text\n"
		"\n"
		"Next:\n"
		"  a   text\n"
		"\n"
		"      as\n"
		"\n"
		"    it is\n");
}

static void markdown_keeps_code_and_hides_markup(void **state)
{
	(void)state;
	begin(&page_markdown_format);
	page_heading(&page, 1, "Keys");
	page_text(&page, "a_b *c* `d_e[f]` <g>");
	page_item(&page, "`k` (list)", "text");
	page_item(&page, "1.", "first");
	page_code(&page, "<as_is>\n");
	ends_as("# \\[name]\n\nwhat it is\n"
		"\n## Keys\n"
		"\na\\_b \\*c\\* `d_e[f]` \\<g>\n"
		"\n- `k` (list): text\n1. first\n"
		"\n```\n<as_is>\n```\n");
}

static void mdoc_hides_requests(void **state)
{
	const char *body;

	(void)state;
	begin(&page_mdoc_format);
	page_heading(&page, 1, "Exit codes");
	page_text(&page, "One `-x 'y'`. Two \\n \"q\"");
	page_text(&page, "'three");
	page_item(&page, "`k` No", ".text");
	page_code(&page, ".as\nit-is");
	page_end(&page);
	body = strstr(text.data, ".Sh EXIT");
	assert_non_null(body);
	assert_string_equal(body,
		".Sh EXIT CODES\n"
		"One \\fB\\-x \\(aqy\\(aq\\fR.\n"
		"Two \\en \\(dqq\\(dq\n"
		".Pp\n\\&'three\n"
		".Bl -tag -width 4n\n"
		".It \\&\\fBk\\fR \\&No\n"
		"\\&.text\n"
		".El\n"
		".Bd -literal -offset indent\n"
		"\\&.as\n"
		"it\\-is\n"
		".Ed\n");
	buf_release(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_is_80_characters_wide),
		cmocka_unit_test(columns_hold_one_list),
		cmocka_unit_test(markdown_keeps_code_and_hides_markup),
		cmocka_unit_test(mdoc_hides_requests),
	};

	return cmocka_run_group_tests_name("cli/page", tests, NULL, NULL);
}
