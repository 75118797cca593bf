/* SPDX-License-Identifier: MIT */
/* What may be a secret in a URL. */
#ifndef STEP_URL_SECRETS_H
#define STEP_URL_SECRETS_H

struct secrets;
struct url;

/* Of one: its user and password, the password by itself, and its query. */
void url_secrets_add(const struct url *url, struct secrets *secrets);

/*
 * Any value that is one: all of it, unless it is scheme://host:port and no more, which
 * lines about what is waited for show.
 */
void url_secrets_add_value(const char *value, struct secrets *secrets);

/* A part, as it is written and without its %XX; NULL: nothing. */
void url_secrets_add_text(const char *text, struct secrets *secrets);

#endif
