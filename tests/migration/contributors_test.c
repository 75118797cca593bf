/* SPDX-License-Identifier: MIT */
/* The order of contributors, and the problems of all of them: see contributors.cases. */
#include "cases.h"

int main(void)
{
	return cases_run("migration/contributors", "migration/contributors.cases");
}
