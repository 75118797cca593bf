/* SPDX-License-Identifier: MIT */
/* Keys: what is taken for one, what never is, and when none is made. */
#include "../ground.h"

#include "base/crypto.h"
#include "base/secrets.h"
#include "base/str.h"
#include "step/key_find.h"

#define HEX32 "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

static void makes_a_key_once(void **state)
{
	static const struct {
		const char *keys;
		size_t size;
		const char *begins;
	} cases[] = {
		{"", 64, ""},
		{"bytes = 16\n", 32, ""},
		{"encoding = base64\nprefix = base64:\n", 51, "base64:"},
		{"encoding = base64url\n", 43, ""},
		{"encoding = raw\nbytes = 4096\n", 4096, ""},
		{"type = password\nbytes = 40\nprefix = pw-\n", 43, "pw-"},
		{"type = uuid\n", 36, ""},
		{"type = ed25519\nencoding = base64url\n", 43, ""},
		{"type = x25519\nencoding = base64\n", 44, ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		CLEANUP_BUF struct buf ini = BUF_INIT;
		CLEANUP_BUF struct buf made = BUF_INIT;
		CLEANUP_BUF struct buf again = BUF_INIT;
		char path[32];

		(void)snprintf(path, sizeof path, "base/keys/%zu", i);
		buf_printf(&ini, "[key:a]\npath = keys/%zu\n%s", i, cases[i].keys);
		ground_load(ini.data, NULL);
		finds("key:a", TO_DO, "make a new key");
		assert_false(exists(path));
		does("key:a", 1, "made the ");
		assert_int_equal(fs_read(&ground.bootstrap.ctx.fs, in(path), FS_ANY, 9999,
					 &made, &ground.err),
			0);
		assert_int_equal(made.len, cases[i].size);
		assert_true(str_starts(made.data, cases[i].begins));
		mode_is(path, 0600);
		finds("key:a", IN_PLACE, "holds the ");
		does("key:a", 0, "holds the ");
		assert_int_equal(fs_read(&ground.bootstrap.ctx.fs, in(path), FS_ANY, 9999,
					 &again, &ground.err),
			0);
		assert_memory_equal(made.data, again.data, made.len);
		if (made.len < 100) /* it stands in no line */
			assert_null(strstr(ground.heard.data, made.data));
	}
}

/* Is what is known by now taken out of these bytes in that encoding? */
static void redacts(enum encoding encoding, const struct buf *bytes)
{
	CLEANUP_BUF struct buf text = BUF_INIT;

	crypto_encode(encoding, bytes->data, bytes->len, &text);
	secrets_know_forms(&ground.bootstrap.secrets);
	secrets_redact(&ground.bootstrap.secrets, &text, 0);
	assert_int_equal(strspn(text.data, "*="), text.len);
}

/* Somebody who has it may write it in another way, without its prefix, too. */
static void it_is_a_secret_in_any_encoding(void **state)
{
	(void)state;
	for (int encoding = ENCODING_HEX; encoding <= ENCODING_RAW; encoding++) {
		CLEANUP_BUF struct buf text = BUF_INIT;
		CLEANUP_BUF struct buf bytes = BUF_INIT;
		char ini[100], path[32];

		(void)snprintf(path, sizeof path, "base/k%d", encoding);
		(void)snprintf(ini, sizeof ini,
			"[key:a]\npath = k%d\nprefix = key-\nencoding = %s\n", encoding,
			key_encodings[encoding]);
		ground_load(ini, NULL);
		does("key:a", 1, "made the key");
		assert_int_equal(fs_read(&ground.bootstrap.ctx.fs, in(path), FS_ANY, 999,
					 &text, &ground.err),
			0);
		assert_true(crypto_decode(
			(enum encoding)encoding, text.data + 4, text.len - 4, &bytes));
		secrets_redact(&ground.bootstrap.secrets, &text, 0);
		assert_string_equal(text.data, "key-***");
		for (int other = ENCODING_HEX; other <= ENCODING_RAW; other++)
			redacts((enum encoding)other, &bytes);
		ground_load(ini, NULL);
		finds("key:a", IN_PLACE, "holds the key");
		for (int other = ENCODING_HEX; other <= ENCODING_RAW; other++)
			redacts((enum encoding)other, &bytes);
	}
}

static void it_is_a_secret_without_its_prefix(void **state)
{
	CLEANUP_BUF struct buf text = BUF_INIT;

	(void)state;
	put("base/k", "key-whatever it is");
	ground_load("[key:a]\npath = k\nprefix = key-\nvalidate = no\n", NULL);
	finds("key:a", IN_PLACE, "holds the key");
	buf_puts(&text, "key-whatever it is, whatever it is");
	secrets_redact(&ground.bootstrap.secrets, &text, 0);
	assert_string_equal(text.data, "key-***, ***");
}

static void takes_a_key_that_is_there_as_it_is(void **state)
{
	static const struct {
		const char *keys, *text, *wrong; /* NULL: nothing is */
	} cases[] = {
		{"", HEX32, NULL},
		{"", HEX32 "\n", NULL},
		{"", HEX32 "\r\n", NULL},
		{"", HEX32 "\n\n", "is not hex"},
		{"", HEX32 " ", "is not hex"},
		{"", "", "is empty"},
		{"", "\n", "is empty"},
		{"", HEX32 "20", "holds 33 bytes, not 32"},
		{"", "0001", "holds 2 bytes, not 32"},
		{"", "no key at all", "is not hex"},
		{"validate = no\n", "no key at all", NULL},
		{"validate = no\n", "\n", "is empty"},
		{"prefix = k_\n", "k_" HEX32, NULL},
		{"prefix = k_\n", HEX32, "does not begin with the prefix 'k_'"},
		{"encoding = base64\nbytes = 16\n", "AAECAwQFBgcICQoLDA0ODw==", NULL},
		{"encoding = base64\nbytes = 16\n", "AAECAwQFBgcICQoLDA0ODw",
			"is not base64"},
		{"encoding = base64url\nbytes = 16\n", "AAECAwQFBgcICQoLDA0ODw", NULL},
		{"encoding = raw\nbytes = 16\n", "0123456789abcde\n", NULL},
		{"encoding = raw\nbytes = 16\n", "0123456789abcdef\n", "holds 17 bytes"},
		{"type = ed25519\n", HEX32 "\n", NULL},
		{"type = x25519\n", HEX32 "00", "holds 33 bytes, not 32"},
		{"type = uuid\n", "01234567-89ab-4cde-8f01-23456789abcd\n", NULL},
		{"type = uuid\n", "01234567-89AB-7CDE-8F01-23456789ABCD", NULL},
		{"type = uuid\n", "0123456789ab4cde8f0123456789abcd", "is not a UUID"},
		{"type = uuid\n", "01234567-89ab-4cde-8f01-23456789abc", "is not a UUID"},
		{"type = uuid\n", "01234567-89ab-4cde-8f01-23456789abcg",
			"is not a UUID"},
		{"type = password\n", "", "is empty"},
		{"type = password\nbytes = 16\n", "abcdefghABCDEFGH\n", NULL},
		{"type = password\nbytes = 16\n", "abcdefghABCDEFG",
			"has 15 characters, not 16"},
		{"type = password\nbytes = 16\n", "abcdefghABCDEFG!", "not in `charset`"},
		{"type = password\nbytes = 16\ncharset = A-Za-z!\n", "abcdefghABCDEFG!",
			NULL},
		{"type = password\nvalidate = no\n", "pa", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		CLEANUP_BUF struct buf ini = BUF_INIT;

		buf_printf(&ini, "[key:a]\npath = a\n%s", cases[i].keys);
		put("base/a", cases[i].text);
		assert_int_equal(chmod(in("base/a"), 0600), 0);
		ground_load(ini.data, NULL);
		finds("key:a", cases[i].wrong ? -1 : IN_PLACE,
			cases[i].wrong ? cases[i].wrong : "holds the ");
		does("key:a", cases[i].wrong ? -1 : 0,
			cases[i].wrong ? cases[i].wrong : "holds the ");
		text_is("base/a", cases[i].text);
		if (strlen(cases[i].text) > 20)
			assert_null(strstr(shown(&ground.err), "0b0c0d"));
	}
	assert_int_equal(entries("base"), 1);
}

static void the_environment_can_hold_it(void **state)
{
	static char *const right[] = {"KEY=" HEX32, NULL};
	static char *const wrong[] = {"KEY=short", NULL};
	static char *const empty[] = {"KEY=", NULL};
	static const char ini[] = "[key:a]\npath = a\nenv = KEY\n";

	(void)state;
	ground_load(ini, right);
	finds("key:a", IN_PLACE, "the variable KEY holds the key gw:");
	does("key:a", 0, "the variable KEY");
	assert_false(exists("base/a"));
	put("base/a", HEX32 "\n");
	finds("key:a", IN_PLACE, "a' holds the key");
	put("base/a", "ff" HEX32);
	assert_int_equal(truncate(in("base/a"), 64), 0);
	finds("key:a", -1, "hold different keys");
	says(shown(&ground.err), "the variable KEY (gw:");
	does("key:a", -1, "hold different keys");
	assert_int_equal(unlink(in("base/a")), 0);
	ground_load(ini, wrong);
	finds("key:a", -1, "the key in the variable KEY is not hex");
	ground_load(ini, empty);
	finds("key:a", TO_DO, "make a new key");
}

static void makes_none_over_data_that_it_guards(void **state)
{
	static const char ini[] = "[key:a]\npath = a\nguards = data file\n";

	(void)state;
	ground_load(ini, NULL);
	finds("key:a", TO_DO, "make a new key");
	make_dir("base/data", 0, 0755);
	make_dir("base/data/lost+found", 0, 0755);
	finds("key:a", TO_DO, "make a new key");
	put("base/data/row", "");
	finds("key:a", -1, "is missing, and '");
	does("key:a", -1, "restore the key from a backup"); /* as with --force */
	assert_false(exists("base/a"));
	assert_int_equal(unlink(in("base/data/row")), 0);
	put("base/file", "");
	finds("key:a", -1, "base/file'");
	assert_int_equal(unlink(in("base/file")), 0);
	does("key:a", 1, "made the key");
	put("base/file", "");
	finds("key:a", IN_PLACE, "holds the key");
	does("key:a", 0, "holds the key");
}

static void makes_none_through_a_link(void **state)
{
	(void)state;
	put_link("base/a", "elsewhere", 0);
	ground_load("[key:a]\npath = a\n", NULL);
	finds("key:a", -1, "is a link to nothing");
	does("key:a", -1, "is a link to nothing");
	assert_false(exists("base/elsewhere"));
	put("base/elsewhere", HEX32); /* Kubernetes mounts are made of links */
	finds("key:a", IN_PLACE, "holds the key");
	does("key:a", 0, "holds the key");
}

static void mode_is_put_right_only_where_written(void **state)
{
	(void)state;
	put("base/a", HEX32);
	assert_int_equal(chmod(in("base/a"), 0644), 0);
	ground_load("[key:a]\npath = a\n", NULL);
	finds("key:a", IN_PLACE, "holds the key");
	says(ground.heard.data, "has mode 0644, which lets others at it");
	does("key:a", 0, "");
	mode_is("base/a", 0644);
	ground_load("[key:a]\npath = a\nmode = 0400\n", NULL);
	finds("key:a", TO_DO, "mode 0644, not 0400");
	does("key:a", 1, "");
	mode_is("base/a", 0400);
	finds("key:a", IN_PLACE, "");
}

/* No fingerprint by which it could be searched for. */
static void a_password_has_no_fingerprint(void **state)
{
	static char *const env[] = {"KEY=abcdefghabcdefghabcdefghabcdefgh", NULL};
	static const char ini[] = "[key:a]\npath = a\ntype = password\nenv = KEY\n";

	(void)state;
	ground_load(ini, NULL);
	does("key:a", 1, "made the password in '");
	finds("key:a", IN_PLACE, "a' holds the password");
	ground_load(ini, env);
	finds("key:a", -1, "the variable KEY and the file '");
	ground_load("[key:b]\npath = b\nvalidate = no\nenv = KEY\n", env);
	finds("key:b", IN_PLACE, "the variable KEY holds the key");
	assert_null(strstr(ground.heard.data, "gw:"));
	assert_null(strstr(shown(&ground.err), "gw:"));
}

static void errors_are_found_at_once(void **state)
{
	(void)state;
	assert_int_equal(ground_read("[key:a]\npath = a\nencoding = raw\nenv = A\n"
				     "[key:b]\npath = b\nenv = A-B\nbytes = 15\n"
				     "[key:c]\npath = c\nbytes = 4097\n",
				 NULL, NULL),
		0);
	says(ground_problems(), "4: [key:a] env: a raw key can hold any byte");
	says(ground_problems(), "7:7: [key:b] env: 'A-B' is not the name of a variable");
	says(ground_problems(),
		"8:9: [key:b] bytes: '15' is no whole number from 16 to 4096");
	says(ground_problems(),
		"11:9: [key:c] bytes: '4097' is no whole number from 16 to 4096");
	assert_int_equal(ground.bootstrap.problems.count, 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		GROUND(makes_a_key_once),
		GROUND(it_is_a_secret_in_any_encoding),
		GROUND(it_is_a_secret_without_its_prefix),
		GROUND(takes_a_key_that_is_there_as_it_is),
		GROUND(the_environment_can_hold_it),
		GROUND(makes_none_over_data_that_it_guards),
		GROUND(makes_none_through_a_link),
		GROUND(mode_is_put_right_only_where_written),
		GROUND(a_password_has_no_fingerprint),
		GROUND(errors_are_found_at_once),
	};

	return cmocka_run_group_tests_name("step/key", tests, NULL, NULL);
}
