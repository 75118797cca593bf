/* SPDX-License-Identifier: MIT */
/* The names in a certificate. */
#include "step/cert_names.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"

#define HOST_MAX  253
#define LABEL_MAX 63

/* Returns the size of the label that the text begins with, or 0 where it is none. */
static size_t label_size(const char *text)
{
	size_t size = 0;

	while (str_is_alnum(text[size]) || text[size] == '-' || text[size] == '_')
		size++;
	if (size > LABEL_MAX || text[0] == '-' || (size && text[size - 1] == '-'))
		return 0;
	return size;
}

static bool is_host(const char *text)
{
	const char *at = str_starts(text, "*.") ? text + 2 : text;
	size_t size = label_size(at);

	while (size && at[size] == '.') {
		at += size + 1;
		size = label_size(at);
	}
	/* An address that is miswritten ends in digits; no host name does. */
	return size && !at[size] && str_digits(at) < size && strlen(text) <= HOST_MAX;
}

static bool write_address(const char *text, char ret[CERT_NAME_MAX])
{
	unsigned char address[16];
	int family = strchr(text, ':') ? AF_INET6 : AF_INET;
	char room[INET6_ADDRSTRLEN];

	if (inet_pton(family, text, address) != 1 ||
		!inet_ntop(family, address, room, sizeof room))
		return false;
	(void)snprintf(ret, CERT_NAME_MAX, "IP:%s", room); /* it fits */
	return true;
}

int cert_name(const char *text, char ret[CERT_NAME_MAX], struct err *err)
{
	bool host = str_starts(text, "DNS:");
	bool address = str_starts(text, "IP:");
	const char *name = text + (host ? 4 : address ? 3 : 0);

	if (!host && write_address(name, ret))
		return 0;
	if (address || !is_host(name))
		return err_config(err,
			"'%s' is no host name and no address; write example.org, "
			"*.example.org, 192.0.2.1 or 2001:db8::1",
			text);
	(void)snprintf(ret, CERT_NAME_MAX, "DNS:%s", name); /* it fits */
	(void)str_lower(ret + 4);
	return 0;
}

int cert_name_check(const char *text, struct err *err)
{
	char room[CERT_NAME_MAX];

	return cert_name(text, room, err);
}
