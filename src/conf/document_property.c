/* SPDX-License-Identifier: MIT */
/* Keys of Java properties files. */
#include "conf/document_property.h"

#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "base/unescape.h"

/* What the escape stands for that begins the text; returns its size. */
static size_t put_escaped(struct buf *name, struct span text)
{
	static const char letters[] = "tnrf", meant[] = "\t\n\r\f";
	const char *letter = text.size > 1 ? strchr(letters, text.data[1]) : NULL;
	uint32_t code;
	size_t size = unescape_utf16(text.data, text.size, &code);

	if (size) {
		unescape_put(name, code);
		return size;
	}
	if (text.size > 1 && strchr("\r\n", text.data[1])) {
		for (size = 2; size < text.size && str_is_space(text.data[size]);)
			size++;
		return size;
	}
	/* A blank behind the backslash at the end was trimmed. */
	buf_putc(name,
		text.size < 2    ? ' '
			: letter ? meant[letter - letters]
				 : text.data[1]);
	return text.size < 2 ? 1 : 2;
}

void property_put_key(struct buf *ret, struct span key)
{
	for (size_t i = 0; i < key.size;) {
		if (key.data[i] != '\\')
			buf_putc(ret, key.data[i++]);
		else
			i += put_escaped(ret, (struct span){key.data + i, key.size - i});
	}
}

static bool is(const struct buf *name, const char *data, size_t size)
{
	return name->len == size && (!size || memcmp(name->data, data, size) == 0);
}

bool property_is_key(struct span name, const char *key)
{
	CLEANUP_BUF struct buf plain = BUF_INIT;

	property_put_key(&plain, name);
	return is(&plain, key, strlen(key));
}

bool property_same_key(struct span one, struct span other)
{
	CLEANUP_BUF struct buf a = BUF_INIT, b = BUF_INIT;

	property_put_key(&a, one);
	property_put_key(&b, other);
	return is(&a, b.data, b.len);
}
