/* SPDX-License-Identifier: MIT */
/* The order of the migrations of a directory, which is that of the tool it is for. */
#ifndef MIGRATION_SEQUENCE_H
#define MIGRATION_SEQUENCE_H

struct err;
struct listing;

/*
 * Sorts the candidates of a listing, and sets order and key of their migrations. Names
 * show the tool; where that leaves the order open, the first file is read, whose markers
 * decide. Returns 0, or -1 if it cannot be read. Names of two formats, a version twice
 * and a down migration without its up migration are added to the problems.
 */
int sequence_arrange(struct listing *listing, struct err *err);

#endif
