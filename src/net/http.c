/* SPDX-License-Identifier: MIT */
/* Requests of HTTP by libcurl. */
#include "net/http.h"

#include <curl/curl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/str.h"
#include "base/version.h"
#include "net/http_hint.h"
#include "net/http_text.h"
#include "net/proxy.h"
#include "net/trust.h"
#include "tls/tls.h"

#define BUFFER_SIZE (256L * 1024)

/* A request under way: the URL changes with each redirect. */
struct exchange {
	CURL *curl;
	const struct http_request *request;
	const struct http_use *use;
	struct curl_slist *headers;
	char *url;
	struct proxy proxy; /* of the URL */
	char *next;         /* where the answer leads; or NULL */
	bool headed;        /* use->head was called */
	bool stopped;       /* a function of `use` has ended it */
	char error[CURL_ERROR_SIZE];
};

static void fail(struct http_end *end, enum http_outcome outcome, const char *text)
{
	end->outcome = outcome;
	(void)snprintf(end->text, sizeof end->text, "%s", text); /* cut if need be */
}

/* ---- what the server says ---- */

static bool take_header(CURL *curl, const char *name, char *ret, size_t size)
{
	struct curl_header *header;

	if (curl_easy_header(curl, name, 0, CURLH_HEADER, -1, &header) != CURLHE_OK ||
		strlen(header->value) >= size)
		return false;
	(void)snprintf(ret, size, "%s", header->value); /* measured */
	return true;
}

static void read_head(CURL *curl, struct http_head *ret)
{
	curl_off_t number;
	char range[128];

	memset(ret, 0, sizeof *ret);
	(void)curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &ret->status);
	ret->size = -1;
	if (curl_easy_getinfo(curl, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &number) ==
		CURLE_OK)
		ret->size = number;
	if (curl_easy_getinfo(curl, CURLINFO_RETRY_AFTER, &number) == CURLE_OK &&
		number > 0)
		ret->retry_after_s = number;
	if (ret->status == 206)
		ret->from = take_header(curl, "Content-Range", range, sizeof range)
			? http_range_begin(range)
			: UINT64_MAX;
	(void)take_header(curl, "Content-Type", ret->type, sizeof ret->type);
	/* A weak one may name another text of the same meaning (RFC 9110, 13.1.5). */
	if (!take_header(curl, "ETag", ret->validator, sizeof ret->validator) ||
		str_starts(ret->validator, "W/"))
		ret->validator[0] = '\0';
	if (!ret->validator[0])
		(void)take_header(
			curl, "Last-Modified", ret->validator, sizeof ret->validator);
}

static int give_head(struct exchange *exchange)
{
	struct http_head head;

	if (exchange->headed)
		return 0;
	exchange->headed = true;
	read_head(exchange->curl, &head);
	if (exchange->use->head(exchange->use->user, &head) == 0)
		return 0;
	exchange->stopped = true;
	return -1;
}

/* The URL that another leads to, or NULL. */
static char *resolve(const char *url, const char *location)
{
	CURLU *parts = curl_url();
	char *text = NULL, *copy;

	if (parts && curl_url_set(parts, CURLUPART_URL, url, 0) == CURLUE_OK &&
		curl_url_set(parts, CURLUPART_URL, location,
			CURLU_URLENCODE | CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK)
		(void)curl_url_get(parts, CURLUPART_URL, &text, 0);
	copy = text ? strdup(text) : NULL;
	curl_free(text);
	curl_url_cleanup(parts);
	return copy;
}

/* Where the answer leads, if that is to be followed. */
static char *find_next(const struct exchange *exchange, long status)
{
	struct curl_header *header;

	if (exchange->request->redirects == 0 || status < 300 || status >= 400 ||
		curl_easy_header(exchange->curl, "Location", 0, CURLH_HEADER, -1,
			&header) != CURLHE_OK)
		return NULL;
	return resolve(exchange->url, header->value);
}

/*
 * Of the head, whose end is the answer: the server may hold the connection after it for
 * as long as it likes. Of a redirect no body is wanted.
 */
static size_t take_line(char *line, size_t one, size_t size, void *user)
{
	struct exchange *exchange = user;
	long status = 0;

	(void)one; /* it is 1 */
	(void)curl_easy_getinfo(exchange->curl, CURLINFO_RESPONSE_CODE, &status);
	if ((*line != '\r' && *line != '\n') || exchange->headed || status < 200)
		return size;
	exchange->next = find_next(exchange, status);
	return exchange->next || give_head(exchange) < 0 ? 0 : size;
}

static size_t take_body(char *data, size_t one, size_t size, void *user)
{
	struct exchange *exchange = user;

	(void)one; /* as above */
	if (exchange->use->body(exchange->use->user, data, size) == 0)
		return size;
	exchange->stopped = true;
	return 0;
}

/* It is asked in each second, also while nothing comes. */
static int end_unwanted(void *user, curl_off_t down_all, curl_off_t down,
	curl_off_t up_all, curl_off_t up)
{
	const struct exchange *exchange = user;
	struct pollfd reader = {.fd = exchange->use->reader};

	(void)down_all;
	(void)down;
	(void)up_all;
	(void)up;
	return poll(&reader, 1, 0) > 0; /* POLLERR needs not be asked for */
}

/* ---- the request ---- */

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

static bool same_part(const char *one, const char *other, CURLUPart part)
{
	char *a = part_of(one, part);
	char *b = part_of(other, part);
	bool same = a && b && strcasecmp(a, b) == 0;

	curl_free(a);
	curl_free(b);
	return same;
}

static bool is_same_origin(const char *one, const char *other)
{
	return same_part(one, other, CURLUPART_SCHEME) &&
		same_part(one, other, CURLUPART_HOST) &&
		same_part(one, other, CURLUPART_PORT);
}

static bool add_header(struct exchange *exchange, const char *header)
{
	struct curl_slist *list = curl_slist_append(exchange->headers, header);

	if (list)
		exchange->headers = list;
	return list != NULL;
}

static bool add_headers(struct exchange *exchange)
{
	const struct http_request *request = exchange->request;
	char line[HTTP_TEXT_MAX];

	for (size_t i = 0; i < request->headers_count; i++)
		if (!add_header(exchange, request->headers[i]))
			return false;
	if (!request->from || !request->validator)
		return true;
	(void)snprintf(line, sizeof line, "If-Range: %s", request->validator); /* fits */
	return add_header(exchange, line);
}

static void set_trust(CURL *curl, const struct http_request *request)
{
	const struct trust *trust = request->trust;
	struct curl_blob blob = {.flags = CURL_BLOB_NOCOPY};

	(void)curl_easy_setopt(curl, CURLOPT_CAINFO, NULL);
	(void)curl_easy_setopt(curl, CURLOPT_CAPATH, trust ? trust->directory : NULL);
	if (trust && trust->path) {
		blob.data = trust->pem.data;
		blob.len = trust->pem.len;
		(void)curl_easy_setopt(curl, CURLOPT_CAINFO_BLOB, &blob);
	}
	if (request->insecure) {
		(void)curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L);
		(void)curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 0L);
	}
}

/* Each option is one that this build has: what can fail is memory, and shows later. */
static void set_options(struct exchange *exchange)
{
	CURL *curl = exchange->curl;
	char range[64];

	(void)curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	(void)curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
	(void)curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	(void)curl_easy_setopt(curl, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	(void)curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, 300000L);
	(void)curl_easy_setopt(
		curl, CURLOPT_TIMEOUT_MS, (long)exchange->request->timeout_ms);
	(void)curl_easy_setopt(curl, CURLOPT_BUFFERSIZE, BUFFER_SIZE);
	(void)curl_easy_setopt(curl, CURLOPT_USERAGENT, PROGRAM "/" VERSION);
	(void)curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_line);
	(void)curl_easy_setopt(curl, CURLOPT_HEADERDATA, exchange);
	(void)curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
	(void)curl_easy_setopt(curl, CURLOPT_WRITEDATA, exchange);
	(void)curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
	(void)curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, end_unwanted);
	(void)curl_easy_setopt(curl, CURLOPT_XFERINFODATA, exchange);
	(void)curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, exchange->error);
	set_trust(curl, exchange->request);
	if (exchange->request->from) {
		(void)snprintf(range, sizeof range, "%llu-",
			(unsigned long long)exchange->request->from); /* fits */
		(void)curl_easy_setopt(curl, CURLOPT_RANGE, range);
	}
}

/* Sets the proxy of the URL. Without it libcurl looks at the environment. */
static void set_proxy(struct exchange *exchange)
{
	const struct proxies *proxies = exchange->request->proxies;

	exchange->proxy = proxies_find(proxies, http_is_tls(exchange->url));
	(void)curl_easy_setopt(exchange->curl, CURLOPT_PROXY, exchange->proxy.value);
	(void)curl_easy_setopt(exchange->curl, CURLOPT_NOPROXY, proxies_none(proxies));
}

/* Follows a redirect. Returns false where it is refused, with `end` set. */
static bool follow(struct exchange *exchange, int left, struct http_end *end)
{
	const char *next = exchange->next;

	if (left == 0) {
		fail(end, HTTP_REFUSED, "the server redirects further than is followed");
		return false;
	}
	if (http_is_tls(exchange->url) && !http_is_tls(next)) {
		fail(end, HTTP_REFUSED,
			"the server redirects from https to http, which is not followed");
		return false;
	}
	if (!is_same_origin(exchange->request->url, next)) {
		curl_slist_free_all(exchange->headers);
		exchange->headers = NULL;
	}
	free(exchange->url);
	exchange->url = exchange->next;
	exchange->next = NULL;
	return true;
}

/* ---- its end ---- */

static bool is_temporary(CURLcode code)
{
	switch (code) {
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_RESOLVE_PROXY:
	case CURLE_COULDNT_CONNECT:
	case CURLE_OPERATION_TIMEDOUT:
	case CURLE_RECV_ERROR:
	case CURLE_SEND_ERROR:
	case CURLE_GOT_NOTHING:
	case CURLE_PARTIAL_FILE:
	case CURLE_SSL_CONNECT_ERROR:
		return true;
	default:
		return false;
	}
}

static void fail_with(struct exchange *exchange, CURLcode code, struct http_end *end)
{
	const char *error =
		exchange->error[0] ? exchange->error : curl_easy_strerror(code);
	const struct trust *trust = exchange->request->trust;
	const struct proxy *proxy = &exchange->proxy;
	bool proxied = proxy_is_in(proxy, error);

	end->outcome = is_temporary(code) ? HTTP_TEMPORARY : HTTP_REFUSED;
	/* Each is cut if need be. */
	if (code == CURLE_SSL_CACERT_BADFILE && trust && trust->path)
		(void)snprintf(end->text, sizeof end->text,
			"the certificates in '%s' cannot be used: %s", trust->path,
			error);
	else
		(void)snprintf(end->text, sizeof end->text, "%s%s%s%s%s", error,
			http_hint(error), proxied ? " (the proxy of " : "",
			proxied ? proxy->name : "", proxied ? ")" : "");
}

static void end_with(struct exchange *exchange, CURLcode code, struct http_end *end)
{
	bool done = code == CURLE_OK && give_head(exchange) == 0;

	if (exchange->stopped)
		fail(end, HTTP_STOPPED, "");
	else if (done)
		fail(end, HTTP_DONE, "");
	else
		fail_with(exchange, code, end);
}

static void perform(struct exchange *exchange, struct http_end *end)
{
	CURLcode code;

	for (int left = exchange->request->redirects;; left--) {
		set_proxy(exchange);
		if (!proxy_check(&exchange->proxy, end->text, sizeof end->text)) {
			end->outcome = HTTP_REFUSED;
			return;
		}
		exchange->error[0] = '\0';
		(void)curl_easy_setopt(exchange->curl, CURLOPT_URL, exchange->url);
		(void)curl_easy_setopt(
			exchange->curl, CURLOPT_HTTPHEADER, exchange->headers);
		code = curl_easy_perform(exchange->curl);
		if (!exchange->next)
			break;
		if (!follow(exchange, left, end))
			return;
	}
	end_with(exchange, code, end);
}

void http_get(const struct http_request *request, const struct http_use *use,
	struct http_end *ret)
{
	struct exchange exchange = {.request = request, .use = use};

	fail(ret, HTTP_REFUSED, "out of memory");
	tls_begin();
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return;
	exchange.curl = curl_easy_init();
	exchange.url = strdup(request->url);
	if (exchange.curl && exchange.url && add_headers(&exchange)) {
		set_options(&exchange);
		perform(&exchange, ret);
	}
	curl_slist_free_all(exchange.headers);
	curl_easy_cleanup(exchange.curl);
	free(exchange.url);
	free(exchange.next);
}
