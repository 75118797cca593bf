/* SPDX-License-Identifier: MIT */
/* The name of this program, and its version. */
#ifndef BASE_VERSION_H
#define BASE_VERSION_H

#define PROGRAM "groundwork"
#define VERSION "0.1.0"

#endif
