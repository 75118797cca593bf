/* SPDX-License-Identifier: MIT */
/* The command `validate` of the kind `file`. */
#include "base/err.h"
#include "step/file_work.h"
#include "step/helper.h"
#include "step/step.h"

bool file_validates_dir(const struct section *section)
{
	return section_has_text(section, "validate", "{dir}");
}

int file_look_up_validator(const struct file_work *work, struct err *err)
{
	const struct file_conf *conf = work->conf;
	struct helper helper = {.argv = &conf->validate};

	return conf->validate.count &&
			helper_look_up(&helper, conf->path, work->ctx, err) < 0
		? step_locate_key(work->step, "validate", err)
		: 0;
}
