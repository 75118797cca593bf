/* SPDX-License-Identifier: MIT */
/* The names of variables, and the keys that they stand for. */
#include "../unit.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "conf/env_key.h"
#include "conf/words.h"

/* "section|key", "-" for no key, or the error; valid until the next call. */
static const char *found(const char *lines, const char *name)
{
	static struct buf got = BUF_INIT;
	static struct err err;
	struct arena arena = {0};
	struct list list = {0};
	struct env_key key = {0};
	int rc = 0;

	err_init(&err);
	buf_truncate(&got, 0);
	words_split(lines, "\n", &arena, &list);
	for (size_t i = 0; rc == 0 && i < list.count; i++)
		rc = env_key_check(list.items[i], &err);
	if (rc == 0 && env_key_find(&list, name, &arena, &key))
		buf_printf(&got, "%s|%s", key.section, key.key);
	else
		buf_puts(&got, rc < 0 ? err.text : "-");
	arena_release(&arena);
	return got.data;
}

#define FOUND(lines, name, expected) assert_string_equal(found(lines, name), expected)

static void section_and_key_are_separated(void **state)
{
	static const char gitea[] = "GITEA__{section}__{key} hex";

	(void)state;
	FOUND(gitea, "GITEA__server__HTTP_PORT", "server|HTTP_PORT");
	FOUND(gitea, "GITEA__a_b__c__d", "a_b|c__d");
	FOUND(gitea, "GITEA____APP_NAME", "|APP_NAME");
	FOUND(gitea, "GITEA__log_0X2E_file__LEVEL", "log.file|LEVEL");
	FOUND(gitea, "GITEA__a_0x2E___KEY", "a.|KEY");
	FOUND(gitea, "GITEA__a___0X2E_b", "a|.b");
	FOUND(gitea, "GITEA__a__b_0X1001_c",
		"a|b\x10\x01"
		"c");
	FOUND(gitea, "GITEA__a__b_0X2e2D_c", "a|b.-c");
	FOUND(gitea, "GITEA__a__b_0X00_c_0X2_0XZZ_", "a|b_0X00_c_0X2_0XZZ_");
	FOUND(gitea, "GITEA__server", "-");
	FOUND(gitea, "GITEA__server__", "-");
	FOUND(gitea, "GITEA____", "-");
	FOUND(gitea, "GITEA__", "-");
	FOUND(gitea, "XGITEA__a__b", "-");
	FOUND("A__{section}__{key}", "A__x_0X2E_y__k", "x_0X2E_y|k");
	FOUND("A_{key}_B", "A_x_B", "|x");
	FOUND("A_{key}_B", "A_B", "-");
	FOUND("A_{key}_B", "A__B", "-");
	FOUND("A_{key}_B", "A_x_C", "-");
}

static void names_are_rewritten(void **state)
{
	static const char kafka[] = "KAFKA_{key} lower ___=- __=_ _=.\n!KAFKA_OPTS "
				    "!KAFKA_HEAP_*";

	(void)state;
	FOUND(kafka, "KAFKA_LOG_DIRS", "|log.dirs");
	FOUND(kafka, "KAFKA_A__B___C____D", "|a_b-c-.d");
	FOUND(kafka, "KAFKA_OPTS", "-");
	FOUND(kafka, "KAFKA_HEAP_SIZE", "-");
	FOUND(kafka, "KAFKA_", "-");
	FOUND("P_{key} lower hex _=", "P_A_0X5F__B", "|a_b");
	/* What a word puts in is not changed again. */
	FOUND("P_{key} lower A=_X _=.", "P_AB_C", "|_Xb.c");
	FOUND("P_{section}__{key} lower _=-", "P_A_B__C_D", "a-b|c-d");
}

static void the_first_line_that_fits_counts(void **state)
{
	static const char lines[] = "GF_AUTH_{key} lower [auth.google]\n"
				    "GF_DEFAULT_{key}\n"
				    "GF_{section}_{key} lower";

	(void)state;
	FOUND(lines, "GF_AUTH_CLIENT_ID", "auth.google|client_id");
	FOUND(lines, "GF_DEFAULT_MODE", "|MODE");
	FOUND(lines, "GF_SMTP_HOST_NAME", "smtp|host_name");
	FOUND(lines, "GF_SMTP", "-");
}

static void a_line_that_says_nothing_is_an_error(void **state)
{
	(void)state;
	FOUND("KAFKA_", "",
		"'KAFKA_' has no {key}, behind {section} where there is one: write "
		"KAFKA_{key} or GITEA__{section}__{key}");
	FOUND("{key}", "",
		"'{key}' would take every variable: write what their names begin with");
	FOUND("A_{section}{key}", "",
		"'A_{section}{key}': nothing separates {section} from {key}");
	FOUND("A_{key}_{section}", "",
		"'A_{key}_{section}' has no {key}, behind {section} where there is one: "
		"write KAFKA_{key} or GITEA__{section}__{key}");
	FOUND("A_{key}{key}", "",
		"'A_{key}{key}': around {key}, and {section} in front of it, there are "
		"letters, digits and _ alone");
	FOUND("A_{key} Lower", "",
		"'Lower' is none of hex, lower, FROM=TO, [SECTION]; did you mean "
		"'lower'?");
	FOUND("A_{key} =x", "", "'=x' is none of hex, lower, FROM=TO, [SECTION]");
	FOUND("A_{section}_{key} [a]", "", "'[a]': there is a {section} already");
	FOUND("A_{key} [a] [b]", "", "'[b]': there is a section already, [a]");
	FOUND("!A B", "", "'B' is no name or glob with a '!' in front");
	FOUND("!", "", "'!' is no name or glob with a '!' in front");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(section_and_key_are_separated),
		cmocka_unit_test(names_are_rewritten),
		cmocka_unit_test(the_first_line_that_fits_counts),
		cmocka_unit_test(a_line_that_says_nothing_is_an_error),
	};

	return cmocka_run_group_tests_name("conf/env_key", tests, NULL, NULL);
}
