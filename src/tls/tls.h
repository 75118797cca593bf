/* SPDX-License-Identifier: MIT */
/*
 * OpenSSL, which is used in this directory alone, and by libcurl. It loads no
 * configuration, no module and no engine, whatever the environment or the image names:
 * tls_begin() comes before anything else that uses it.
 */
#ifndef TLS_TLS_H
#define TLS_TLS_H

#include <stdbool.h>

/* Is it in this build? */
extern const bool tls_available;

void tls_begin(void);

/* The library and its version, "OpenSSL 3.5.7", or NULL. */
const char *tls_version(void);

#endif
