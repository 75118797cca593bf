/* SPDX-License-Identifier: MIT */
/* Drizzle's journal: see drizzle.cases. */
#include "cases.h"

int main(void)
{
	return cases_run("migration/drizzle", "migration/drizzle.cases");
}
