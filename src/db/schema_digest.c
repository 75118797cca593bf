/* SPDX-License-Identifier: MIT */
/* The digest of a schema and the migrations that make it. */
#include "db/schema_digest.h"

#include <sqlite3.h>
#include <stdint.h>
#include <string.h>

#include "base/version.h"
#include "db/schema.h"
#include "migration/migration.h"

/* With its NUL, so that two texts are not taken for two others. */
static void add_text(struct digest *digest, const char *text)
{
	crypto_digest_add(digest, text, strlen(text) + 1);
}

/* Each list is preceded by its length, so that two lists are not taken for others. */
static void add_count(struct digest *digest, size_t count)
{
	uint64_t number = count;

	crypto_digest_add(digest, &number, sizeof number);
}

static void add_values(struct digest *digest, const char *const *values)
{
	size_t count = 0;

	while (values && values[count])
		count++;
	add_count(digest, count);
	for (size_t i = 0; i < count; i++)
		add_text(digest, values[i]);
}

static void add_migration(struct digest *digest, const struct migration *migration)
{
	add_text(digest, migration->contributor);
	add_text(digest, migration->id);
	crypto_digest_add(digest, migration->hash, sizeof migration->hash);
	add_values(digest, migration->placeholders);
}

static void add_object(struct digest *digest, const struct schema_object *object)
{
	add_text(digest, object->type);
	add_text(digest, object->name);
	add_text(digest, object->table);
	add_text(digest, object->sql);
}

void schema_digest(const struct schema *schema, const struct migration *const *applied,
	size_t count, unsigned char ret[DIGEST_SIZE])
{
	struct digest digest;

	crypto_digest_begin(&digest);
	add_text(&digest, VERSION);
	add_text(&digest, sqlite3_sourceid());
	add_count(&digest, count);
	for (size_t i = 0; i < count; i++)
		add_migration(&digest, applied[i]);
	add_count(&digest, schema->count);
	for (size_t i = 0; i < schema->count; i++)
		add_object(&digest, &schema->list[i]);
	crypto_digest_end(&digest, ret);
}
