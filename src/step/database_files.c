/* SPDX-License-Identifier: MIT */
/* The files that the address of a database's server names, or needs. */
#include "step/database_files.h"

#include <sys/stat.h>

#include "base/buf.h"
#include "base/env.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/fs_writer.h"
#include "base/mem.h"
#include "base/str.h"
#include "ledger/server.h"
#include "net/trust.h"
#include "step/database_spec.h"
#include "step/step.h"
#include "step/trusted.h"

static const char *const service_words[] = {
	"servicefile", "PGSERVICEFILE", "PGSYSCONFDIR", NULL};

/* Who writes it could have us read any file, and send what is in it anywhere. */
static int refuse_others(
	const struct fs_writer *writer, const char *path, struct err *err)
{
	CLEANUP_BUF struct buf who = BUF_INIT;

	if (writer->by == FS_NOBODY)
		return 0;
	fs_writer_text(writer, &who);
	return err_fail(err,
		"the service file '%s' can be changed by %s, and may name files that "
		"only root reads: %s, or mount it read-only",
		path, who.data, fs_writer_advice(writer, NULL));
}

static int check_file(
	const struct server_target_file *file, const struct ctx *ctx, struct err *err)
{
	struct fs_writer writer;
	struct stat st;
	int rc = fs_find_writer(&ctx->fs, file->path, &writer, &st, err);

	if (rc < 0)
		return -1;
	if (rc == 0 && str_is_among(file->word, service_words))
		return refuse_others(&writer, file->path, err);
	if (rc == 1)
		return err_fail(err, "%s: '%s' is missing", file->word, file->path);
	if (str_equal(file->word, "passfile") &&
		(!S_ISREG(st.st_mode) || (st.st_mode & (S_IRWXG | S_IRWXO))))
		return err_fail(err,
			"passfile: '%s' is a %s of mode %04o, and libpq reads a file "
			"alone that nobody but its owner may read or write: chmod 0600",
			file->path, fs_type_name(st.st_mode), st.st_mode & 07777);
	return 0;
}

static int find_roots(const struct step *step, struct ctx *ctx,
	struct server_target *target, struct err *err)
{
	struct trust trust = TRUST_INIT;
	CLEANUP_BUF struct buf missing = BUF_INIT;
	int rc = trusted_find(step, ctx, "", &trust, err);

	if (rc == 0 && trust_is_missing(&trust, "sslrootcert", &missing))
		rc = err_fail(err, "%s", missing.data);
	else if (rc == 0 && !trust.path)
		rc = err_fail(err,
			"'%s' has a file for each certificate of an authority, and libpq "
			"reads one: write sslrootcert=FILE",
			trust.directory);
	else if (rc == 0)
		server_target_add(
			target, "sslrootcert", arena_strdup(ctx->arena, trust.path));
	trust_release(&trust);
	return rc;
}

static bool names_file(const struct server_target *target, const char *word)
{
	for (size_t i = 0; target->files[i].word; i++)
		if (str_equal(target->files[i].word, word))
			return true;
	return false;
}

static int add_file(
	struct server_target *target, const char *word, const char *path, struct err *err)
{
	size_t count = 0;

	if (*path != '/')
		return err_fail(err, "%s: '%s' is no absolute path", word, path);
	while (target->files[count].word)
		count++;
	target->files[count] = (struct server_target_file){.word = word, .path = path};
	return 0;
}

/* A file of that name in the directory, which may be NULL, if there is one; or NULL. */
static const char *find_file(struct ctx *ctx, const char *directory, const char *name)
{
	const char *path =
		directory ? arena_printf(ctx->arena, "%s/%s", directory, name) : NULL;
	struct stat st;

	return path && stat(path, &st) == 0 ? path : NULL;
}

/* Where libpq looks for it; its manual, "The Connection Service File". */
static int find_service_files(
	struct ctx *ctx, struct server_target *target, struct err *err)
{
	const char *directory = env_get(ctx->env, "PGSYSCONFDIR");
	const char *second = find_file(ctx, directory, "pg_service.conf");
	const char *path = env_get(ctx->env, "PGSERVICEFILE");

	if (second) {
		server_target_add(target, "servicedir", directory);
		if (add_file(target, "PGSYSCONFDIR", second, err) < 0)
			return -1;
	}
	if (names_file(target, "servicefile"))
		return 0;
	if (!path)
		path = find_file(ctx, env_get(ctx->env, "HOME"), ".pg_service.conf");
	if (!path)
		return 0;
	server_target_add(target, "servicefile", path);
	return add_file(target, "PGSERVICEFILE", path, err);
}

/* What the address names is opened as us, also where another user has written it. */
static int may_name_files(
	const struct ctx *ctx, const char *url, const char *word, struct err *err)
{
	for (size_t i = 0; i < ctx->others.count; i++) {
		const char *value = ctx->others.items[i];

		if (*value && str_starts(url, value))
			return err_fail(err,
				"%s: the address is read from a file that others than "
				"root can change, and no file that it names is read: let "
				"root alone write it and its directory, mount it "
				"read-only, or take the word out",
				word);
	}
	return 0;
}

int database_files(const struct step *step, struct ctx *ctx, struct server_target *target,
	struct err *err)
{
	const struct database_conf *conf = step->conf;
	const char *word = target->service ? "service" : target->files[0].word;
	int rc = target->needs_roots ? find_roots(step, ctx, target, err) : 0;

	if (rc == 0 && word)
		rc = may_name_files(ctx, conf->url, word, err);
	if (rc == 0 && target->service)
		rc = find_service_files(ctx, target, err);
	/* An earlier step may make them. */
	for (size_t i = 0; rc == 0 && !ctx->planning && target->files[i].word; i++)
		rc = check_file(&target->files[i], ctx, err);
	return rc < 0 ? step_locate_key(step, "url", err) : 0;
}
