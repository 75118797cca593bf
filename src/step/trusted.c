/* SPDX-License-Identifier: MIT */
/* The authorities that verify the servers of a step. */
#include "step/trusted.h"

#include "base/err.h"
#include "net/trust.h"
#include "step/parents.h"
#include "step/source.h"
#include "step/step.h"

int trusted_find(const struct step *step, struct ctx *ctx, const char *ca_file,
	struct trust *ret, struct err *err)
{
	int rc = trust_find(&ctx->fs, ca_file, ctx->env, ret, err);

	if (rc == 1) {
		(void)parents_missing(ctx, ret->path, err); /* always -1 */
		return *ca_file ? source_locate(step, "ca_file", err)
				: err_prefix(err, "SSL_CERT_FILE");
	}
	return rc < 0 && *ca_file ? step_locate_key(step, "ca_file", err) : rc;
}
