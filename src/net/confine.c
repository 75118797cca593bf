/* SPDX-License-Identifier: MIT */
/* Giving up rights. */
#include "net/confine.h"

#include <grp.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/privilege.h"

#define NOBODY 65534 /* of every distribution, and the kernel's overflow id */

static void close_but(int keep)
{
	/* A kernel before 5.9 does not know it: they stay open, and nothing uses them. */
#ifdef SYS_close_range
	if (keep > 3)
		(void)syscall(SYS_close_range, 3U, (unsigned)keep - 1, 0U);
	(void)syscall(SYS_close_range, (unsigned)keep + 1, ~0U, 0U);
#else
	(void)keep;
#endif
}

static void drop_rights(void)
{
	const struct privileges none = {0};

	if (geteuid() == 0) {
		(void)setgroups(0, NULL); /* as below: best effort */
		(void)setresgid(NOBODY, NOBODY, NOBODY);
		(void)setresuid(NOBODY, NOBODY, NOBODY);
	}
	(void)privileges_set(&none);
	(void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); /* nor may that user look into it */
}

void confine(int keep)
{
	/* The keys of TLS are written to the first, code is loaded by the others. */
	static const char *const unwanted[] = {
		"SSLKEYLOGFILE", "OPENSSL_CONF", "OPENSSL_MODULES", "OPENSSL_ENGINES"};

	for (size_t i = 0; i < sizeof unwanted / sizeof *unwanted; i++)
		(void)unsetenv(unwanted[i]); /* cannot fail with such a name */
	close_but(keep);
	drop_rights();
}
