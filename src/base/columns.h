/* SPDX-License-Identifier: MIT */
/*
 * How many columns of a terminal a text takes. wcwidth(3) depends on the locale, which is
 * "C" here, where only ASCII has a width.
 */
#ifndef BASE_COLUMNS_H
#define BASE_COLUMNS_H

#include <stddef.h>

/*
 * The bytes of the UTF-8 character that the text begins with, which is not its end, and
 * its columns: 2 of CJK and emoji, 0 of what combines with the one before, else 1.
 */
size_t columns_next(const char *text, int *ret_columns);

#endif
