/* SPDX-License-Identifier: MIT */
/* Counting what an attack came to, and the table of it. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "result.h"

#define PRINTED 2 /* of each sort */

static const char *const titles[FINDING_COUNT] = {
	[FINDING_CHANGED] = "changed",
	[FINDING_LEAKED] = "leaked",
	[FINDING_GIVEN] = "given",
	[FINDING_SET_ID] = "set-id",
	[FINDING_EXPOSED] = "exposed",
	[FINDING_PLANTED] = "planted",
	[FINDING_SILENT] = "silent",
	[FINDING_HANG] = "hangs",
	[FINDING_CRASH] = "crashes",
};

void result_add(struct result *result, enum finding finding, const char *format, ...)
{
	char text[2048];
	va_list arguments;

	if (result->findings[finding]++ >= PRINTED)
		return;
	va_start(arguments, format);
	(void)vsnprintf(text, sizeof text, format, arguments); /* as much as fits */
	va_end(arguments);
	printf("  | %s: %s: ", titles[finding], result->variant);
	/* A log has several lines. */
	for (const char *line = text; *line;) {
		size_t size = strcspn(line, "\n");

		printf("%.*s\n", (int)size, line);
		line += size + (line[size] == '\n');
		if (*line)
			printf("  |   ");
	}
}

unsigned long result_findings(const struct result *result)
{
	unsigned long sum = 0;

	for (int i = 0; i < FINDING_COUNT; i++)
		sum += result->findings[i];
	return sum;
}

void result_sum(struct result *total, const struct result *result)
{
	total->starts += result->starts;
	total->through += result->through;
	total->refused += result->refused;
	total->strikes += result->strikes;
	for (int i = 0; i < FINDING_COUNT; i++)
		total->findings[i] += result->findings[i];
}

void result_print_head(void)
{
	printf("%-18s %7s %7s %7s %9s", "attack", "starts", "through", "refused",
		"strikes");
	for (int i = 0; i < FINDING_COUNT; i++)
		printf(" %7s", titles[i]);
	printf("\n");
}

void result_print(const char *name, const struct result *result)
{
	printf("%-18s %7lu %7lu %7lu %9lu", name, result->starts, result->through,
		result->refused, result->strikes);
	for (int i = 0; i < FINDING_COUNT; i++)
		printf(" %7lu", result->findings[i]);
	printf("\n");
}
