/* SPDX-License-Identifier: MIT */
/* Undoing escapes, with a function for each kind. */
#include "base/unescape.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/str.h"

#define OFFSET_MIN 6  /* digits */
#define SPACED_MIN 12 /* digits: no secret has fewer */

/* Behind the bytes of a dump's line they stand once more as text, which may be digits. */
#define XXD_COLUMNS  19
#define DUMP_COLUMNS 40

static int digit_value(char c)
{
	if (str_is_digit(c))
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return 16;
}

/* Reads up to `most` digits of `base`; returns how many there are. */
static size_t number(
	const char *text, size_t size, size_t most, int base, uint32_t *ret_value)
{
	size_t n = 0;

	*ret_value = 0;
	for (; n < size && n < most && digit_value(text[n]) < base; n++)
		*ret_value = *ret_value * (uint32_t)base + (uint32_t)digit_value(text[n]);
	return n;
}

void unescape_put(struct buf *ret, uint32_t code)
{
	static const unsigned char lead[] = {0, 0xc0, 0xe0, 0xf0};
	int more = (code >= 0x80) + (code >= 0x800) + (code >= 0x10000);

	buf_putc(ret, (char)(lead[more] | (code >> 6 * more & 0x7f)));
	while (more-- > 0)
		buf_putc(ret, (char)(0x80 | (code >> 6 * more & 0x3f)));
}

/* ---- one escape: how many bytes it has, or 0 where none begins ---- */

size_t unescape_utf16(const char *text, size_t size, uint32_t *ret_code)
{
	uint32_t low;

	if (size < 2 || text[1] != 'u' || number(text + 2, size - 2, 4, 16, ret_code) < 4)
		return 0;
	if (*ret_code < 0xd800 || *ret_code >= 0xdc00 || size < 12 || text[6] != '\\' ||
		text[7] != 'u' || number(text + 8, 4, 4, 16, &low) < 4 || low < 0xdc00 ||
		low >= 0xe000)
		return 6;
	*ret_code = 0x10000 + ((*ret_code - 0xd800) << 10) + (low - 0xdc00);
	return 12;
}

static size_t backslash(const char *text, size_t size, struct buf *ret)
{
	static const char letters[] = "abefnrtv";
	static const char meanings[] = "\a\b\033\f\n\r\t\v";
	const char *letter;
	uint32_t code;
	size_t n;

	if (text[0] != '\\' || size < 2)
		return 0;
	if (text[1] == 'x' && number(text + 2, size - 2, 2, 16, &code) == 2) {
		buf_putc(ret, (char)code);
		return 4;
	}
	n = unescape_utf16(text, size, &code);
	if (n > 0) {
		unescape_put(ret, code);
		return n;
	}
	if (text[1] == 'U' && number(text + 2, size - 2, 8, 16, &code) == 8) {
		unescape_put(ret, code);
		return 10;
	}
	n = number(text + 1, size - 1, 3, 8, &code);
	if (n > 0) {
		buf_putc(ret, (char)code);
		return n + 1;
	}
	letter = text[1] ? strchr(letters, text[1]) : NULL;
	buf_putc(ret, letter ? meanings[letter - letters] : text[1]);
	return 2;
}

static size_t percent(const char *text, size_t size, struct buf *ret)
{
	uint32_t code;

	if (text[0] != '%' || number(text + 1, size - 1, 2, 16, &code) < 2)
		return 0;
	buf_putc(ret, (char)code);
	return 3;
}

static size_t form(const char *text, size_t size, struct buf *ret)
{
	if (text[0] != '+')
		return percent(text, size, ret);
	buf_putc(ret, ' ');
	return 1;
}

/* The length of `word` if the text begins with it, or 0. */
static size_t begins(const char *text, size_t size, const char *word)
{
	size_t length = strlen(word);

	return size >= length && memcmp(text, word, length) == 0 ? length : 0;
}

static size_t shell(const char *text, size_t size, struct buf *ret)
{
	size_t n = begins(text, size, "'\\''") + begins(text, size, "'\"'\"'");

	if (n > 0)
		buf_putc(ret, '\'');
	return n;
}

static size_t doubled(const char *text, size_t size, struct buf *ret)
{
	if (size < 2 || text[0] != text[1] || (text[0] != '\'' && text[0] != '"'))
		return 0;
	buf_putc(ret, text[0]);
	return 2;
}

static size_t xml(const char *text, size_t size, struct buf *ret)
{
	static const struct {
		const char *name;
		char c;
	} names[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'},
		{"&apos;", '\''}};
	bool hex = size > 3 && (text[2] == 'x' || text[2] == 'X');
	size_t begin = hex ? 3 : 2;
	uint32_t code;
	size_t n;

	if (text[0] != '&')
		return 0;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		n = begins(text, size, names[i].name);
		if (n > 0) {
			buf_putc(ret, names[i].c);
			return n;
		}
	}
	if (size < 4 || text[1] != '#')
		return 0;
	n = number(text + begin, size - begin, 7, hex ? 16 : 10, &code);
	if (n == 0 || begin + n == size || text[begin + n] != ';')
		return 0;
	unescape_put(ret, code);
	return begin + n + 1;
}

static bool is_pair(const char *text, size_t size)
{
	return size >= 2 && digit_value(text[0]) < 16 && digit_value(text[1]) < 16;
}

static size_t prefix(const char *text, size_t size)
{
	return size > 2 && text[0] == '0' && text[1] == 'x' ? 2 : 0;
}

static size_t blanks(const char *text, size_t size)
{
	size_t n = 0;

	while (n < size && (text[n] == ' ' || text[n] == '\t'))
		n++;
	return n;
}

/* What a line begins with in front of its bytes: "00000010: ", "0000020 ", "    ". */
static size_t line_offset(const char *text, size_t size)
{
	uint32_t ignored;
	size_t n = number(text, size, 8, 16, &ignored);

	if (n < OFFSET_MIN || n == size || (text[n] != ':' && text[n] != ' '))
		n = 0;
	n += n < size && text[n] == ':';
	return n + blanks(text + n, size - n);
}

/* What is in front of the first byte of the next line, if this one ends so soon. */
static size_t next_line(const char *text, size_t size, size_t most)
{
	const char *end = memchr(text, '\n', size < most ? size : most);
	size_t n;

	if (!end)
		return 0;
	n = (size_t)(end + 1 - text);
	n += line_offset(text + n, size - n);
	n += prefix(text + n, size - n);
	return is_pair(text + n, size - n) ? n : 0;
}

/* What stands between two bytes in hexadecimal: a sign, or the end of a dump's line. */
static size_t spaced(const char *text, size_t size, struct buf *ret)
{
	size_t n = blanks(text, size);
	size_t line = n >= 2 ? next_line(text, size, XXD_COLUMNS) : 0;

	(void)ret;
	if (line > 0)
		return line;
	if (n < size && text[n] && strchr(":,-", text[n]))
		n += 1 + blanks(text + n + 1, size - n - 1);
	n += n > 0 ? prefix(text + n, size - n) : 0;
	if (n > 0 && is_pair(text + n, size - n))
		return n;
	return n > 0 || *text == '\n' || *text == '\r'
		? next_line(text, size, DUMP_COLUMNS)
		: 0;
}

/*
 * Are there so many bytes in hexadecimal around `at`, with the same sign between them? A
 * date and a time have other ones, or fewer.
 */
static bool is_spaced(const char *text, size_t size, size_t at)
{
	char sign = text[at];
	size_t digits = 0;

	while (digits < at && digits < SPACED_MIN &&
		digit_value(text[at - digits - 1]) < 16)
		digits++;
	while (digits > 1 && at < size && (text[at] == sign || text[at] == '\n')) {
		at += spaced(text + at, size - at, NULL);
		if (!is_pair(text + at, size - at))
			return false;
		for (; is_pair(text + at, size - at); at += 2)
			digits += 2;
		if (digits >= SPACED_MIN)
			return true;
	}
	return false;
}

static size_t (*const undo[UNESCAPE_COUNT])(
	const char *text, size_t size, struct buf *ret) = {
	[UNESCAPE_BACKSLASH] = backslash,
	[UNESCAPE_PERCENT] = percent,
	[UNESCAPE_FORM] = form,
	[UNESCAPE_SHELL] = shell,
	[UNESCAPE_DOUBLED] = doubled,
	[UNESCAPE_XML] = xml,
	[UNESCAPE_SPACED] = spaced,
};

unsigned unescape_kinds(const char *text, size_t size)
{
	unsigned kinds = 0;

	for (size_t i = 0; i < size; i++) {
		char c = text[i], next;

		if (c == '\\')
			kinds |= 1U << UNESCAPE_BACKSLASH;
		else if ((c == ' ' || c == ':' || c == ',' || c == '-' || c == '\n') &&
			!(kinds >> UNESCAPE_SPACED) && is_spaced(text, size, i))
			kinds |= 1U << UNESCAPE_SPACED;
		/* Nearly all characters are none of those below. */
		if (c > '+' || c < '"')
			continue;
		next = i + 1 < size ? text[i + 1] : '\0';
		if (c == '%')
			kinds |= 1U << UNESCAPE_PERCENT;
		else if (c == '+')
			kinds |= 1U << UNESCAPE_FORM;
		else if (c == '&')
			kinds |= 1U << UNESCAPE_XML;
		else if (c == '\'' && (next == '\\' || next == '"'))
			kinds |= 1U << UNESCAPE_SHELL;
		else if (c == next && (c == '\'' || c == '"'))
			kinds |= 1U << UNESCAPE_DOUBLED;
	}
	return kinds;
}

bool unescape(enum unescape how, const char *text, size_t size, struct buf *ret,
	size_t **ret_starts)
{
	size_t before = ret->len;
	size_t *starts;
	bool found = false;

	buf_reserve(ret, size);
	starts = mem_resize(NULL, size + 1, sizeof *starts);
	for (size_t at = 0; at < size;) {
		size_t from = ret->len;
		size_t n = undo[how](text + at, size - at, ret);

		found |= n > 0;
		if (n == 0) {
			buf_putc(ret, text[at]);
			n = 1;
		}
		for (size_t i = from; i < ret->len; i++)
			starts[i - before] = at;
		at += n;
	}
	starts[ret->len - before] = size;
	if (found) {
		*ret_starts = starts;
		return true;
	}
	free(starts);
	buf_truncate(ret, before);
	return false;
}
