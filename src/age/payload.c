/* SPDX-License-Identifier: MIT */
/* Opening payloads chunk by chunk. */
#include "age/payload.h"

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"

#define PAYLOAD_NONCE_SIZE 16
#define CHUNK_SIZE         ((size_t)64 * 1024)
#define SEALED_CHUNK_SIZE  (CHUNK_SIZE + SEAL_SIZE)

struct stream {
	unsigned char key[KEY_SIZE];
	uint64_t chunk;
	struct buf *ret;
};

/* The nonce is the chunk's number in 11 bytes, and one byte: 1 for the last chunk. */
static bool open_chunk(struct stream *stream, const char *data, size_t size, bool last)
{
	unsigned char nonce[NONCE_SIZE] = {0};

	for (size_t i = 0; i < sizeof stream->chunk; i++)
		nonce[NONCE_SIZE - 2 - i] =
			(unsigned char)(stream->chunk >> (8 * i) & 0xff);
	nonce[NONCE_SIZE - 1] = last;
	return crypto_open(stream->key, nonce, data, size, stream->ret);
}

/* Why a chunk does not open: as far as that can be known. */
static int raise_chunk(
	struct stream *stream, const char *data, size_t size, bool last, struct err *err)
{
	size_t before = stream->ret->len;
	bool other = open_chunk(stream, data, size, !last);

	buf_truncate(stream->ret, before);
	if (other && last)
		return err_fail(err, "was truncated: its last chunk is missing");
	if (other)
		return err_fail(err, "was changed: there is more behind its last chunk");
	if (last)
		return err_fail(err,
			"was truncated or changed: its last %zu bytes do not belong to "
			"the rest",
			size);
	return err_fail(err, "was changed: chunk %llu of its payload is not authentic",
		(unsigned long long)stream->chunk + 1);
}

static int open_chunks(
	struct stream *stream, const char *data, size_t size, struct err *err)
{
	for (;; stream->chunk++) {
		bool last = size <= SEALED_CHUNK_SIZE;
		size_t length = last ? size : SEALED_CHUNK_SIZE;

		if (length < SEAL_SIZE)
			return err_fail(
				err, "was truncated: it ends within the tag of a chunk");
		if (!open_chunk(stream, data, length, last))
			return raise_chunk(stream, data, length, last, err);
		if (last && length == SEAL_SIZE && stream->chunk > 0)
			return err_fail(err, "is malformed: its last chunk is empty");
		if (last)
			return 0;
		data += length;
		size -= length;
	}
}

int payload_open(const unsigned char key[AGE_FILE_KEY_SIZE], const char *payload,
	size_t size, struct buf *ret, struct err *err)
{
	struct stream stream = {.ret = ret};
	size_t before = ret->len;
	int rc;

	if (size < PAYLOAD_NONCE_SIZE + SEAL_SIZE)
		return err_fail(err, "was truncated: it ends before its payload does");
	crypto_hkdf_sha256(key, AGE_FILE_KEY_SIZE, payload, PAYLOAD_NONCE_SIZE, "payload",
		stream.key);
	buf_reserve(ret, size);
	rc = open_chunks(
		&stream, payload + PAYLOAD_NONCE_SIZE, size - PAYLOAD_NONCE_SIZE, err);
	mem_wipe(&stream, sizeof stream);
	if (rc < 0)
		buf_truncate(ret, before);
	return rc;
}
