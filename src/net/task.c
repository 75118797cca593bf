/* SPDX-License-Identifier: MIT */
/* Tasks as bytes: numbers of 64 bits, and texts behind their size and with their NUL. */
#include "net/task.h"

#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "base/version.h"
#include "net/trust.h"

/* ---- in the parent ---- */

static void add_bytes(struct buf *to, const char *data, size_t size)
{
	task_add_number(to, (int64_t)size);
	buf_add(to, data, size);
	buf_putc(to, '\0');
}

void task_open(struct buf *to, enum task_kind kind)
{
	/* A program beside ours may be another's, or older. */
	task_add_text(to, PROGRAM " " VERSION);
	task_add_number(to, kind);
}

void task_add_number(struct buf *to, int64_t number)
{
	buf_add(to, &number, sizeof number);
}

void task_add_text(struct buf *to, const char *text)
{
	if (text)
		add_bytes(to, text, strlen(text));
	else
		task_add_number(to, -1);
}

void task_add_trust(struct buf *to, const struct trust *trust)
{
	task_add_text(to, trust ? trust->path : NULL);
	task_add_text(to, trust ? trust->directory : NULL);
	if (trust && trust->path)
		add_bytes(to, trust->pem.data, trust->pem.len);
}

/* ---- in the child ---- */

static const char *end_early(struct task *task)
{
	task->is_cut = true;
	task->size = 0;
	return NULL;
}

static const char *take(struct task *task, size_t size)
{
	const char *data = task->data;

	if (size > task->size)
		return end_early(task);
	task->data += size;
	task->size -= size;
	return data;
}

static const char *take_bytes(struct task *task, size_t *ret_size)
{
	int64_t size = task_number(task);

	if (size < 0)
		return NULL;
	if ((uint64_t)size >= task->size || task->data[size])
		return end_early(task);
	*ret_size = (size_t)size;
	return take(task, (size_t)size + 1);
}

int64_t task_number(struct task *task)
{
	int64_t number = 0;
	const char *data = take(task, sizeof number);

	if (data)
		memcpy(&number, data, sizeof number);
	return number;
}

size_t task_count(struct task *task)
{
	int64_t count = task_number(task);

	if (count >= 0 && (uint64_t)count <= task->size)
		return (size_t)count;
	(void)end_early(task);
	return 0;
}

const char *task_text(struct task *task)
{
	size_t size;

	return take_bytes(task, &size);
}

void task_trust(struct task *task, struct trust *ret)
{
	size_t size = 0;
	char *pem;
	const char *data;

	*ret = (struct trust)TRUST_INIT;
	ret->path = task_text(task);
	ret->directory = task_text(task);
	data = ret->path ? take_bytes(task, &size) : NULL;
	if (data) {
		memcpy(&pem, &data, sizeof pem); /* it is only read */
		ret->pem = (struct buf){.data = pem, .len = size};
	}
}

bool task_begin(struct task *ret, const struct buf *text)
{
	const char *version;

	*ret = (struct task){.data = text->data, .size = text->len};
	version = task_text(ret);
	ret->kind = (enum task_kind)task_number(ret);
	return version && str_equal(version, PROGRAM " " VERSION);
}
