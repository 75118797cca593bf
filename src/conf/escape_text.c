/* SPDX-License-Identifier: MIT */
/* The literal text around values, and the words of YAML that are complete in it. */
#include "base/buf.h"
#include "base/str.h"
#include "conf/escape.h"
#include "conf/escape_value.h"
#include "conf/shell_code.h"
#include "conf/shell_words.h"

/* Quotes the word that ends `behind` bytes, and white space, before the end. */
static void complete_word(
	struct lexer *lexer, enum lexer_word kind, size_t behind, struct buf *ret)
{
	CLEANUP_BUF struct buf word = BUF_INIT, rest = BUF_INIT;
	size_t begin = ret->len - lexer->token_size;
	size_t end = ret->len - behind;

	while (end > begin && str_is_space(ret->data[end - 1]))
		end--;
	buf_add(&word, ret->data + begin, end - begin);
	if (!escape_yaml_needs_quotes(word.data, kind == LEXER_KEY))
		return;
	buf_add(&rest, ret->data + end, ret->len - end);
	buf_truncate(ret, begin);
	buf_printf(ret, "\"%s\"", word.data);
	buf_add(ret, rest.data, rest.len);
	lexer->token_size += 2;
}

void escape_text(struct lexer *lexer, const char *text, size_t size, struct buf *ret)
{
	while (size > 0) {
		size_t n = lexer_feed(lexer, text, size);

		buf_add(ret, text, n);
		if (lexer->complete)
			complete_word(lexer, lexer->complete,
				lexer->complete == LEXER_KEY ? 2 : 1, ret);
		text += n;
		size -= n;
	}
}

void escape_end(struct lexer *lexer, struct buf *ret)
{
	if (lexer->joined && !lexer->lost)
		complete_word(lexer, LEXER_WORD, 0, ret);
}

void escape_pass(struct lexer *lexer, const struct buf *ret, size_t size)
{
	if (lexer->language == LEXER_SHELL)
		shell_code_pass(lexer, ret, size);
	lexer_pass(lexer, size);
}

void escape_release(struct lexer *lexer)
{
	shell_words_release(lexer->words);
	lexer->words = NULL;
}
