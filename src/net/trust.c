/* SPDX-License-Identifier: MIT */
/* Finding the certificates of authorities. */
#include "net/trust.h"

#include <string.h>
#include <sys/stat.h>

#include "base/env.h"
#include "base/err.h"
#include "base/fs.h"

#define PEM_MAX  ((size_t)16 * 1024 * 1024)
#define PEM_MARK "CERTIFICATE-----" /* whichever kind of one it is */

static const char *const files[] = {
	"/etc/ssl/certs/ca-certificates.crt",                /* Debian, Alpine, Arch */
	"/etc/pki/tls/certs/ca-bundle.crt",                  /* Fedora */
	"/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", /* its newer ones */
	"/etc/ssl/ca-bundle.pem",                            /* openSUSE */
	"/etc/ssl/cert.pem",                                 /* Alpine without more */
};

static const char *const directories[] = {"/etc/ssl/certs", "/etc/pki/tls/certs"};

#define COUNT(list) (sizeof(list) / sizeof *(list))

/* Returns 0, 1 where it is missing, or -1. */
static int read_file(
	const struct fs *fs, const char *path, struct trust *ret, struct err *err)
{
	int rc = fs_read(fs, path, FS_OURS, PEM_MAX, &ret->pem, err);

	if (rc != 0)
		return rc;
	if (!memmem(ret->pem.data, ret->pem.len, PEM_MARK, strlen(PEM_MARK)))
		return err_fail(err, "'%s' holds no certificate in PEM", path);
	ret->path = path;
	return 0;
}

/* The same, with the path in `ret` where it is missing. */
static int read_named(
	const struct fs *fs, const char *path, struct trust *ret, struct err *err)
{
	int rc = read_file(fs, path, ret, err);

	if (rc == 1)
		ret->path = path;
	return rc;
}

static void find_directory(struct trust *ret)
{
	struct stat st;

	for (size_t i = 0; i < COUNT(directories) && !ret->directory; i++)
		if (stat(directories[i], &st) == 0 && S_ISDIR(st.st_mode))
			ret->directory = directories[i];
}

int trust_find(const struct fs *fs, const char *file, const struct env *env,
	struct trust *ret, struct err *err)
{
	const char *cert_file = env_get(env, "SSL_CERT_FILE");
	const char *cert_dir = env_get(env, "SSL_CERT_DIR");
	DECLARE_ERR(ignored);
	int rc;

	if (*file)
		return read_named(fs, file, ret, err);
	if (cert_dir && *cert_dir)
		ret->directory = cert_dir;
	if (cert_file && *cert_file) {
		rc = read_named(fs, cert_file, ret, err);
		return rc < 0 ? err_prefix(err, "SSL_CERT_FILE") : rc;
	}
	if (ret->directory)
		return 0;
	for (size_t i = 0; i < COUNT(files); i++)
		if (read_file(fs, files[i], ret, &ignored) == 0)
			return 0;
	buf_truncate(&ret->pem, 0);
	find_directory(ret);
	return 0;
}

bool trust_is_missing(const struct trust *trust, const char *key, struct buf *ret)
{
	if (trust->path || trust->directory)
		return false;
	buf_printf(ret,
		"no certificates of authorities are there to verify its server by: not "
		"as `%s`, in SSL_CERT_FILE, nor in ",
		key);
	for (size_t i = 0; i < COUNT(files); i++)
		buf_printf(ret, "%s%s", i ? ", " : "", files[i]);
	return true;
}

void trust_release(struct trust *trust)
{
	buf_release(&trust->pem);
}
