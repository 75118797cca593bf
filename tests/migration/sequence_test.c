/* SPDX-License-Identifier: MIT */
/* The order of the migrations of a directory: see sequence.cases. */
#include "cases.h"

int main(void)
{
	return cases_run("migration/sequence", "migration/sequence.cases");
}
