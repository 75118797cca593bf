/* SPDX-License-Identifier: MIT */
/* Proxies of the environment. */
#include "net/proxy.h"

#include <string.h>

#include "../unit.h"

static void the_variable_of_a_proxy_is_that_of_its_scheme(void **state)
{
	struct proxies proxies = {0};

	(void)state;
	assert_string_equal(proxies_find(NULL, false).value, "");
	assert_string_equal(proxies_find(&proxies, false).value, "");
	proxies.values[PROXY_ALL_UPPER] = "p";
	assert_string_equal(proxies_find(&proxies, false).name, "ALL_PROXY");
	assert_string_equal(proxies_find(&proxies, true).name, "ALL_PROXY");
	proxies.values[PROXY_HTTPS_UPPER] = "q";
	assert_string_equal(proxies_find(&proxies, true).name, "HTTPS_PROXY");
	assert_string_equal(proxies_find(&proxies, true).value, "q");
	proxies.values[PROXY_HTTPS] = "p";
	assert_string_equal(proxies_find(&proxies, true).name, "https_proxy");
	proxies.values[PROXY_HTTPS] = "";
	assert_string_equal(proxies_find(&proxies, true).name, "HTTPS_PROXY");
	assert_string_equal(proxies_find(&proxies, false).name, "ALL_PROXY");
}

static void the_hosts_without_a_proxy_are_those_of_the_first_that_is_set(void **state)
{
	struct proxies proxies = {0};

	(void)state;
	assert_string_equal(proxies_none(NULL), "");
	assert_string_equal(proxies_none(&proxies), "");
	proxies.values[PROXY_NONE_UPPER] = "a";
	assert_string_equal(proxies_none(&proxies), "a");
	proxies.values[PROXY_NONE] = "b";
	assert_string_equal(proxies_none(&proxies), "b");
}

static bool is_valid(const char *value, char why[512])
{
	const struct proxy proxy = {"http_proxy", value};

	*why = '\0';
	return proxy_check(&proxy, why, 512);
}

static void a_proxy_is_a_host_perhaps_with_a_user(void **state)
{
	static const char *const right[] = {"", "proxy", "proxy:3128",
		"http://proxy:3128/", "HTTPS://proxy", "socks5h://10.0.0.1:1080",
		"http://[::1]:3128", "user:pa%23ss%40@proxy:1", "http://user@proxy",
		"u:p%2f0@proxy"};
	static const char *const wrong[] = {"http://u:pa#ss@proxy:1", "u:pa/ss@proxy",
		"http://u:pa?ss@proxy", "http://u:pa@ss@proxy", "http://u:pa ss@proxy",
		"htp://u:ss@proxy", "http://u:ss@proxy:port", "http://u:ss@[::1",
		"http://", "http://u:ss@", "http://u:ss%0a@proxy", "http://u:ss%7F@proxy",
		"http://proxy:", "http://proxy/path", "http://proxy#x", "http://pro xy"};
	char why[512];

	(void)state;
	for (size_t i = 0; i < sizeof right / sizeof *right; i++)
		assert_true(is_valid(right[i], why));
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		assert_false(is_valid(wrong[i], why));
		assert_ptr_equal(strstr(why, "http_proxy is no URL of a proxy"), why);
		assert_null(strstr(why, "ss@"));
	}
}

static void a_text_is_about_the_proxy_whose_place_it_has(void **state)
{
	static const struct {
		const char *value, *error;
		bool in;
	} cases[] = {
		{"http://p:1", "Failed to connect to p port 1 after 0 ms", true},
		{"http://u:w@p:1", "Failed to connect to p port 1 after 0 ms", true},
		{"socks5h://p:1", "Failed to connect to p port 1 after 0 ms", true},
		{"p", "Failed to connect to p port 1080 after 0 ms", true},
		{"https://p", "Failed to connect to p port 443 after 0 ms", true},
		{"http://[::1]:1", "Failed to connect to ::1 port 1 after 0 ms", true},
		{"http://q:1", "Failed to connect to p port 1 after 0 ms", false},
		{"http://q:1", "Could not resolve proxy: q", true},
		{"", "Could not resolve proxy: q", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct proxy proxy = {"http_proxy", cases[i].value};

		assert_int_equal(proxy_is_in(&proxy, cases[i].error), cases[i].in);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_variable_of_a_proxy_is_that_of_its_scheme),
		cmocka_unit_test(
			the_hosts_without_a_proxy_are_those_of_the_first_that_is_set),
		cmocka_unit_test(a_proxy_is_a_host_perhaps_with_a_user),
		cmocka_unit_test(a_text_is_about_the_proxy_whose_place_it_has),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
