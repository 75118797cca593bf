/* SPDX-License-Identifier: MIT */
/* What is known of a server's database, whatever speaks with it. */
#include "ledger/server.h"

void server_target_add(struct server_target *target, const char *word, const char *value)
{
	*target->end++ = word;
	*target->end++ = value;
	*target->end = NULL;
}
