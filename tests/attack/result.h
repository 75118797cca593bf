/* SPDX-License-Identifier: MIT */
/* What came of an attack: counts, and the first findings of each sort in words. */
#ifndef TESTS_ATTACK_RESULT_H
#define TESTS_ATTACK_RESULT_H

enum finding {
	FINDING_CHANGED, /* something outside */
	FINDING_LEAKED,  /* bytes from outside: in the volume, the log, the environment */
	FINDING_GIVEN,   /* an attacker's object that is another user's now */
	FINDING_SET_ID,  /* a file with root's set-id bit */
	FINDING_EXPOSED, /* a secret of ours that others can read */
	FINDING_PLANTED, /* an attacker's key was used */
	FINDING_SILENT,  /* a refusal, or what needs a warning, without a word */
	FINDING_HANG,
	FINDING_CRASH,
	FINDING_COUNT,
};

struct result {
	unsigned long starts;
	unsigned long through;
	unsigned long refused;
	unsigned long strikes;
	unsigned long findings[FINDING_COUNT];
	const char *variant; /* that is running */
};

/* Counts it; the first few of each sort are printed. */
void result_add(struct result *result, enum finding finding, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
unsigned long result_findings(const struct result *result);
void result_sum(struct result *total, const struct result *result);
void result_print_head(void);
void result_print(const char *name, const struct result *result);

#endif
