/* SPDX-License-Identifier: MIT */
/* A state directory in the test's temporary directory. */
#ifndef TESTS_STATE_STATE_H
#define TESTS_STATE_STATE_H

#include "../directory.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/stop.h"
#include "state/record.h"
#include "state/state.h"

/* Who we are now. */
static struct fs disk = FS_INIT;

static inline struct state at(const char *name)
{
	struct state ret = STATE_INIT;

	disk = (struct fs)FS_INIT;
	fs_begin(&disk);
	ret.path = in(name);
	ret.fs = &disk;
	return ret;
}

static inline void writes(struct state *s, const char *name, const char *text)
{
	DECLARE_ERR(err);

	if (state_write(s, name, text, strlen(text), &err) < 0)
		fail_msg("%s", err.text);
}

/* NULL: there is none. */
static inline void reads(struct state *s, const char *name, const char *text)
{
	CLEANUP_BUF struct buf ret = BUF_INIT;
	DECLARE_ERR(err);
	int rc = state_read(s, name, 1000, &ret, &err);

	if (rc < 0)
		fail_msg("%s", err.text);
	assert_int_equal(rc, text ? 0 : 1);
	assert_string_equal(ret.data, text ? text : "");
}

static inline void refuses(struct state *s, const char *says)
{
	DECLARE_ERR(err);

	assert_int_equal(state_write(s, "x", "x", 1, &err), -1);
	if (!strstr(err.text, says))
		fail_msg("'%s' does not say '%s'", err.text, says);
}

#endif
