/* SPDX-License-Identifier: MIT */
/* The comments in certificates that are ours. Changed, they would no longer be. */
#ifndef TLS_CERTIFICATE_MARK_H
#define TLS_CERTIFICATE_MARK_H

#define CERTIFICATE_MARK          "made by groundwork"
#define CERTIFICATE_MARK_KEY_KEPT "made by groundwork for an existing key"

#endif
