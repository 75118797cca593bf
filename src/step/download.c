/* SPDX-License-Identifier: MIT */
/* The kind `download`: a file that is fetched, verified, and only then published. */
#include <string.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/problems.h"
#include "base/str.h"
#include "step/clash.h"
#include "step/download_work.h"
#include "step/mounted.h"
#include "step/parents.h"
#include "step/step.h"

#define SIZE_MAX_BYTES ((int64_t)1 << 50)

static int check_url(const char *text, struct err *err)
{
	struct arena arena = {0};
	struct url url;
	int rc = url_parse(text, &arena, &url, err);

	arena_release(&arena);
	return rc;
}

static int check_hex(const char *text, enum tls_digest which, struct err *err)
{
	size_t wanted = 2 * tls_digest_size(which);

	if (strlen(text) == wanted && strspn(text, "0123456789abcdefABCDEF") == wanted)
		return 0;
	return err_config(err, "is no %s: that has %zu hexadecimal digits",
		tls_digest_name(which), wanted);
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

static int check_key(const char *text, struct err *err)
{
	struct minisign_key key;

	return minisign_key_parse(text, &key, err);
}

#define OFFSET(member) offsetof(struct download_conf, member)

static const struct field fields[] = {
	{"url", FIELD_LIST, OFFSET(url), .required = true, .check = check_url,
		.unquoted = true,
		.help = "where it is; of several, which are tried in this order, each "
			"is to have the same file",
		.example = "https://example.org/model.bin"},
	{"path", FIELD_PATH, OFFSET(path), .required = true, .made = true,
		.help = "the file that it becomes"},
	{"sha256", FIELD_STRING, OFFSET(digests[TLS_SHA256]), .check = check_sha256,
		.help = "its digest, as sha256sum(1) prints it",
		.example = "98ad61a25e3683b6adf2474b01bbe1c27de6aad2ce3a80ff4140fe473c"
			   "14e691"},
	{"sha512", FIELD_STRING, OFFSET(digests[TLS_SHA512]), .check = check_sha512,
		.help = "its digest, as sha512sum(1) prints it",
		.example = "71dc800f17e1cbdd767df535a899dec116c0132f51cd417ff464eca258"
			   "824739e7e577433d6349ce2953b995c73d3e2b60cf33b74df30ab5e8dd"
			   "a8e09edf11a0"},
	{"blake2b", FIELD_STRING, OFFSET(digests[TLS_BLAKE2B]), .check = check_blake2b,
		.help = "its digest, as b2sum(1) prints it",
		.example = "d10a845f6569980d9078da00ce2d86f1d0d738c07ad197dd170e07cc1a"
			   "31792f39472711e54152c7913310d0361fa5447d4c70e2210785886d8d"
			   "a489dd285885"},
	{"size", FIELD_COUNT, OFFSET(size), .min = 1, .max = SIZE_MAX_BYTES,
		.help = "its size in bytes: what sends more is left at once"},
	{"minisign", FIELD_STRING, OFFSET(minisign), .check = check_key,
		.help = "the public key of minisign(1) that signed it; the signature is "
			"fetched from the same URL with `.minisig` behind it, and kept "
			"beside the file",
		.example = "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3"},
	{"minisign_legacy", FIELD_BOOL, OFFSET(minisign_legacy), "no",
		.help = "whether a signature of the file itself, not its hash, counts"},
	{"version", FIELD_STRING, OFFSET(version),
		.help = "what `version:` in the signature's trusted comment must say",
		.example = "1.4.2"},
	ACCESS_FIELDS(struct download_conf, "0644", "of the file"),
	{"header_file", FIELD_READ_PATH, OFFSET(header_file),
		.help = "a file with lines `Name: value`, or one token (`Authorization: "
			"Bearer`), that the URL's own host alone is sent"},
	{"ca_file", FIELD_READ_PATH, OFFSET(ca_file),
		.help = "certificates, in PEM, of the authorities that may sign the "
			"server's (default: the system's)"},
	{"redirects", FIELD_COUNT, OFFSET(redirects), "10", .max = 50,
		.help = "how many redirects are followed; never from https to http"},
	{"read_timeout", FIELD_DURATION, OFFSET(read_timeout_ms), "60s", .min = 1,
		.help = "how long a server may send nothing; `timeout` is for all of it"},
	{"resume", FIELD_BOOL, OFFSET(resume), "yes",
		.help = "whether what was fetched before goes on where it ended"},
	{"offline_ok", FIELD_BOOL, OFFSET(offline_ok), "no",
		.help = "whether the file that is there, whatever it is, does where "
			"none can be fetched: a warning, not an error"},
	{0},
};

static void validate(const struct section *section, struct problems *problems)
{
	static const char *const verified[] = {"sha256", "sha512", "blake2b", "minisign"};
	static const char *const signed_only[] = {"version", "minisign_legacy"};
	bool any = false;

	if (!tls_available)
		problems_add(problems, section->at,
			"[%s] this build has no network (NETWORK=no): nothing can be "
			"downloaded",
			section->id);
	for (size_t i = 0; i < sizeof verified / sizeof *verified; i++)
		any |= section_get(section, verified[i]) != NULL;
	if (!any)
		problems_add(problems, section->at,
			"[%s] nothing says what the file must be: write `sha256`, "
			"`sha512`, `blake2b` or `minisign`",
			section->id);
	for (size_t i = 0; i < sizeof signed_only / sizeof *signed_only; i++)
		if (section_get(section, signed_only[i]) &&
			!section_get(section, "minisign"))
			problems_add(problems, section_get(section, signed_only[i])->at,
				"[%s] %s: is of a signature, and there is no `minisign`",
				section->id, signed_only[i]);
}

static void prepare(struct step *step, struct ctx *ctx, struct problems *problems)
{
	(void)problems;
	step->prepared = arena_alloc(ctx->arena, sizeof(struct download_memory));
}

/* ---- what is there ---- */

enum content { MISSING, OTHER, SAME };

/* The signature beside the file. Returns 0, or 1 where there is none. */
static int read_signature(const struct download_conf *conf, struct ctx *ctx,
	struct buf *ret, struct err *err)
{
	return *conf->minisign ? fs_read(&ctx->fs, download_signature_path(conf, ctx),
					 FS_OURS, MINISIGN_MAX, ret, err)
			       : 1;
}

/* Does the file hold what the step names? `why` has the reason if not. */
static int look(const struct download_conf *conf, struct ctx *ctx, struct stat *ret,
	struct buf *why, struct err *err)
{
	CLEANUP_BUF struct buf signature = BUF_INIT;
	CLEANUP_HASHES struct download_hashes hashes = {.size = 0};
	CLEANUP_FD int fd = -1;
	int rc = fs_open_file(&ctx->fs, conf->path, FS_TARGET, &fd, ret, err);
	int unsigned_rc;

	if (rc != 0)
		return rc < 0 ? -1 : MISSING;
	if (conf->size && ret->st_size != conf->size) {
		buf_printf(why, "has %lld bytes, not %lld", (long long)ret->st_size,
			(long long)conf->size);
		return OTHER;
	}
	unsigned_rc = read_signature(conf, ctx, &signature, err);
	if (unsigned_rc < 0)
		return -1;
	download_hashes_begin(&hashes, conf);
	if (download_hashes_read(&hashes, fd, conf->path, ctx, err) < 0)
		return -1;
	return download_verify(&hashes, conf, fd, unsigned_rc ? NULL : &signature, why)
		? SAME
		: OTHER;
}

static const char *first_shown(const struct download_conf *conf, struct ctx *ctx)
{
	struct url url;
	DECLARE_ERR(ignored); /* each was judged when it was expanded */

	return url_parse(conf->url.items[0], ctx->arena, &url, &ignored) == 0 ? url.shown
									      : "its URL";
}

static int check(
	const struct step *step, struct ctx *ctx, struct buf *why, struct err *err)
{
	const struct download_conf *conf = step->conf;
	CLEANUP_BUF struct buf differs = BUF_INIT;
	struct fs_attr attr;
	struct stat st;
	int state;

	if (owner_attr(step, ctx, &conf->access, &attr, err) < 0)
		return -1;
	state = look(conf, ctx, &st, &differs, err);
	if (state < 0)
		return -1;
	if (state == MISSING) {
		buf_printf(
			why, "download '%s' from %s", conf->path, first_shown(conf, ctx));
		return parents_check_new(ctx, "create", conf->path, why, err);
	}
	if (state == OTHER) {
		step_change(ctx, CHANGE_CHANGED);
		buf_printf(why, "download '%s' anew from %s: it %s", conf->path,
			first_shown(conf, ctx), differs.data);
		return parents_check(ctx, "create", conf->path, err);
	}
	if (fs_attr_differs(&st, &attr, &differs)) {
		step_change(ctx, CHANGE_CHANGED);
		buf_printf(why, "fix '%s': %s", conf->path, differs.data);
		return parents_check_fix(ctx, conf->path, err);
	}
	owner_warn(ctx, conf->path, &st, false);
	buf_printf(why, "'%s' is what was asked for", conf->path);
	return IN_PLACE;
}

/* ---- making it ---- */

/* The signature goes first: without it the file would be wrong, and fetched again. */
static int publish(const struct step *step, struct ctx *ctx,
	struct download_memory *memory, const struct buf *signature,
	const struct fs_attr *attr, struct err *err)
{
	const struct download_conf *conf = step->conf;
	enum fs_outcome outcome;

	if (*conf->minisign &&
		fs_write(&ctx->fs, download_signature_path(conf, ctx), signature->data,
			signature->len, attr, true, &outcome, err) < 0)
		return -1;
	if (fs_stage_publish(&memory->stage, true, &outcome, err) < 0)
		return -1;
	if (outcome == FS_NOT_ATOMIC)
		mounted_warn(ctx, conf->path);
	return 0;
}

/* Without the network the file that is there may do. Returns 0, or -1. */
static int keep(
	const struct step *step, struct ctx *ctx, struct buf *did, struct err *err)
{
	const struct download_conf *conf = step->conf;

	if (!conf->offline_ok || err->kind != ERR_TEMPORARY)
		return -1;
	log_warn(ctx->log,
		"[%s] %s; the file that is there is kept, since offline_ok = yes",
		step->id, err->text);
	err_init(err);
	buf_printf(did, "kept '%s' as it is", conf->path);
	return 0;
}

/* A step whose values were known too late has been prepared for nothing. */
static struct download_memory *memory_of(const struct step *step, struct ctx *ctx)
{
	return step->prepared ? step->prepared
			      : arena_alloc(ctx->arena, sizeof(struct download_memory));
}

static int fetch(const struct step *step, struct ctx *ctx, const struct fs_attr *attr,
	enum content state, struct buf *did, struct err *err)
{
	const struct download_conf *conf = step->conf;
	struct download_memory *memory = memory_of(step, ctx);
	CLEANUP_BUF struct buf signature = BUF_INIT;
	const struct url *from = NULL;
	uint64_t size = 0;
	int rc = download_fetch(step, ctx, memory, attr, &signature, &from, err);

	if (rc == 0) {
		size = memory->hashes.size;
		rc = publish(step, ctx, memory, &signature, attr, err);
	}
	if (!step->prepared)
		download_forget(memory);
	if (rc < 0)
		return state == OTHER ? keep(step, ctx, did, err) : -1;
	if (state == OTHER)
		step_change(ctx, CHANGE_CHANGED);
	owner_warn(ctx, conf->path, NULL, false);
	buf_printf(
		did, "downloaded '%s', %llu bytes", conf->path, (unsigned long long)size);
	if (from)
		buf_printf(did, ", from %s", from->shown);
	return 1;
}

static int apply(
	const struct step *step, struct ctx *ctx, struct buf *did, struct err *err)
{
	const struct download_conf *conf = step->conf;
	CLEANUP_BUF struct buf differs = BUF_INIT;
	struct fs_attr attr;
	struct stat st;
	int state, rc;

	if (owner_attr(step, ctx, &conf->access, &attr, err) < 0)
		return -1;
	state = look(conf, ctx, &st, &differs, err);
	if (state != SAME)
		return state < 0 ? -1
				 : fetch(step, ctx, &attr, (enum content)state, did, err);
	rc = owner_fix_file(ctx, conf->path, &attr, err);
	if (rc < 0)
		return -1;
	buf_printf(did,
		rc ? "fixed mode and owner of '%s'" : "'%s' is what was asked for",
		conf->path);
	return rc;
}

static void end(const struct step *step, struct ctx *ctx)
{
	(void)ctx;
	if (step->prepared)
		download_forget(step->prepared);
}

static struct making making(const struct step *step)
{
	(void)step;
	return (struct making){.how = MAKING_ANEW, .type = S_IFREG, .alone = true};
}

const struct kind kind_download = {
	.name = "download",
	.summary = "a file that is fetched over HTTP or HTTPS, and verified",
	.example = "[download:model]\n"
		   "url = https://example.org/model.bin\n"
		   "path = data/model.bin\n"
		   "sha256 = "
		   "98ad61a25e3683b6adf2474b01bbe1c27de6aad2ce3a80ff4140fe473c14e691\n",
	.order = 18,
	.size = sizeof(struct download_conf),
	.fields = fields,
	.validate = validate,
	.prepare = prepare,
	.check = check,
	.apply = apply,
	.end = end,
	.making = making,
};
