/* SPDX-License-Identifier: MIT */
/*
 * What every unit test includes first: cmocka, the headers that it wants before it, and
 * the ways to say that a test cannot run here.
 */
#ifndef TESTS_UNIT_H
#define TESTS_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* Ends the test as one that cannot run here; the reason is printf's arguments. */
#define SKIP(...) \
	do { \
		print_message(__VA_ARGS__); \
		print_message("\n"); \
		skip(); \
	} while (0)

#define NEEDS_ROOT() \
	do { \
		if (geteuid() != 0) \
			SKIP("needs root"); \
	} while (0)

#endif
