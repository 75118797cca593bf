/* SPDX-License-Identifier: MIT */
/* The forms of keys: one row a type. */
#include "step/key_form.h"

#include <string.h>

#include "base/crypto.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/problems.h"
#include "base/str.h"

#define PASSWORD_CHARACTERS_MIN 10 /* different ones: 53 bits in the shortest password */
#define PRINTABLE_MAX           94
#define UUID_BYTES              16

const char *const key_types[] = {"random", "password", "uuid", "ed25519", "x25519", NULL};
const char *const key_encodings[] = {"hex", "base64", "base64url", "raw", NULL};

/* ---- which keys belong to which type ---- */

#define OF(type) (1U << (type))
#define PAIRS    (OF(KEY_ED25519) | OF(KEY_X25519))

static const struct {
	const char *key;
	unsigned types;
	const char *only;
} restricted[] = {
	{"bytes", OF(KEY_RANDOM) | OF(KEY_PASSWORD), "random or password"},
	{"encoding", OF(KEY_RANDOM) | PAIRS, "random, ed25519 or x25519"},
	{"charset", OF(KEY_PASSWORD), "password"},
	{"public", PAIRS, "ed25519 or x25519"},
};

static bool is_encoded(int type)
{
	return OF(type) & (OF(KEY_RANDOM) | PAIRS);
}

void key_form_check_section(const struct section *section, enum key_type type,
	int encoding, struct problems *problems)
{
	const struct setting *setting;

	for (size_t i = 0; i < sizeof restricted / sizeof *restricted; i++) {
		setting = section_get(section, restricted[i].key);
		/* [defaults:key] is for all types. */
		if (setting && !setting->defaulted && !(OF(type) & restricted[i].types))
			problems_add(problems, setting->at,
				"[%s] %s: means nothing for type = %s; it is for %s",
				section->id, restricted[i].key, key_types[type],
				restricted[i].only);
	}
	setting = section_get(section, "env");
	if (setting && is_encoded((int)type) && encoding == ENCODING_RAW)
		problems_add(problems, setting->at,
			"[%s] env: a raw key can hold any byte and cannot stand in a "
			"variable; use encoding = hex, base64 or base64url",
			section->id);
}

bool key_form_is_raw(const struct key_conf *conf)
{
	return is_encoded(conf->type) && conf->encoding == ENCODING_RAW;
}

void key_form_describe(const struct key_conf *conf, struct buf *ret)
{
	switch ((enum key_type)conf->type) {
	case KEY_RANDOM:
		buf_printf(ret, "%lld random bytes, %s", (long long)conf->bytes,
			key_encodings[conf->encoding]);
		break;
	case KEY_PASSWORD:
		buf_printf(ret, "a password of %lld characters", (long long)conf->bytes);
		break;
	case KEY_UUID:
		buf_puts(ret, "a random UUID");
		break;
	case KEY_ED25519:
	case KEY_X25519:
		buf_printf(ret, "%s, %s", key_types[conf->type],
			key_encodings[conf->encoding]);
		break;
	}
}

/* ---- passwords ---- */

static int bad_charset(struct err *err, const char *text, const char *why)
{
	return err_config(err, "'%s' %s", text, why);
}

/* Each character once, in `ret`. Returns 0, or -1. */
static int parse_charset(
	const char *text, char ret[PRINTABLE_MAX + 1], size_t *ret_count, struct err *err)
{
	bool has[128] = {false};
	size_t count = 0;

	for (const char *c = text; *c; c++) {
		bool range = c[1] == '-' && c[2];
		char first = *c, last = range ? c[2] : *c;

		if (first <= ' ' || first > '~' || last <= ' ' || last > '~')
			return bad_charset(err, text,
				"has white space, or a character that is not ASCII");
		if (last < first)
			return bad_charset(err, text,
				"has a range that ends before it begins; write a '-' "
				"that is none last");
		for (int one = (unsigned char)first; one <= last; one++)
			has[one] = true;
		c += range ? 2 : 0;
	}
	for (int one = '!'; one <= '~'; one++)
		if (has[one])
			ret[count++] = (char)one;
	ret[count] = '\0';
	*ret_count = count;
	return 0;
}

int key_form_check_charset(const char *text, struct err *err)
{
	char set[PRINTABLE_MAX + 1];
	size_t count, size = strlen(text);

	if (size > 2 && *text == '[' && text[size - 1] == ']')
		return err_config(err,
			"the brackets would be characters of it: leave them out, or "
			"write them behind one another, ][");
	if (parse_charset(text, set, &count, err) < 0)
		return -1;
	if (count >= PASSWORD_CHARACTERS_MIN)
		return 0;
	return err_config(err,
		"'%s' has %zu different characters, and %d are the least for a password",
		text, count, PASSWORD_CHARACTERS_MIN);
}

/* The characters of a charset that was checked when it was read. */
static size_t charset_of(const struct key_conf *conf, char ret[PRINTABLE_MAX + 1])
{
	DECLARE_ERR(ignored);
	size_t count = 0;

	(void)parse_charset(conf->charset, ret, &count, &ignored);
	return count;
}

static void make_password(const struct key_conf *conf, struct buf *ret)
{
	char set[PRINTABLE_MAX + 1];
	size_t count = charset_of(conf, set);

	for (int64_t i = 0; i < conf->bytes; i++)
		buf_putc(ret, set[crypto_random_below((uint32_t)count)]);
}

static int check_password(const struct key_conf *conf, const char *text, size_t size,
	const char *source, struct err *err)
{
	char set[PRINTABLE_MAX + 1];

	(void)charset_of(conf, set);
	if (size != (size_t)conf->bytes)
		return err_fail(err,
			"%s has %zu characters, not %lld; it is left as it is: correct "
			"`bytes`, or restore it, or write validate = no, which takes any",
			source, size, (long long)conf->bytes);
	if (strspn(text, set) != size)
		return err_fail(err,
			"%s has a character that is not in `charset`; it is left as it "
			"is: correct `charset`, or restore it, or write validate = no, "
			"which takes any",
			source);
	return 0;
}

/* ---- UUIDs ---- */

static bool is_dash(size_t at)
{
	return at == 8 || at == 13 || at == 18 || at == 23;
}

static void make_uuid(struct buf *ret)
{
	CLEANUP_BUF struct buf hex = BUF_INIT;
	unsigned char bytes[UUID_BYTES];

	crypto_random(bytes, sizeof bytes);
	bytes[6] = (bytes[6] & 0x0f) | 0x40; /* version 4: random */
	bytes[8] = (bytes[8] & 0x3f) | 0x80; /* the variant of RFC 9562 */
	crypto_encode(ENCODING_HEX, bytes, sizeof bytes, &hex);
	mem_wipe(bytes, sizeof bytes);
	for (size_t i = 0, at = 0; i < hex.len; at++)
		buf_putc(ret, is_dash(at) ? '-' : hex.data[i++]);
}

/* Of any version, since it may be older than this configuration. */
static bool decode_uuid(const char *text, size_t size, struct buf *ret)
{
	CLEANUP_BUF struct buf hex = BUF_INIT;

	for (size_t at = 0; at < size; at++) {
		if (is_dash(at) != (text[at] == '-'))
			return false;
		if (!is_dash(at))
			buf_putc(&hex, text[at]);
	}
	return size == UUID_BYTES * 2 + 4 &&
		crypto_decode(ENCODING_HEX, hex.data, hex.len, ret);
}

/* ---- all types ---- */

static size_t bytes_of(const struct key_conf *conf)
{
	return conf->type == KEY_RANDOM ? (size_t)conf->bytes : KEY_PAIR_SIZE;
}

static void make_bytes(const struct key_conf *conf, struct buf *ret)
{
	unsigned char bytes[KEY_BYTES_MAX];

	crypto_random(bytes, bytes_of(conf));
	if (conf->type == KEY_X25519)
		crypto_x25519_clamp(bytes);
	crypto_encode((enum encoding)conf->encoding, bytes, bytes_of(conf), ret);
	mem_wipe(bytes, sizeof bytes);
}

void key_form_make(const struct key_conf *conf, struct buf *ret)
{
	buf_puts(ret, conf->prefix);
	if (conf->type == KEY_PASSWORD)
		make_password(conf, ret);
	else if (conf->type == KEY_UUID)
		make_uuid(ret);
	else
		make_bytes(conf, ret);
}

/* None is made so; what a file system has lost in a crash is. */
static int must_not_be_zeros(
	const char *bytes, size_t size, const char *source, struct err *err)
{
	for (size_t i = 0; i < size; i++)
		if (bytes[i])
			return 0;
	return err_fail(err,
		"%s holds zeros alone, as a file does whose text a crash has lost; no "
		"new key is made over it: restore the key, or remove it if nothing was "
		"made under it",
		source);
}

static int check_encoded(const struct key_conf *conf, const char *text, size_t size,
	const char *source, struct buf *ret, struct err *err)
{
	size_t before = ret->len;

	if (!crypto_decode((enum encoding)conf->encoding, text, size, ret))
		return err_fail(err,
			"%s is not %s; it is left as it is: correct `encoding`, or "
			"restore it",
			source, key_encodings[conf->encoding]);
	if (ret->len - before == bytes_of(conf))
		return must_not_be_zeros(
			ret->data + before, ret->len - before, source, err);
	return err_fail(err,
		"%s holds %zu bytes, not %zu; it is left as it is: correct `%s`, or "
		"restore it",
		source, ret->len - before, bytes_of(conf),
		conf->type == KEY_RANDOM ? "bytes" : "type");
}

int key_form_check(const struct key_conf *conf, const struct buf *key, const char *source,
	struct buf *ret_bytes, struct err *err)
{
	size_t prefix = strlen(conf->prefix);
	const char *text = key->data + prefix;
	size_t size = key->len - prefix, before = ret_bytes->len;

	if (strncmp(key->data, conf->prefix, prefix) != 0)
		return err_fail(err,
			"%s does not begin with the prefix '%s'; it is left as it is",
			source, conf->prefix);
	if (conf->type == KEY_PASSWORD)
		return check_password(conf, text, size, source, err);
	if (conf->type != KEY_UUID)
		return check_encoded(conf, text, size, source, ret_bytes, err);
	if (decode_uuid(text, size, ret_bytes))
		return must_not_be_zeros(
			ret_bytes->data + before, ret_bytes->len - before, source, err);
	return err_fail(err,
		"%s is not a UUID; it is left as it is: correct `type`, or restore it",
		source);
}

void key_form_public(
	const struct key_conf *conf, const struct buf *private, struct buf *ret)
{
	unsigned char public[KEY_PAIR_SIZE];
	const void *bytes = private->data;

	if (conf->type == KEY_ED25519)
		crypto_ed25519_public(bytes, public);
	else
		crypto_x25519_public(bytes, public);
	crypto_encode((enum encoding)conf->encoding, public, sizeof public, ret);
}
