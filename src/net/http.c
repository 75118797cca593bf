/* SPDX-License-Identifier: MIT */
/* Requests of HTTP by libcurl. */
#include "net/http.h"

#include <curl/curl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/version.h"
#include "net/http_hint.h"
#include "net/http_text.h"
#include "net/http_url.h"
#include "net/proxy.h"
#include "net/status.h"
#include "net/trust.h"
#include "tls/tls.h"

#define BUFFER_SIZE        (256L * 1024)
#define BEHIND_MAX         (16 * 1024) /* of trailers, which libcurl keeps */
#define TOO_LARGE(version) ((version) < 0x080600 ? CURLE_OUT_OF_MEMORY : 100) /* of 8.6 */

/* A request under way: the URL changes with each redirect. */
struct exchange {
	CURL *curl;
	const struct http_request *request;
	const struct http_use *use;
	struct curl_slist *headers;
	char *url;
	struct proxy proxy; /* of the URL */
	char *next;         /* where the answer leads; or NULL */
	bool led;           /* a redirect has led to the URL */
	bool headed;        /* use->head was called */
	size_t behind;      /* bytes of lines that came behind that */
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
	ret->unended = ret->size < 0 &&
		!take_header(curl, "Transfer-Encoding", range, sizeof range);
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

/*
 * May it be a proxy who answers? CONNECT and SOCKS hand on what the server says. Where it
 * is not known whether one was asked, NO_PROXY may name the host.
 */
static bool is_proxied(const struct exchange *exchange)
{
	long used = !*proxies_none(exchange->request->proxies);

#if LIBCURL_VERSION_NUM >= 0x080700
	(void)curl_easy_getinfo(exchange->curl, CURLINFO_USED_PROXY, &used);
#endif
	return used && *exchange->proxy.value && !http_is_tls(exchange->url) &&
		!proxy_is_socks(&exchange->proxy);
}

static int give_head(struct exchange *exchange)
{
	struct http_head head;

	exchange->headed = true;
	read_head(exchange->curl, &head);
	if (exchange->led)
		http_url_show(exchange->url, head.at, sizeof head.at);
	if (is_proxied(exchange))
		(void)stpncpy(head.proxy, exchange->proxy.name, sizeof head.proxy - 1);
	if (exchange->use->head(exchange->use->user, &head) == 0)
		return 0;
	exchange->stopped = true;
	return -1;
}

/* Where the answer leads, if that is to be followed. */
static char *find_next(const struct exchange *exchange, long status)
{
	struct curl_header *header;

	if (exchange->request->redirects == 0 || status < 300 || status >= 400 ||
		curl_easy_header(exchange->curl, "Location", 0, CURLH_HEADER, -1,
			&header) != CURLHE_OK)
		return NULL;
	return http_url_resolve(exchange->url, header->value);
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
	/* Trailers are of no use: they are no sign of life, and not without an end. */
	if (exchange->headed) {
		exchange->behind += size;
		return exchange->behind > BEHIND_MAX ? 0 : size;
	}
	if (exchange->use->line)
		exchange->use->line(exchange->use->user);
	(void)curl_easy_getinfo(exchange->curl, CURLINFO_RESPONSE_CODE, &status);
	/* No other head comes behind a 101, to whatever protocol the server switches. */
	if ((*line != '\r' && *line != '\n') || (status < 200 && status != 101))
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

	(void)down_all, (void)down, (void)up_all, (void)up;
	return poll(&reader, 1, 0) > 0; /* POLLERR needs not be asked for */
}

/* ---- the request ---- */

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
	char to[HTTP_AT_MAX];

	if (left == 0 || (http_is_tls(exchange->url) && !http_is_tls(next))) {
		http_url_show(next, to, sizeof to);
		http_explain_next(
			to, left ? -1 : exchange->request->redirects, end->text);
		end->outcome = HTTP_REFUSED;
		return false;
	}
	exchange->led = true;
	if (!http_url_same_origin(exchange->request->url, next)) {
		curl_slist_free_all(exchange->headers);
		exchange->headers = NULL;
	}
	free(exchange->url);
	exchange->url = exchange->next;
	exchange->next = NULL;
	return true;
}

/* ---- its end ---- */

/*
 * What came and cannot be read has the same codes as what did not come, or was cut, and
 * as what a proxy answers.
 */
static bool is_cut(const struct exchange *exchange)
{
	long proxy_status = 0, system = 0;

	(void)curl_easy_getinfo(exchange->curl, CURLINFO_HTTP_CONNECTCODE, &proxy_status);
	(void)curl_easy_getinfo(exchange->curl, CURLINFO_OS_ERRNO, &system);
	return system || status_is_temporary(proxy_status) ||
		http_is_cut(exchange->error);
}

static bool is_temporary(const struct exchange *exchange, CURLcode code)
{
	switch (code) {
	case CURLE_RECV_ERROR:
	case CURLE_SSL_CONNECT_ERROR:
		return is_cut(exchange);
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_RESOLVE_PROXY:
	case CURLE_COULDNT_CONNECT:
	case CURLE_OPERATION_TIMEDOUT:
	case CURLE_SEND_ERROR:
	case CURLE_GOT_NOTHING:
	case CURLE_PARTIAL_FILE:
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
	unsigned version = curl_version_info(CURLVERSION_NOW)->version_num;

	end->outcome = is_temporary(exchange, code) ? HTTP_TEMPORARY : HTTP_REFUSED;
	if (code == CURLE_SSL_CACERT_BADFILE && trust && trust->path)
		http_explain_file(error, trust->path, end->text);
	else if (exchange->behind > BEHIND_MAX)
		http_explain_header(BEHIND_MAX, end->text);
	else if (!exchange->headed && (int)code == TOO_LARGE(version))
		http_explain_header(CURL_MAX_HTTP_HEADER, end->text);
	else
		http_explain(error, &exchange->proxy, trust, end->text);
}

static void end_with(struct exchange *exchange, CURLcode code, struct http_end *end)
{
	if (exchange->stopped)
		fail(end, HTTP_STOPPED, "");
	else if (code == CURLE_OK && exchange->headed)
		fail(end, HTTP_DONE, "");
	else if (code == CURLE_OK)
		fail(end, HTTP_TEMPORARY, "the head of the answer has no end");
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
		if (exchange.led)
			http_url_explain(exchange.url, ret);
	}
	curl_slist_free_all(exchange.headers);
	curl_easy_cleanup(exchange.curl);
	free(exchange.url);
	free(exchange.next);
}
