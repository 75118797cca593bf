/* SPDX-License-Identifier: MIT */
/* Prisma's migration_lock.toml: see prisma.cases. */
#include "cases.h"

int main(void)
{
	return cases_run("migration/prisma", "migration/prisma.cases");
}
