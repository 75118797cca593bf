/* SPDX-License-Identifier: MIT */
/*
 * What is never written after the start, as tables of functions (GNU_RELRO), cannot be
 * written any more. The loader of a dynamic program does that; a static one has none.
 */
#ifndef BASE_RELRO_H
#define BASE_RELRO_H

/* Does nothing where a loader has done it, or where there is nothing to protect. */
void relro_protect(void);

#endif
