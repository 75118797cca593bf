/* SPDX-License-Identifier: MIT */
/*
 * Who what a step makes belongs to: its `owner`/`group`, else [app] user/group, else the
 * owner of the folder that it goes into. Only what the step itself wrote down is also put
 * right on what is there already.
 */
#ifndef STEP_OWNER_H
#define STEP_OWNER_H

#include "base/fs.h"
#include "conf/field.h"

struct ctx;
struct err;

int owner_attr(const struct ctx *ctx, const struct field_mode *mode,
	const struct field_name *owner, const struct field_name *group, struct fs_attr *ret,
	struct err *err);

/* Warns where root just made something that the application's user cannot read. */
void owner_warn(const struct ctx *ctx, const char *path, const struct fs_attr *attr);

#endif
