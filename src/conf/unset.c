/* SPDX-License-Identifier: MIT */
/* Gathering unset names, and raising them as one error. */
#include "conf/unset.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

void unset_add(
	struct problems *unset, struct place at, const char *prefix, const char *text)
{
	CLEANUP_BUF struct buf whole = BUF_INIT;

	buf_printf(&whole, "%s%s", prefix, text);
	for (size_t i = 0; i < unset->count; i++)
		if (unset->list[i].at.file == at.file &&
			str_equal(unset->list[i].text, whole.data))
			return;
	problems_add(unset, at, "%s", whole.data);
}

int unset_raise(struct problems *unset, struct err *err)
{
	CLEANUP_BUF struct buf text = BUF_INIT;

	if (unset->count == 0)
		return 0;
	problems_sort(unset);
	for (size_t i = 0; i < unset->count; i++)
		buf_printf(&text, "%s%s", i > 0 ? "; " : "", problem_text(unset, i));
	if (unset->left_out > 0)
		buf_printf(&text, "; and %zu more", unset->left_out);
	return err_config(err, "%s", text.data);
}
