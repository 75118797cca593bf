/* SPDX-License-Identifier: MIT */
/* Memory that is only read after the start. */
#include "base/relro.h"

#include <elf.h>
#include <link.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/auxv.h>
#include <sys/mman.h>

static const ElfW(Phdr) * find(unsigned type)
{
	const ElfW(Phdr) *header = (const ElfW(Phdr) *)getauxval(AT_PHDR);
	unsigned long count = getauxval(AT_PHNUM);

	for (; header && count > 0; header++, count--) {
		if (header->p_type == type)
			return header;
	}
	return NULL;
}

void relro_protect(void)
{
	const ElfW(Phdr) *relro = find(PT_GNU_RELRO);
	uintptr_t page = getauxval(AT_PAGESZ);
	uintptr_t start, end;

	if (!relro || find(PT_DYNAMIC))
		return;
	/* Not dynamic, it is where it was linked to. */
	start = relro->p_vaddr & -page;
	end = (relro->p_vaddr + relro->p_memsz) & -page;
	/* Where that is denied, all works as before. */
	if (start < end)
		(void)mprotect((void *)start, end - start, PROT_READ);
}
