#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Breaks the source in one place after the other, and checks that a test notices.

    mutants.py [-b BUILD] [-j JOBS] [-c] [-f] [-n] [PATTERN…]

-b BUILD    the directory of the variant (build/gcc)
-j JOBS     so many at once, each in a copy of its own (1)
-f          what the tests of a fault do not notice is run against the whole suite, too
-c          only checks that each fault can be put in, and that its tests' files exist
-n          the tests are not run without a fault before
PATTERN     only these: a glob of names, of files of the source, or of lists (tests/mutants/db*)

The faults are in tests/mutants/*.txt. A line each:

    == NAME: what is wrong then
    src/FILE.c
    -a text that occurs once in it
    +what it becomes
    ? the tests that should notice, as tests/run has them
    = why it is the same program nevertheless, where no test can notice

Several lines of - or + are one text. In a copy of the tree each is put in, built and taken
back again. First all those tests must pass without a fault. The tests of a fault end at the
first failure. They run in a process namespace, where what they signal is theirs, with the
system's files read-only: a fault may signal, remove or give away what it should not.

Prints a line each, and at the end how many were caught. Exit 0 if at least 95 in 100 were and
each other one is argued, 1 if not, 2 if the list is wrong.
"""

import argparse
import concurrent.futures
import fnmatch
import os
import queue
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
AIM = 95
TOOLS = ["tests/fault/break_at", "tests/fault/act_before", "tests/attack/attack"]
# A namespace whose files are those of the system, but for $1 and memory.
APART = ["unshare", "-mpf", "--mount-proc", "--kill-child", "bash", "-c",
         'mount --bind "$1" "$1" && mount -o remount,bind,ro / && '
         'mount -t tmpfs -o mode=1777 tmp /tmp && mount -t tmpfs mnt /mnt && '
         'cd "$1" && shift && exec "$@"', "apart"]


class Wrong(Exception):
    """The list of faults is wrong, or what they are put into."""


class Fault:
    """One entry of the list."""

    def __init__(self, name, says, where):
        self.name, self.says, self.where = name, says, where
        self.file, self.tests, self.argued = None, [], ""
        self.old, self.new = [], []

    def check(self):
        if not self.file or not self.old or not (self.tests or self.argued):
            raise Wrong(f"{self.where}: {self.name}: a file, a text and tests are needed")
        for test in {pattern.split(":")[0] for pattern in self.tests}:
            path = ROOT / "tests" / (test if test.endswith(".sh") else f"{test}.c")
            if not ("*" in test or path.is_file()):
                raise Wrong(f"{self.where}: {self.name}: {test} is missing")
        text, old = (ROOT / self.file).read_text(), "\n".join(self.old)
        if text.count(old) != 1:
            raise Wrong(f"{self.where}: {self.name}: its text occurs {text.count(old)} times "
                        f"in {self.file}")
        return text.replace(old, "\n".join(self.new))


def read(path):
    faults = []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        where = f"{path.relative_to(ROOT)}:{number}"
        mark, rest = line[:1], line[1:]
        if match := re.fullmatch(r"== (\w+): (.+)", line):
            faults.append(Fault(*match.groups(), where))
        elif not line or mark == "#":
            continue
        elif not faults:
            raise Wrong(f"{where}: no fault begins here")
        elif mark == "-":
            faults[-1].old.append(rest)
        elif mark == "+":
            faults[-1].new.append(rest)
        elif mark == "?":
            faults[-1].tests += rest.split()
        elif mark == "=" and line[1:2] == " ":
            faults[-1].argued += rest
        elif (ROOT / line).is_file():
            faults[-1].file = line
        else:
            raise Wrong(f"{where}: '{line}' is no line of a fault, and no file")
    return faults


def wanted(fault, patterns):
    return not patterns or any(fnmatch.fnmatch(word, pattern) for pattern in patterns
                               for word in (fault.name, fault.file, fault.where.split(":")[0]))


def unit_tests(build, patterns):
    """What must be built for these patterns of tests/run."""
    return [f"{build}/tests/{name}" for name in sorted({p.split(":")[0] for p in patterns})
            if not name.endswith(".sh")]


class Copy:
    """A copy of the tree, in which one fault at a time is put in."""

    def __init__(self, place, number, build):
        self.path, self.build = place / str(number), build
        self.log = place / f"{number}.log"
        files = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True,
                               stdout=subprocess.PIPE).stdout.decode().split("\0")
        for name in filter(None, files):
            if (ROOT / name).is_file():
                (self.path / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, self.path / name, follow_symlinks=False)
        (self.path / "build").mkdir()
        for name in ("manual_text.c", Path(build).name):
            made = ROOT / "build" / name
            if made.is_dir():
                shutil.copytree(made, self.path / "build" / name)
            elif made.exists():
                shutil.copy2(made, self.path / "build" / name)
        (place / f"{number}.tmp").mkdir(mode=0o1777)
        (place / f"{number}.tmp").chmod(0o1777)
        self.tmp = place / f"{number}.tmp"
        self.program = f"{build}/groundwork"
        if not self.make([self.program, *(f"{build}/{tool}" for tool in TOOLS)]):
            raise Wrong(f"the tools of the tests do not build:\n{self.log.read_text()}")

    def make(self, targets):
        with open(self.log, "w") as log:
            return subprocess.run(["make", "-s", *targets], cwd=self.path, stdout=log,
                                  stderr=log).returncode == 0

    def put(self, name, text):
        (self.path / name).write_text(text)

    def run(self, patterns, first_only):
        """The tests of these patterns that fail, and how many passed."""
        environment = dict(os.environ, TAP="1", TMPDIR=str(self.tmp))
        with open(self.log, "w") as log:
            tests = subprocess.Popen([*APART, self.tmp.parent, self.path / "tests/run", self.build,
                                      *patterns], stdout=log, env=environment,
                                     stderr=subprocess.STDOUT, start_new_session=True)
            failed = self.await_tests(tests, patterns, first_only)
        output = self.log.read_text(errors="replace")
        results = re.findall(r"^(not )?ok \d+ - (\S+)(.*)", output, re.M)
        if not failed and not re.search(r"^\d+ passed, ", output, re.M):
            failed = ["it has ended the tests themselves"]
        for left in self.tmp.iterdir():
            shutil.rmtree(left, ignore_errors=True)
        return (failed or [name for wrong, name, _ in results if wrong],
                sum(not wrong and "# SKIP" not in rest for wrong, _, rest in results))

    def await_tests(self, tests, patterns, first_only):
        """Waits for their end, or ends them where one has failed, whose name is returned."""
        try:
            while tests.poll() is None:
                time.sleep(0.1)
                failed = self.find_failure(patterns) if first_only else None
                if failed:
                    return [failed]
            return []
        finally:
            if tests.poll() is None:
                os.killpg(tests.pid, signal.SIGKILL)
                tests.wait()

    def find_failure(self, patterns):
        """tests/run leaves JOB.done behind JOB.result, and prints a file once all of it is done."""
        for done in self.tmp.glob("*/jobs/*.done"):
            try:
                result = done.with_suffix(".result").read_text()
            except FileNotFoundError:
                continue
            if match := re.search(r"^fail (.+)", result, re.M):
                return self.whose(patterns, match[1])
        return None

    def whose(self, patterns, name):
        for pattern in patterns:
            file = pattern.split(":")[0]
            path = self.path / "tests" / (file if file.endswith(".sh") else f"{file}.c")
            if path.is_file() and re.search(rf"\b{re.escape(name.split()[0])}\b", path.read_text()):
                return f"{file}:{name}"
        return name


def baseline(copy, faults):
    """All tests that are named must pass, each pattern must name one."""
    patterns = sorted({pattern for fault in faults for pattern in fault.tests})
    if not copy.make([copy.program, *unit_tests(copy.build, patterns)]):
        raise Wrong(f"it does not build without a fault:\n{copy.log.read_text()}")
    failed, passed = copy.run(patterns, first_only=False)
    if failed or not passed:
        raise Wrong(f"without a fault {passed} tests pass, and these fail: {failed}\n"
                    + copy.log.read_text()[-4000:])
    return passed


def try_one(copy, fault, changed, full):
    """(verdict, by which test): caught, or survived, or another word where it cannot be said."""
    original = (copy.path / fault.file).read_text()
    copy.put(fault.file, changed)
    try:
        # What builds and runs faster comes first.
        scripts = [test for test in fault.tests if ".sh" in test]
        units = [test for test in fault.tests if test not in scripts]
        steps = [(unit_tests(copy.build, units), units), ([copy.program], scripts)]
        if full:
            every = [str(path.relative_to(ROOT / "tests").with_suffix(""))
                     for path in sorted(ROOT.glob("tests/*/*_test.c"))]
            steps.append(([copy.program, *unit_tests(copy.build, every)], ["*"]))
        passed = 0
        for targets, patterns in steps:
            if not patterns:
                continue
            if not copy.make(targets):
                return "does not build", copy.log.read_text()[:2000]
            failed, more = copy.run(patterns, True)
            if failed:
                return "caught", failed[0]
            passed += more
        return ("survived", "") if passed or fault.argued else ("no test ran", "")
    finally:
        copy.put(fault.file, original)


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("\n\n")[1].strip())
    parser.add_argument("-b", dest="build", default="build/gcc")
    parser.add_argument("-j", dest="jobs", type=int, default=1)
    parser.add_argument("-c", dest="check_only", action="store_true")
    parser.add_argument("-f", dest="full", action="store_true")
    parser.add_argument("-n", dest="at_once", action="store_true")
    parser.add_argument("patterns", nargs="*")
    given = parser.parse_args()
    faults = [fault for path in sorted((ROOT / "tests/mutants").glob("*.txt"))
              for fault in read(path)]
    names = [fault.name for fault in faults]
    if len(set(names)) != len(names):
        raise Wrong(f"named twice: {sorted({n for n in names if names.count(n) > 1})}")
    faults = [fault for fault in faults if wanted(fault, given.patterns)]
    if not faults:
        raise Wrong("no fault has such a name")
    changed = check_all(faults)
    if given.check_only:
        return 0

    base = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="groundwork-mutants.", ignore_cleanup_errors=True,
                                     dir=os.environ.get("TMPDIR", base)) as place:
        os.chmod(place, 0o755)
        copies = queue.SimpleQueue()
        for number in range(given.jobs):
            copies.put(Copy(Path(place), number, given.build))
        if not given.at_once:
            first = copies.get()
            print(f"{baseline(first, faults)} tests pass without a fault", flush=True)
            copies.put(first)
        return report(faults, changed, copies, given)


def check_all(faults):
    """{fault: the file with it}; what is wrong with any is raised at once."""
    changed, wrong = {}, []
    for fault in faults:
        try:
            changed[fault.name] = fault.check()
        except Wrong as reason:
            wrong.append(str(reason))
    if wrong:
        raise Wrong("\n".join(wrong))
    return changed


def report(faults, changed, copies, given):
    def one(fault):
        copy, began = copies.get(), time.monotonic()
        try:
            verdict, by = try_one(copy, fault, changed[fault.name], given.full)
        finally:
            copies.put(copy)
        if verdict == "survived" and fault.argued:
            verdict, by = "argued", fault.argued.strip()
        print(f"{verdict:9} {fault.name:40} {time.monotonic() - began:5.1f} s  {by}", flush=True)
        return verdict

    with concurrent.futures.ThreadPoolExecutor(given.jobs) as pool:
        verdicts = list(pool.map(one, faults))
    caught, argued = verdicts.count("caught"), verdicts.count("argued")
    share = 100 * caught / len(faults)
    print(f"\n{len(faults)} faults: {caught} caught ({share:.1f} %), {argued} argued, "
          f"{len(faults) - caught - argued} neither")
    for fault, verdict in zip(faults, verdicts):
        if verdict not in ("caught", "argued"):
            print(f"  {fault.where}: {fault.name}: {fault.says}: {verdict}")
    return 0 if share >= AIM and caught + argued == len(faults) else 1


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        sys.exit(main())
    except Wrong as wrong:
        print(f"mutants.py: {wrong}", file=sys.stderr)
        sys.exit(2)
