/* SPDX-License-Identifier: MIT */
/* URLs as libcurl takes them apart. */
#include "net/http_url.h"

#include <curl/urlapi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "net/http.h"
#include "net/http_hint.h"

/* The part of a URL, or NULL. Of the caller's to free with curl_free(). */
static char *part_of(const char *url, CURLUPart part)
{
	CURLU *parts = curl_url();
	char *text = NULL;

	if (parts &&
		curl_url_set(parts, CURLUPART_URL, url, CURLU_GUESS_SCHEME) == CURLUE_OK)
		(void)curl_url_get(parts, part, &text, CURLU_DEFAULT_PORT);
	curl_url_cleanup(parts);
	return text;
}

bool http_url_same_origin(const char *one, const char *other)
{
	static const CURLUPart parts[] = {
		CURLUPART_SCHEME, CURLUPART_HOST, CURLUPART_PORT};
	bool same = true;

	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		char *a = part_of(one, parts[i]), *b = part_of(other, parts[i]);

		same &= a && b && strcasecmp(a, b) == 0;
		curl_free(a);
		curl_free(b);
	}
	return same;
}

/* A server that leads to itself gets the same user, as it does by a path alone. */
static void give_user(CURLU *parts, const char *from)
{
	static const CURLUPart user[] = {CURLUPART_USER, CURLUPART_PASSWORD};
	char *text = NULL;

	if (curl_url_get(parts, CURLUPART_USER, &text, 0) == CURLUE_OK) {
		curl_free(text);
		return;
	}
	for (size_t i = 0; i < sizeof user / sizeof *user; i++) {
		text = part_of(from, user[i]);
		if (text)
			(void)curl_url_set(parts, user[i], text, 0); /* it was there */
		curl_free(text);
	}
}

char *http_url_resolve(const char *url, const char *location)
{
	CURLU *parts = curl_url();
	char *text = NULL, *copy;

	if (parts && curl_url_set(parts, CURLUPART_URL, url, 0) == CURLUE_OK &&
		curl_url_set(parts, CURLUPART_URL, location,
			CURLU_URLENCODE | CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK &&
		curl_url_get(parts, CURLUPART_URL, &text, 0) == CURLUE_OK &&
		http_url_same_origin(url, text)) {
		give_user(parts, url);
		curl_free(text);
		text = NULL;
		(void)curl_url_get(parts, CURLUPART_URL, &text, 0);
	}
	copy = text ? strdup(text) : NULL;
	curl_free(text);
	curl_url_cleanup(parts);
	return copy;
}

void http_url_show(const char *url, char *ret, size_t size)
{
	static const CURLUPart secret[] = {
		CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_QUERY, CURLUPART_FRAGMENT};
	CURLU *parts = curl_url();
	char *text = NULL;

	if (parts &&
		curl_url_set(parts, CURLUPART_URL, url, CURLU_NON_SUPPORT_SCHEME) ==
			CURLUE_OK) {
		for (size_t i = 0; i < sizeof secret / sizeof *secret; i++)
			(void)curl_url_set(
				parts, secret[i], NULL, 0); /* it may be none */
		(void)curl_url_get(parts, CURLUPART_URL, &text, 0);
	}
	(void)snprintf(ret, size, "%s", text ? text : ""); /* cut if need be */
	curl_free(text);
	curl_url_cleanup(parts);
}

void http_url_explain(const char *url, struct http_end *end)
{
	char at[HTTP_AT_MAX];

	if (end->outcome == HTTP_DONE || end->outcome == HTTP_STOPPED)
		return;
	http_url_show(url, at, sizeof at);
	http_explain_led(at, end->text);
}
