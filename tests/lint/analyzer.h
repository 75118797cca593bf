/* SPDX-License-Identifier: MIT */
/*
 * For the static analyzer, which sees one file at a time: raising an error always returns
 * -1. Otherwise it follows paths on which a failure went unnoticed.
 */
#ifndef LINT_ANALYZER_H
#define LINT_ANALYZER_H

#include "base/err.h"

#define err_raise(...)  (err_raise(__VA_ARGS__), -1)
#define err_sys(...)    (err_sys(__VA_ARGS__), -1)
#define err_at(...)     (err_at(__VA_ARGS__), -1)
#define err_append(...) (err_append(__VA_ARGS__), -1)
#define err_prefix(...) (err_prefix(__VA_ARGS__), -1)

#endif
