/* SPDX-License-Identifier: MIT */
/* What to look at after an error of libcurl and OpenSSL. */
#ifndef NET_HTTP_HINT_H
#define NET_HTTP_HINT_H

/* "; what to do" for the text of an error, or "". */
const char *http_hint(const char *error);

#endif
