/* SPDX-License-Identifier: MIT */
/* The names in a certificate: host names (RFC 6125, 5890) and addresses. */
#ifndef STEP_CERT_NAMES_H
#define STEP_CERT_NAMES_H

struct err;

#define CERT_NAME_MAX 264

/*
 * Writes a name as a certificate has it: "DNS:*.example.org", in lower case, "IP:::1".
 * The text may begin so itself. Returns 0, or -1 with ERR_CONFIG where it is neither.
 */
int cert_name(const char *text, char ret[CERT_NAME_MAX], struct err *err);

/* The same for fields. */
int cert_name_check(const char *text, struct err *err);

#endif
