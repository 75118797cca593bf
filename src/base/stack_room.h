/* SPDX-License-Identifier: MIT */
/*
 * How far the stack may grow, for what nests as deep as its input does: a stack that is
 * full ends a process without a message.
 */
#ifndef BASE_STACK_ROOM_H
#define BASE_STACK_ROOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The address that the stack of the process's first thread does not reach if `reserve`
 * bytes are to be left of what RLIMIT_STACK gives now; 0 if that is not known, or without
 * limit.
 */
uintptr_t stack_room_end(size_t reserve);

/* Is the stack, as deep as this is called, beyond that address? */
static inline bool stack_room_is_over(uintptr_t end)
{
	return (uintptr_t)__builtin_frame_address(0) < end;
}

#endif
