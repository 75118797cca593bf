/* SPDX-License-Identifier: MIT */
/* The keys of the kind `download`, and how they go together. */
#include <string.h>
#include <strings.h>

#include "base/err.h"
#include "base/problems.h"
#include "base/str.h"
#include "step/download_work.h"
#include "step/step.h"
#include "step/url_secrets.h"

#define SIZE_MAX_BYTES ((int64_t)1 << 50)
#define TOKEN_LEAST    20 /* bytes of a token; names of files are shorter */

static int check_url(const char *text, struct err *err)
{
	struct arena arena = {0};
	struct url url;
	int rc = url_parse(text, &arena, &url, err);

	arena_release(&arena);
	return rc;
}

/* What it is the size of, for people; NULL: nothing that is known. */
static const char *digest_of_size(size_t size)
{
	static const struct {
		size_t size;
		const char *names;
	} sizes[] = {{32, "md5"}, {40, "sha1"}, {56, "sha224"}, {64, "sha256"},
		{96, "sha384"}, {128, "sha512 or blake2b"}};

	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
		if (sizes[i].size == size)
			return sizes[i].names;
	return NULL;
}

static int check_hex(const char *text, enum tls_digest which, struct err *err)
{
	const char *name = tls_digest_name(which);
	int wanted = (int)(2 * tls_digest_size(which));
	size_t size = strlen(text), digits = strspn(text, "0123456789abcdefABCDEF");
	const char *other = digits == size ? digest_of_size(size) : NULL;

	if (digits == size && size == (size_t)wanted)
		return 0;
	if (*text == '"' || *text == '\'')
		return err_config(err, "stands in quotes; its digits are written alone");
	if (strncasecmp(text, name, strlen(name)) == 0)
		return err_config(err,
			"begins with the name of the digest; its %d hexadecimal digits "
			"are written alone",
			wanted);
	if (digits == (size_t)wanted && (text[digits] == ' ' || text[digits] == '\t'))
		return err_config(err,
			"is a whole line of %ssum(1); its %d hexadecimal digits are "
			"written alone",
			which == TLS_BLAKE2B ? "b2" : name, wanted);
	if (digits < size)
		return err_config(err,
			"has what is no hexadecimal digit behind the first %zu; a %s has "
			"%d of them, and nothing else",
			digits, name, wanted);
	return err_config(err, "has %zu hexadecimal digits%s%s%s; a %s has %d", size,
		other ? ", as " : "", other ? other : "", other ? " has" : "", name,
		wanted);
}

static int check_sha256(const char *text, struct err *err)
{
	return check_hex(text, TLS_SHA256, err);
}

static int check_sha512(const char *text, struct err *err)
{
	return check_hex(text, TLS_SHA512, err);
}

static int check_blake2b(const char *text, struct err *err)
{
	return check_hex(text, TLS_BLAKE2B, err);
}

/* Is it what the file should hold? Then no message may show it. */
static bool looks_like_token(const char *text)
{
	static const char *const schemes[] = {"Authorization:", "Bearer ", "Basic "};
	size_t size = strlen(text);

	for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
		if (strncasecmp(text, schemes[i], strlen(schemes[i])) == 0)
			return true;
	if (strchr(text, '/') || !strpbrk(text, "0123456789"))
		return false;
	/* One with dots is a JWT (RFC 7519), which begins with "{" in base64. */
	return size >= TOKEN_LEAST && (!strchr(text, '.') || str_starts(text, "ey"));
}

static int check_header_file(const char *text, struct err *err)
{
	if (!looks_like_token(text))
		return 0;
	return err_config(err,
		"looks like the token itself, and is to be the path of a file that holds "
		"it; a file beside the drop-in is written ./NAME");
}

static int check_key(const char *text, struct err *err)
{
	struct minisign_key key;

	return minisign_key_parse(text, &key, err);
}

#define OFFSET(member) offsetof(struct download_conf, member)

const struct field download_fields[] = {
	{"url", FIELD_LIST, OFFSET(url), .required = true, .check = check_url,
		.elsewhere = "src source from uri", .unquoted = true,
		.help = "where it is; of several, which are tried in this order, each "
			"is to have the same file",
		.example = "https://example.org/model.bin"},
	{"path", FIELD_PATH, OFFSET(path), .required = true, .made = true,
		.elsewhere = "dest destination target output out file",
		.help = "the file that it becomes"},
	{"sha256", FIELD_STRING, OFFSET(digests[TLS_SHA256]), .check = check_sha256,
		.elsewhere = "checksum digest hash sum", .unquoted = true,
		.otherwise =
			"md5 md5sum sha1 sha1sum crc32: files that differ can be "
			"made to have the same; write sha256, as sha256sum(1) prints "
			"it of the right file",
		.help = "its digest, as sha256sum(1) prints it",
		.example = "98ad61a25e3683b6adf2474b01bbe1c27de6aad2ce3a80ff4140fe473c"
			   "14e691"},
	{"sha512", FIELD_STRING, OFFSET(digests[TLS_SHA512]), .check = check_sha512,
		.unquoted = true, .help = "its digest, as sha512sum(1) prints it",
		.example = "71dc800f17e1cbdd767df535a899dec116c0132f51cd417ff464eca258"
			   "824739e7e577433d6349ce2953b995c73d3e2b60cf33b74df30ab5e8dd"
			   "a8e09edf11a0"},
	{"blake2b", FIELD_STRING, OFFSET(digests[TLS_BLAKE2B]), .check = check_blake2b,
		.unquoted = true, .help = "its digest, as b2sum(1) prints it",
		.example = "d10a845f6569980d9078da00ce2d86f1d0d738c07ad197dd170e07cc1a"
			   "31792f39472711e54152c7913310d0361fa5447d4c70e2210785886d8d"
			   "a489dd285885"},
	{"size", FIELD_COUNT, OFFSET(size), .min = 1, .max = SIZE_MAX_BYTES,
		.help = "its size in bytes: what sends more is left at once",
		.example = "1048576"},
	{"minisign", FIELD_STRING, OFFSET(minisign), .check = check_key,
		.help = "the public key of minisign(1) that signed it; the signature is "
			"fetched from the same URL with `.minisig` behind it, and kept "
			"beside the file",
		.example = "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3"},
	{"minisign_legacy", FIELD_BOOL, OFFSET(minisign_legacy), "no",
		.needs = "minisign",
		.help = "whether a signature of the file itself, not its hash, counts"},
	{"version", FIELD_STRING, OFFSET(version), .needs = "minisign",
		.help = "what `version:` in the signature's trusted comment must say",
		.example = "1.4.2"},
	ACCESS_FIELDS(struct download_conf, NULL,
		"of the file (0644), or of the directory (0755)"),
	{"unpack", FIELD_BOOL, OFFSET(unpack), "no",
		.help = "whether it is an archive of tar(1) that `path`, a directory, is "
			"made of"},
	{"strip", FIELD_COUNT, OFFSET(strip), "0", .max = 20, .needs = "unpack=yes",
		.help = "how many directories at the front of its names are left out"},
	{"header_file", FIELD_READ_PATH, OFFSET(header_file), .check = check_header_file,
		.unquoted = true, .elsewhere = "header headers token token_file auth",
		.help = "a file with lines `Name: value`, or one token (`Authorization: "
			"Bearer`), that the hosts of `url` alone are sent, each of them",
		.example = "/run/secrets/token"},
	{"ca_file", FIELD_READ_PATH, OFFSET(ca_file),
		.elsewhere = "ca cacert ca_cert ca_certificate cafile",
		.help = "certificates, in PEM, of the authorities that may sign the "
			"server's (default: the system's)",
		.example = "/etc/app/ca.pem"},
	{"redirects", FIELD_COUNT, OFFSET(redirects), "10", .max = 50,
		.help = "how many redirects are followed; never from https to http"},
	{"read_timeout", FIELD_DURATION, OFFSET(read_timeout_ms), "60s", .min = 1,
		.help = "how long a server may send nothing, no line of its head and "
			"nothing of the file; `timeout` is for all of it"},
	{"resume", FIELD_BOOL, OFFSET(resume), "yes",
		.help = "whether what was fetched before goes on where it ended"},
	{"offline_ok", FIELD_BOOL, OFFSET(offline_ok), "no",
		.help = "whether the file that is there, whatever it is, does where "
			"none can be fetched: a warning, not an error"},
	{0},
};

void download_validate(const struct section *section, struct problems *problems)
{
	static const char *const verified[] = {"sha256", "sha512", "blake2b", "minisign"};
	bool any = false;

	for (size_t i = 0; i < sizeof verified / sizeof *verified; i++)
		any |= section_get(section, verified[i]) != NULL;
	if (!any)
		problems_add(problems, section->at,
			"[%s] nothing says what the file must be: write `sha256`, "
			"`sha512`, `blake2b` or `minisign`",
			section->id);
}

/* What is there of another version lies in another directory. */
static void judge_offline(const struct step *step, struct problems *problems)
{
	const struct download_conf *conf = step->conf;
	const struct setting *key = section_get(step->section, "offline_ok");

	if (conf->unpack && conf->offline_ok && !key->defaulted)
		problems_add(problems, key->at,
			"[%s] offline_ok: is of a file, and not of what `unpack` makes; "
			"write `critical = no`, and a link to the version before stays",
			step->id);
}

void download_prepare(struct step *step, struct ctx *ctx, struct problems *problems)
{
	const struct download_conf *conf = step->conf;

	if (!tls_available)
		problems_add(problems, step->section->at,
			"[%s] this build has no network (NETWORK=no): nothing can be "
			"downloaded",
			step->id);
	judge_offline(step, problems);
	step->prepared = arena_alloc(ctx->arena, sizeof(struct download_memory));
	/* Other steps may print them, also where nothing is fetched. */
	for (size_t i = 0; i < conf->url.count; i++) {
		struct url url;
		DECLARE_ERR(ignored); /* each was judged when it was expanded */

		if (url_parse(conf->url.items[i], ctx->arena, &url, &ignored) == 0)
			url_secrets_add(&url, ctx->secrets);
	}
}
