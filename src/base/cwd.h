/* SPDX-License-Identifier: MIT */
/* The working directory. */
#ifndef BASE_CWD_H
#define BASE_CWD_H

#include <stddef.h>

struct err;

/* Its path, as getcwd(3) has it. Returns 0, or -1 with what to do. */
int cwd_get(char *ret, size_t size, struct err *err);

#endif
