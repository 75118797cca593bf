/* SPDX-License-Identifier: MIT */
/* An error as it is reported: with its place. Valid until the next call. */
#ifndef TESTS_SHOWN_H
#define TESTS_SHOWN_H

#include "base/err.h"

static inline const char *shown(const struct err *err)
{
	static char text[2 * ERR_TEXT_MAX];

	(void)place_print(text, sizeof text, &err->at, err->text);
	return text;
}

#endif
