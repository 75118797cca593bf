/* SPDX-License-Identifier: MIT */
/* Which files of a directory are migrations: see listing.cases. */
#include "cases.h"

int main(void)
{
	return cases_run("migration/listing", "migration/listing.cases");
}
