/* SPDX-License-Identifier: MIT */
/* What rights this process has (capget(2)). */
#include "base/privilege.h"

#include <sys/syscall.h>
#include <unistd.h>

/* Of linux/capability.h, which not every C library has. */
#define VERSION_3           0x20080522
#define CAP_CHOWN           0
#define CAP_DAC_OVERRIDE    1
#define CAP_DAC_READ_SEARCH 2
#define CAP_FOWNER          3

struct header {
	uint32_t version;
	int pid;
};
/* The sets as the kernel has them: the low 32 bits of all, then the high ones. */
struct half {
	uint32_t effective, permitted, inheritable;
};

int privileges_get(struct privileges *ret)
{
	struct header header = {.version = VERSION_3};
	struct half half[2];

	if (syscall(SYS_capget, &header, half) < 0)
		return -1;
	*ret = (struct privileges){0};
	for (int i = 0; i < 2; i++) {
		ret->effective |= (uint64_t)half[i].effective << 32 * i;
		ret->permitted |= (uint64_t)half[i].permitted << 32 * i;
		ret->inheritable |= (uint64_t)half[i].inheritable << 32 * i;
	}
	return 0;
}

int privileges_set(const struct privileges *sets)
{
	struct header header = {.version = VERSION_3};
	struct half half[2];

	for (int i = 0; i < 2; i++)
		half[i] = (struct half){
			(uint32_t)(sets->effective >> 32 * i),
			(uint32_t)(sets->permitted >> 32 * i),
			(uint32_t)(sets->inheritable >> 32 * i),
		};
	return (int)syscall(SYS_capset, &header, half);
}

bool privileged(void)
{
	static const uint64_t over_files = 1u << CAP_CHOWN | 1u << CAP_DAC_OVERRIDE |
		1u << CAP_DAC_READ_SEARCH | 1u << CAP_FOWNER;
	struct privileges ours;

	return geteuid() == 0 || privileges_get(&ours) < 0 ||
		(ours.effective & over_files) != 0;
}
