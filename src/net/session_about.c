/* SPDX-License-Identifier: MIT */
/* What is known of libpq in a program that is not linked with it, too. */
#include <pg_config.h>

#include "net/session.h"

const bool session_available = true;

const char *session_version(void)
{
	return "libpq " PG_VERSION;
}
