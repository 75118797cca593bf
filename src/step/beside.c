/* SPDX-License-Identifier: MIT */
/* Sources that are the default of a variable. */
#include "step/beside.h"

#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/str.h"
#include "conf/expand.h"
#include "conf/reference.h"
#include "conf/value.h"

bool beside_is_default(
	const struct setting *setting, const char *path, struct arena *arena)
{
	const char *text = setting->value->flat, *operand;
	CLEANUP_TOKENS struct tokens tokens = tokens_of(text, strlen(text));
	struct token token = token_next(&tokens);
	struct reference ref;
	DECLARE_ERR(ignored);

	if (token.type != TOKEN_REFERENCE || token.size < strlen(text) ||
		reference_parse(text, token.size, NULL, &ref, &ignored) < 0 ||
		(ref.operator_ != OPERATOR_DEFAULT &&
			ref.operator_ != OPERATOR_DEFAULT_UNSET))
		return false;
	operand = arena_memdup(arena, ref.operand, ref.operand_size);
	return *operand != '/' && !expand_needed(operand) &&
		str_equal(path_join(arena, setting->value->dir, operand), path);
}
