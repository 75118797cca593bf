/* SPDX-License-Identifier: MIT */
/* An ELF file's head: machine, completeness, loader. */
#include "proc/elf_file.h"

#include <elf.h>
#include <link.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define PAGE  4096
#define BLOCK 2048 /* of program headers, 36 of the wide ones */

/* Our own head: the linker puts this symbol before it. It says what runs here. */
extern const ElfW(Ehdr) __ehdr_start __attribute__((visibility("hidden")));

static const struct {
	uint16_t number;
	const char *name;
} machines[] = {
	{EM_386, "x86"},
	{EM_MIPS, "mips"},
	{EM_PPC, "powerpc"},
	{EM_PPC64, "powerpc64"},
	{EM_S390, "s390"},
	{EM_ARM, "arm"},
	{EM_X86_64, "x86-64"},
	{EM_AARCH64, "aarch64"},
	{EM_RISCV, "riscv"},
	{258, "loongarch"},
};

/* A number of `bytes` bytes in the file's own order. */
static uint64_t number(const unsigned char *at, size_t bytes, bool big)
{
	uint64_t value = 0;

	for (size_t i = 0; i < bytes; i++)
		value = value << 8 | at[big ? i : bytes - 1 - i];
	return value;
}

static const char *name_machine(
	unsigned machine, bool wide, bool big, char *room, size_t size)
{
	const char *name = NULL;

	for (size_t i = 0; i < sizeof machines / sizeof *machines; i++)
		if (machines[i].number == machine)
			name = machines[i].name;
	/* Every name fits; a number does. */
	if (name)
		(void)snprintf(room, size, "%s, %d-bit%s", name, wide ? 64 : 32,
			big ? ", big-endian" : "");
	else
		(void)snprintf(room, size, "machine %u, %d-bit", machine, wide ? 64 : 32);
	return room;
}

const char *elf_file_machine(const struct elf_file *file, char *room, size_t size)
{
	return name_machine(file->machine, file->wide, file->big, room, size);
}

const char *elf_own_machine(char *room, size_t size)
{
	return name_machine(__ehdr_start.e_machine,
		__ehdr_start.e_ident[EI_CLASS] == ELFCLASS64,
		__ehdr_start.e_ident[EI_DATA] == ELFDATA2MSB, room, size);
}

/* Where the fields stand that we read, for the two classes. */
struct layout {
	size_t head_size, phoff, phentsize, phnum, word;
	size_t entry_size, offset, filesz;
};

static const struct layout layouts[] = {
	{52, 28, 42, 44, 4, 32, 4, 16},
	{64, 32, 54, 56, 8, 56, 8, 32},
};

struct reading {
	int fd;
	const struct layout *layout;
	bool big;
	struct elf_file *file;
};

static bool read_whole(int fd, void *to, size_t size, uint64_t at)
{
	return at <= INT64_MAX && pread(fd, to, size, (off_t)at) == (ssize_t)size;
}

static void truncated(struct elf_file *file, uint64_t announced)
{
	file->state = ELF_TRUNCATED;
	if (announced > file->announced)
		file->announced = announced;
}

static void read_loader(const struct reading *r, uint64_t offset, uint64_t size)
{
	struct elf_file *file = r->file;

	if (size == 0 || size >= sizeof file->loader)
		return;
	if (!read_whole(r->fd, file->loader, (size_t)size, offset))
		file->loader[0] = '\0';
	file->loader[size] = '\0';
}

/* One program header. A segment may end in the middle of its last page. */
static void read_segment(const struct reading *r, const unsigned char *entry)
{
	const struct layout *l = r->layout;
	uint64_t type = number(entry, 4, r->big);
	uint64_t offset = number(entry + l->offset, l->word, r->big);
	uint64_t size = number(entry + l->filesz, l->word, r->big);
	uint64_t whole = (r->file->size + PAGE - 1) / PAGE * PAGE;

	if (type != PT_LOAD && type != PT_INTERP)
		return;
	if (size > whole || offset > whole - size)
		truncated(r->file, offset + size);
	else if (type == PT_INTERP)
		read_loader(r, offset, size);
}

static void read_segments(const struct reading *r, const unsigned char *head)
{
	const struct layout *l = r->layout;
	uint64_t at = number(head + l->phoff, l->word, r->big);
	uint64_t step = number(head + l->phentsize, 2, r->big);
	uint64_t left = number(head + l->phnum, 2, r->big);

	/* One read for all of them, as they mostly are few. */
	if (step < l->entry_size || step > BLOCK)
		return;
	while (left > 0) {
		unsigned char block[BLOCK];
		uint64_t count = left < BLOCK / step ? left : BLOCK / step;
		size_t size = (size_t)((count - 1) * step + l->entry_size);

		if (!read_whole(r->fd, block, size, at)) {
			truncated(r->file, at + left * step);
			return;
		}
		for (uint64_t i = 0; i < count; i++)
			read_segment(r, block + i * step);
		left -= count;
		at += count * step;
	}
}

void elf_file_read(int fd, uint64_t size, struct elf_file *ret)
{
	unsigned char head[64] = {0};
	struct reading r = {.fd = fd, .file = ret};

	memset(ret, 0, sizeof *ret);
	ret->size = size;
	if (pread(fd, head, sizeof head, 0) < SELFMAG ||
		memcmp(head, ELFMAG, SELFMAG) != 0)
		return;
	ret->state = ELF_OURS;
	ret->wide = head[EI_CLASS] == ELFCLASS64;
	ret->big = head[EI_DATA] == ELFDATA2MSB;
	r.layout = &layouts[ret->wide];
	r.big = ret->big;
	if (size < r.layout->head_size) {
		truncated(ret, r.layout->head_size);
		return;
	}
	ret->program = number(head + 16, 2, r.big) == ET_EXEC ||
		number(head + 16, 2, r.big) == ET_DYN;
	ret->machine = (uint16_t)number(head + 18, 2, r.big);
	if (ret->machine != __ehdr_start.e_machine ||
		head[EI_CLASS] != __ehdr_start.e_ident[EI_CLASS] ||
		head[EI_DATA] != __ehdr_start.e_ident[EI_DATA])
		ret->state = ELF_FOREIGN;
	read_segments(&r, head);
}
