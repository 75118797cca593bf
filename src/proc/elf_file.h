/* SPDX-License-Identifier: MIT */
/*
 * An ELF file's header (System V ABI, gABI 4.1, chapters 4 and 5), of any class and byte
 * order: as much of it as it takes to say why the file does not run here.
 */
#ifndef PROC_ELF_FILE_H
#define PROC_ELF_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum elf_state {
	ELF_NONE,      /* it is no ELF file */
	ELF_TRUNCATED, /* the file ends before what its header announces */
	ELF_FOREIGN,   /* another machine, class or byte order than ours */
	ELF_OURS,
};

struct elf_file {
	enum elf_state state;
	bool program; /* an executable, or a shared object that could be one */
	uint16_t machine;
	bool wide, big;     /* 64 bits; the highest byte comes first */
	uint64_t size;      /* of the file */
	uint64_t announced; /* the size it should have, if it is truncated */
	char loader[256];   /* PT_INTERP, or "" */
};

/* Reads it from an open file of `size` bytes. What cannot be read is ELF_NONE. */
void elf_file_read(int fd, uint64_t size, struct elf_file *ret);

/*
 * Writes what the file is made for, and this program, to `room`: "x86-64, 64-bit".
 * Returns that.
 */
const char *elf_file_machine(const struct elf_file *file, char *room, size_t size);
const char *elf_own_machine(char *room, size_t size);

#endif
