/* SPDX-License-Identifier: MIT */
/* Finding the certificates of authorities. */
#include "net/trust.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "base/err.h"
#include "base/fd.h"

#define PEM_MAX ((size_t)16 * 1024 * 1024)

static const char *const files[] = {
	"/etc/ssl/certs/ca-certificates.crt",                /* Debian, Alpine, Arch */
	"/etc/pki/tls/certs/ca-bundle.crt",                  /* Fedora */
	"/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", /* its newer ones */
	"/etc/ssl/ca-bundle.pem",                            /* openSUSE */
	"/etc/ssl/cert.pem",                                 /* Alpine without more */
};

static const char *const directories[] = {"/etc/ssl/certs", "/etc/pki/tls/certs"};

#define COUNT(list) (sizeof(list) / sizeof *(list))

static int read_file(const char *path, struct trust *ret, struct err *err)
{
	CLEANUP_FD int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0 || fd_read_all(fd, PEM_MAX, &ret->pem) < 0)
		return err_sys(err, "read the certificates in '%s'", path);
	ret->path = path;
	return 0;
}

static void find_directory(struct trust *ret)
{
	struct stat st;

	for (size_t i = 0; i < COUNT(directories) && !ret->directory; i++)
		if (stat(directories[i], &st) == 0 && S_ISDIR(st.st_mode))
			ret->directory = directories[i];
}

int trust_find(const char *file, const char *cert_file, const char *cert_dir,
	struct trust *ret, struct err *err)
{
	DECLARE_ERR(missing);

	if (*file)
		return read_file(file, ret, err);
	if (cert_file && *cert_file)
		return read_file(cert_file, ret, err);
	if (cert_dir && *cert_dir) {
		ret->directory = cert_dir;
		return 0;
	}
	for (size_t i = 0; i < COUNT(files); i++)
		if (read_file(files[i], ret, &missing) == 0 && ret->pem.len)
			return 0;
	ret->path = NULL;
	find_directory(ret);
	return 0;
}

bool trust_is_missing(const struct trust *trust, struct buf *ret)
{
	if (trust->path || trust->directory)
		return false;
	buf_puts(ret,
		"no certificates of authorities are there to verify its server by: not "
		"as `ca_file`, in SSL_CERT_FILE, nor in ");
	for (size_t i = 0; i < COUNT(files); i++)
		buf_printf(ret, "%s%s", i ? ", " : "", files[i]);
	return true;
}

void trust_release(struct trust *trust)
{
	buf_release(&trust->pem);
}
