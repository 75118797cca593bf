/* SPDX-License-Identifier: MIT */
/* URLs of HTTP. */
#include <string.h>

#include "../unit.h"
#include "base/err.h"
#include "base/mem.h"
#include "net/url.h"

static void parts_are_found(void **state)
{
	static const struct {
		const char *text, *shown, *name, *secret, *query;
		bool tls;
	} cases[] = {
		{"http://h", "http://h", "", "", "", false},
		{"HTTPS://h:8443/a/b.tar.gz", "https://h:8443/a/b.tar.gz", "b.tar.gz", "",
			"", true},
		{"https://u:p@h/f?sig=x#top", "https://h/f", "f", "u:p", "sig=x", true},
		{"https://u:p%40q@h/f", "https://h/f", "f", "u:p%40q", "", true},
		{"https://[::1]:80/d/", "https://[::1]:80/d/", "", "", "", true},
		{"http://h?a/b", "http://h", "", "", "a/b", false},
		{"https://n.org/@a/b@1/c?d@e", "https://n.org/@a/b@1/c", "c", "", "d@e",
			true},
		{"http://h:1/f?d=u@x", "http://h:1/f", "f", "", "d=u@x", false},
		{"http://h/f?", "http://h/f", "f", "", "", false},
		/* Of a name, what it is without its %XX. */
		{"http://h/d%2Fe/a%20b%c3%A9", "http://h/d%2Fe/a%20b%c3%A9",
			"a b\303\251", "", "", false},
		{"http://h/a%2Fb", "http://h/a%2Fb", "", "", "", false},
		{"http://h/a%00b", "http://h/a%00b", "", "", "", false},
		{"http://h/50%", "http://h/50%", "", "", "", false},
	};
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct url url;
		DECLARE_ERR(err);

		assert_int_equal(url_parse(cases[i].text, &arena, &url, &err), 0);
		assert_string_equal(url.shown, cases[i].shown);
		assert_string_equal(url.name, cases[i].name);
		assert_string_equal(url.secret, cases[i].secret);
		assert_string_equal(url.query, cases[i].query);
		assert_int_equal(url.tls, cases[i].tls);
	}
	arena_release(&arena);
}

/* And no error quotes them: they may hold a secret. */
static void what_is_none_is_refused(void **state)
{
	static const char *const texts[] = {"", "h/f", "ftp://secret/f", "https:/h",
		"http://", "http:///secret", "http://u:secret@/f", "http://:80/secret",
		"http://h/secret f", "http://h/secret\n", "http://h/\x7fsecret",
		/* A password, or a token, that is not encoded. */
		"http://u:secret/x@h/f", "http://u:12/secret@h/f",
		"http://u:secret?x@h/f", "http://u:12?secret@h/f",
		"http://u:secret#x@h/f", "http://u:12#secret@h/f", "http://secret/x@h/f",
		"http://secret?x@h/f", "http://secret#x@h/f", "http://u:a:secret/x@h/f",
		"http://h:secret", "http://h:0/secret", "http://[::1]secret",
		"http://secret!/f", "http://::1/secret"};
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct url url;
		DECLARE_ERR(err);

		assert_int_equal(url_parse(texts[i], &arena, &url, &err), -1);
		assert_null(strstr(err.text, "secret"));
	}
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parts_are_found),
		cmocka_unit_test(what_is_none_is_refused),
	};

	return cmocka_run_group_tests_name("net/url", tests, NULL, NULL);
}
