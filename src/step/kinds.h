/* SPDX-License-Identifier: MIT */
/* The kinds that there are, one a file. */
#ifndef STEP_KINDS_H
#define STEP_KINDS_H

#include "step/step.h"

extern const struct kind kind_directory;
extern const struct kind kind_link;
extern const struct kind kind_file;
extern const struct kind kind_key;
extern const struct kind kind_database;
extern const struct kind kind_migrations;
extern const struct kind kind_exec;

#endif
