/* SPDX-License-Identifier: MIT */
/* The migrations of one contributor: see directory.cases. */
#include "cases.h"

int main(void)
{
	return cases_run("migration/directory", "migration/directory.cases");
}
