/* SPDX-License-Identifier: MIT */
/* How many processors we may use. */
#ifndef BASE_CPUS_H
#define BASE_CPUS_H

/*
 * The processors of our affinity (sched_getaffinity(2), which a cpuset limits), or what
 * the quota of our control group and of those above it gives, rounded up, where that is
 * less: `cpu.max` (cgroup-v2.rst), or of the first version `cpu.cfs_quota_us` and
 * `cpu.cfs_period_us` (sched-bwc.rst). At least 1. What cannot be read limits nothing.
 * `root` is where /proc and /sys are: "", but in tests.
 */
unsigned cpus_available(const char *root);

#endif
