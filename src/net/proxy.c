/* SPDX-License-Identifier: MIT */
/* Proxies, as the variables of curl(1) name them. */
#include "net/proxy.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/str.h"
#include "net/task.h"

#define PLACE_MAX 300 /* a host and a port */

static const char *const names[] = {"http_proxy", "https_proxy", "HTTPS_PROXY",
	"all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"};

/* What libcurl takes when there is no port. */
static const struct {
	const char *scheme;
	const char *port;
} schemes[] = {
	{"http", "1080"},
	{"https", "443"},
	{"socks4", "1080"},
	{"socks4a", "1080"},
	{"socks5", "1080"},
	{"socks5h", "1080"},
};

const char *proxy_name(enum proxy_variable variable)
{
	return names[variable];
}

static bool is_set(const struct proxies *proxies, enum proxy_variable variable)
{
	return proxies->values[variable] && *proxies->values[variable];
}

struct proxy proxies_find(const struct proxies *proxies, bool https)
{
	enum proxy_variable i = https ? PROXY_HTTPS : PROXY_HTTP;

	while (proxies && i < PROXY_NONE && !is_set(proxies, i))
		i += i == PROXY_HTTP ? PROXY_ALL - PROXY_HTTP : 1;
	return proxies && i < PROXY_NONE ? (struct proxy){names[i], proxies->values[i]}
					 : (struct proxy){"", ""};
}

const char *proxies_none(const struct proxies *proxies)
{
	for (enum proxy_variable i = PROXY_NONE; proxies && i < PROXY_VARIABLES; i++)
		if (is_set(proxies, i))
			return proxies->values[i];
	return "";
}

/* ---- what is in a value ---- */

/* Behind its scheme, with the port of that; NULL: it is none that libcurl has. */
static const char *skip_scheme(const char *value, const char **ret_port)
{
	const char *end = strstr(value, "://");

	*ret_port = schemes[0].port;
	if (!end || end > value + strcspn(value, "@/:"))
		return value;
	for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
		size_t size = strlen(schemes[i].scheme);

		if ((size_t)(end - value) == size &&
			strncasecmp(value, schemes[i].scheme, size) == 0) {
			*ret_port = schemes[i].port;
			return end + 3;
		}
	}
	return NULL;
}

static bool is_user(const char *text, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if ((unsigned char)text[i] <= ' ' || strchr("/?#@\\\x7f", text[i]) ||
			/* a control character: %00 to %1F, and %7F */
			(text[i] == '%' && i + 2 < size &&
				(strchr("01", text[i + 1]) ||
					strncasecmp(text + i, "%7f", 3) == 0)))
			return false;
	return true;
}

/* Puts "HOST port PORT" into `ret`. */
static bool find_place(const char *value, char ret[PLACE_MAX])
{
	const char *port, *at;
	const char *host = skip_scheme(value, &port);
	size_t size, port_size, bracket;

	at = host ? strrchr(host, '@') : NULL;
	if (!host || (at && !is_user(host, (size_t)(at - host))))
		return false;
	host = at ? at + 1 : host;
	bracket = *host == '[';
	host += bracket;
	size = strcspn(host, bracket ? "]" : ":/");
	if (bracket && host[size] != ']')
		return false;
	at = host + size + bracket;
	if (*at == ':') {
		port = at + 1;
		at = port + strspn(port, "0123456789");
		port_size = (size_t)(at - port);
	} else {
		port_size = strlen(port);
	}
	if (!size || !port_size || strcspn(host, "?#\\ \t\r\n") < size ||
		!(str_equal(at, "") || str_equal(at, "/")))
		return false;
	return snprintf(ret, PLACE_MAX, "%.*s port %.*s", (int)size, host, (int)port_size,
		       port) < PLACE_MAX;
}

bool proxy_check(const struct proxy *proxy, char *ret_why, size_t size)
{
	char place[PLACE_MAX];

	if (!*proxy->value || find_place(proxy->value, place))
		return true;
	(void)snprintf(ret_why, size, /* fits */
		"%s is no URL of a proxy, as in http://proxy.internal:3128; in a "
		"password a `/`, `?`, `#` or `@` is written as %%2F, %%3F, %%23 or %%40",
		proxy->name);
	return false;
}

bool proxy_is_socks(const struct proxy *proxy)
{
	return strncasecmp(proxy->value, "socks", 5) == 0 && strstr(proxy->value, "://");
}

bool proxy_is_in(const struct proxy *proxy, const char *error)
{
	static const char *const words[] = {
		"resolve proxy", "CONNECT tunnel", "from proxy after CONNECT"};
	char place[PLACE_MAX];

	if (!*proxy->value)
		return false;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strstr(error, words[i]))
			return true;
	return find_place(proxy->value, place) && strstr(error, place);
}

/* ---- to the process that asks ---- */

void proxies_add(struct buf *task, const struct proxies *proxies)
{
	for (size_t i = 0; i < PROXY_VARIABLES; i++)
		task_add_text(task, proxies ? proxies->values[i] : NULL);
}

void proxies_take(struct task *task, struct proxies *ret)
{
	for (size_t i = 0; i < PROXY_VARIABLES; i++)
		ret->values[i] = task_text(task);
}
