/* SPDX-License-Identifier: MIT */
/* What is said of a listing: what is left out, unknown or missing. */
#ifndef MIGRATION_LISTING_REPORT_H
#define MIGRATION_LISTING_REPORT_H

struct listing;

/* Adds the names of no format to the problems. */
void listing_report_unknown(struct listing *listing);

/* Logs what is left out; reports a listing without any migration as an error. */
void listing_report(struct listing *listing);

#endif
