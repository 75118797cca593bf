/* SPDX-License-Identifier: MIT */
/* A migration's file as other tools see it. */
#include "ledger/adopt_file.h"

#include <string.h>

#include "base/buf.h"
#include "base/path.h"
#include "base/str.h"
#include "migration/contributor.h"
#include "migration/format.h"
#include "migration/migration.h"

#define REVISION_SIZE 12 /* as alembic makes one: the end of a random UUID */

/* Of a contributor's only file, its name. */
static const char *path_below(const char *file, const char *directory)
{
	size_t size = strlen(directory);

	if (strncmp(file, directory, size) == 0 && file[size] == '/')
		return file + size + strspn(file + size, "/");
	return strrchr(file, '/') ? strrchr(file, '/') + 1 : file;
}

struct adopt_file adopt_file_of(const struct migration *migration)
{
	return (struct adopt_file){
		.below = path_below(migration->file, migration->from->path),
		.name = migration->name,
	};
}

/* What a number begins with: "0012_a.sql", or refinery's "V12__a.sql". */
void adopt_name_digits(const struct adopt_file *file, struct buf *ret)
{
	const char *digits = file->below;

	if (*digits == 'V' || *digits == 'U')
		digits++;
	buf_add(ret, digits, str_digits(digits));
}

/* What is before the first '_' of the directory's name. */
void adopt_name_diesel(const struct adopt_file *file, struct buf *ret)
{
	buf_add(ret, file->below, strcspn(file->below, "_/"));
}

/* In subdirectories, too. */
void adopt_name_flyway(const struct adopt_file *file, struct buf *ret)
{
	const char *base = path_base(file->below);
	const char *name = strstr(base, "__");

	if (*base == 'V' && name)
		buf_add(ret, base + 1, (size_t)(name - base) - 1);
	else if (format_is_repeatable(base) && str_ends(base, ".sql"))
		buf_add(ret, base, strlen(base) - strlen(".sql"));
}

/* "001_a" of "001_a/migration.sql". */
void adopt_name_directory(const struct adopt_file *file, struct buf *ret)
{
	buf_add(ret, file->below, strcspn(file->below, "/"));
}

void adopt_name_path(const struct adopt_file *file, struct buf *ret)
{
	buf_puts(ret, file->below);
}

/*
 * "1975ea83b712" of "0003_1975ea83b712_add_notes.sql"; without such a word its number,
 * which a revision may be, too.
 */
void adopt_name_alembic(const struct adopt_file *file, struct buf *ret)
{
	size_t size = strspn(file->name, "0123456789abcdef");

	if (size == REVISION_SIZE && (!file->name[size] || file->name[size] == '_'))
		buf_add(ret, file->name, size);
	else
		adopt_name_digits(file, ret);
}
