/* SPDX-License-Identifier: MIT */
/* The time: reading clocks, and writing times and durations. */
#include "base/clock.h"

#include <limits.h>
#include <stdio.h>
#include <time.h>

int64_t clock_us(void)
{
	struct timespec now = {0};

	(void)clock_gettime(CLOCK_MONOTONIC, &now); /* cannot fail with these arguments */
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t clock_ms(void)
{
	return clock_us() / 1000;
}

int clock_wait(int64_t until_ms)
{
	int64_t left;

	if (until_ms == INT64_MAX)
		return -1;
	left = until_ms - clock_ms();
	if (left < 0)
		return 0;
	return left < INT_MAX ? (int)left : INT_MAX;
}

int64_t clock_epoch(void)
{
	return (int64_t)time(NULL);
}

void clock_file(struct timespec *ret)
{
	(void)clock_gettime(CLOCK_REALTIME_COARSE, ret); /* as above */
}

bool clock_file_since(const struct timespec *time, const struct timespec *since)
{
	struct timespec now = {0};

	(void)clock_gettime(CLOCK_REALTIME, &now); /* as above */
	if (time->tv_sec != since->tv_sec)
		return time->tv_sec > since->tv_sec && time->tv_sec <= now.tv_sec;
	return time->tv_nsec >= since->tv_nsec || !time->tv_nsec;
}

void clock_text(char ret[CLOCK_TEXT_MAX])
{
	struct timespec now = {0};
	struct tm utc = {0};
	char text[CLOCK_TEXT_MAX];

	(void)clock_gettime(CLOCK_REALTIME, &now); /* cannot fail with these arguments */
	(void)gmtime_r(&now.tv_sec, &utc);         /* fails past the year 2^31 only */
	if (strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &utc) == 0)
		text[0] = '\0';
	(void)snprintf(ret, CLOCK_TEXT_MAX, "%.20s.%03dZ", text,
		(int)(now.tv_nsec / 1000000)); /* 24 bytes of 32 */
}

void clock_day(int64_t epoch, char ret[CLOCK_TEXT_MAX])
{
	time_t second = (time_t)epoch;
	struct tm utc = {0};

	/* As above. */
	if (!gmtime_r(&second, &utc) || !strftime(ret, CLOCK_TEXT_MAX, "%Y-%m-%d", &utc))
		ret[0] = '\0';
}

int64_t clock_parse(const char *text)
{
	struct tm utc = {0};

	return strptime(text, "%Y-%m-%dT%H:%M:%S", &utc) ? (int64_t)timegm(&utc) : 0;
}

void clock_duration(int64_t us, char ret[CLOCK_TEXT_MAX])
{
	long long n = us;

	/* Two numbers at the most: all of these fit. */
	if (n < 1000)
		(void)snprintf(ret, CLOCK_TEXT_MAX, "%lldus", n);
	else if (n < 10000)
		(void)snprintf(
			ret, CLOCK_TEXT_MAX, "%lld.%lldms", n / 1000, n % 1000 / 100);
	else if (n < 1000000)
		(void)snprintf(ret, CLOCK_TEXT_MAX, "%lldms", n / 1000);
	else if (n < 60000000)
		(void)snprintf(
			ret, CLOCK_TEXT_MAX, "%lld.%llds", n / 1000000, n / 100000 % 10);
	else
		(void)snprintf(ret, CLOCK_TEXT_MAX, "%lldmin %llds", n / 60000000,
			n / 1000000 % 60);
}
