/* SPDX-License-Identifier: MIT */
/* What may be a secret in a URL. */
#ifndef STEP_URL_SECRETS_H
#define STEP_URL_SECRETS_H

struct secrets;

/*
 * Makes secrets of a user with a password, or either alone, and of a query: as they are
 * written and without their %XX, and of the password also by itself. Each may be NULL.
 */
void url_secrets_add(const char *login, const char *query, struct secrets *secrets);

#endif
