#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every kind of step against whatever may stand where it is to work.

    hostile.py [-u] [-s STRIDE] [-o FIRST] GROUNDWORK GROUND EXPECTED

-u         write EXPECTED anew: read the difference before it is committed
-s, -o     only every STRIDEth case, from that one on
GROUND     the directory tests/cli/ground
EXPECTED   for each kind what is said, and in which states: with the persons, if not for all

Each case is a directory of its own with `t/x`, where the step works, and `out`, which is none of
its business. `plan` runs, then `apply`, then `plan`. A plan changes nothing; a step changes
nothing but its target and leaves nothing beside it; after it there is nothing to do. Where one
of these is not so, and where the plan promised another end, it is in the table.
Exit 1 if anything is not as EXPECTED.

Root runs in a mount namespace of its own, for all persons; another user for itself alone, without
the states that only root can make.
"""

import argparse
import ctypes
import errno
import functools
import glob
import hashlib
import http.server
import itertools
import os
import platform
import re
import shutil
import socket
import stat
import struct
import subprocess
import sys
import tempfile
import threading

OTHER = 4242  # somebody else, who owns something
PERSONS = {"root": (0, 0), "user": (10001, 10001), "group0": (12345, 0)}
ROOT = os.geteuid() == 0
MOUNTS = "HOSTILE_MOUNTS"  # in the environment: this is a mount namespace of our own

KINDS = {
    "directory": "[directory:x]\npath = @\n",
    "directory-full": "[directory:x]\npath = @\nowner = 0\nrecursive = full\nmode = 0750\n",
    "directory-source": "[directory:x]\npath = @\nsource = ../site\nmerge = missing\n",
    "link": "[link:x]\npath = @\ntarget = elsewhere\n",
    "link-replace": "[link:x]\npath = @\ntarget = elsewhere\nreplace = link\n",
    "file": "[file:x]\npath = @\ncontent = made\n",
    "file-empty": "[file:x]\npath = @\n",
    "file-manage": "[file:x]\npath = @\ncontent = made\npolicy = manage\nmode = 0640\n",
    "file-edit": "[file:x]\npath = @\npolicy = edit\nformat = env\nset = KEY=made\n",
    "file-source": "[file:x]\npath = @\nsource = ../site/index.html\n",
    "file-tree": "[file:x]\npath = @\ntemplate = ../site\n",
    "key": "[key:x]\npath = @\n",
    "key-public": "[key:x]\npath = k/key\ntype = ed25519\npublic = @\n",
    "secret": "[secret:x]\nsource = ../password.age\nidentity = ../identity.txt\npath = @\n",
    "cert": "[cert:x]\ncert = @\nkey = k/key\nsan = localhost\n",
    "cert-key": "[cert:x]\ncert = k/key.pem\nkey = @\nsan = localhost\n",
    "download": "[download:x]\npath = @\nurl = http://127.0.0.1:${PORT}/index.html\n",
    "database": "[database:x]\npath = @\nmigrations = ../schema.sql\n",
    "exec-file": "[exec:x]\ncommand = cp /dev/null {file}\ncreates = @\n",
    "exec-dir": "[exec:x]\ncommand = mkdir {dir}/made\ncreates = @\n",
    "migrations": "[database:y]\npath = k/key\n[migrations:x]\ndatabase = y\npath = ../base/@\n",
    "absent": "[absent:x]\npath = @\n",
    "absent-recursive": "[absent:x]\npath = @\nrecursive = yes\n",
    "assert": "[assert:x]\nthat = is-file:@\nmessage = make it\n",
    "wait": "[wait:x]\nurl = file://${BASE}/@\ntimeout = 30ms\ninterval = 10ms\n",
    "wait-command": "[wait:x]\ncommand = test -e ${BASE}/@\ntimeout = 300ms\ninterval = 10ms\n",
}


class Site(http.server.SimpleHTTPRequestHandler):
    """Serves what downloads fetch."""

    def log_message(self, *arguments):
        pass


def serve(directory):
    """Begins to, and says in the environment where; the digest goes to the kind."""
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Site, directory=directory))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    os.environ["PORT"] = str(server.server_port)
    with open(f"{directory}/index.html", "rb") as file:
        KINDS["download"] += f"sha256 = {hashlib.sha256(file.read()).hexdigest()}\n"


# What makes a new object, and in which argument it has the flags that say so; the same for all
# processes: none of them has any quota left.
CREATING = {
    "x86_64": {2: 1, 257: 2, 83: None, 258: None, 88: None, 266: None, 133: None, 259: None},
    "aarch64": {56: 2, 34: None, 36: None, 33: None},
}.get(platform.machine(), {})


def use_up_the_quota():
    """From now on no file can be made by this process, for EDQUOT. See seccomp(2), bpf(2)."""
    program = [(0x20, 0, 0, 0)]  # the number of the call
    for number, flags in CREATING.items():
        if flags is None:
            program += [(0x15, 0, 1, number), (0x06, 0, 0, 0x00050000 | errno.EDQUOT)]
            continue
        program += [
            (0x15, 0, 4, number), (0x20, 0, 0, 16 + 8 * flags), (0x45, 0, 1, os.O_CREAT),
            (0x06, 0, 0, 0x00050000 | errno.EDQUOT), (0x06, 0, 0, 0x7fff0000),
        ]
    program.append((0x06, 0, 0, 0x7fff0000))
    code = b"".join(struct.pack("HBBI", *line) for line in program)
    room = ctypes.create_string_buffer(code)
    fprog = struct.pack("HxxxxxxP", len(program), ctypes.addressof(room))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(38, 1, 0, 0, 0) or libc.prctl(22, 2, fprog, 0, 0):
        raise OSError(ctypes.get_errno(), "seccomp")


class Case:
    """Where one case lies, and who the person is."""

    def __init__(self, base, person):
        self.base = base
        self.person = person
        self.uid, self.gid = PERSONS[person] if ROOT else (os.geteuid(), os.getegid())
        self.target = "t/x"
        self.named = None  # how the configuration writes it, if in another way
        self.before_exec = None
        self.mounts = []
        self.may_change = set()  # besides the target
        os.mkdir(f"{base}/t")
        os.mkdir(f"{base}/k")
        os.makedirs(f"{base}/out/directory")
        self.write("out/file", "outside\n")
        self.write("out/directory/inner", "inner\n")
        if person == "group0" and ROOT:
            os.chmod(f"{base}/t", 0o775)
            os.chmod(f"{base}/k", 0o775)
        else:
            self.own("t", "k")

    def path(self, name=None):
        return f"{self.base}/{self.target if name is None else name}"

    def write(self, name, text):
        with open(self.path(name), "w") as file:
            file.write(text)

    def own(self, *names, uid=None):
        """Gives it to the person, or to that user."""
        if ROOT:
            for name in names:
                os.lchown(self.path(name), self.uid if uid is None else uid,
                          self.gid if uid is None else uid)

    def mount(self, *options, at):
        subprocess.run(["mount", *options, self.path(at)], check=True)
        self.mounts.append(self.path(at))

    def unmount(self):
        for path in reversed(self.mounts):
            subprocess.run(["umount", path], check=True)


STATES = {}


def state(who="anybody"):
    def add(function):
        if ROOT or who == "anybody":
            STATES[function.__name__.replace("_", "-")] = function
        return function
    return add


@state()
def missing(case):
    pass


@state()
def file(case):
    case.write("t/x", "there\n")
    case.own("t/x")


@state()
def empty_file(case):
    case.write("t/x", "")
    case.own("t/x")


@state()
def closed_file(case):
    case.write("t/x", "there\n")
    case.own("t/x")
    os.chmod(case.path(), 0)


@state()
def set_id_file(case):
    case.write("t/x", "there\n")
    case.own("t/x")
    os.chmod(case.path(), 0o6755)


@state()
def hard_link(case):
    case.own("out/file")
    os.link(case.path("out/file"), case.path())


@state("root")
def file_of_another(case):
    case.write("t/x", "there\n")
    case.own("t/x", uid=OTHER)


@state()
def empty_directory(case):
    os.mkdir(case.path())
    case.own("t/x")


@state()
def directory(case):
    os.makedirs(case.path("t/x/deep"))
    case.write("t/x/deep/file", "there\n")
    case.own("t/x", "t/x/deep", "t/x/deep/file")


@state()
def directory_of_oddities(case):
    os.mkdir(case.path())
    case.write("t/x/new\nline \x1b[31m", "odd\n")
    os.symlink("../../out/file", case.path("t/x/link"))
    os.symlink("../../out/directory", case.path("t/x/linked"))
    os.mkfifo(case.path("t/x/pipe"))
    case.own("t/x", "t/x/new\nline \x1b[31m", "t/x/link", "t/x/linked", "t/x/pipe")


@state("root")
def directory_of_another(case):
    os.mkdir(case.path())
    case.write("t/x/file", "there\n")
    case.own("t/x", "t/x/file", uid=OTHER)


@state("root")
def directory_with_a_mount(case):
    os.makedirs(case.path("t/x/mount"))
    case.mount("-t", "tmpfs", "-o", "mode=755", "tmpfs", at="t/x/mount")
    case.write("t/x/mount/file", "mounted\n")
    case.own("t/x")
    case.may_change.add("t/x")


@state("root")
def mount_point(case):
    os.mkdir(case.path())
    case.mount("-t", "tmpfs", "-o", f"mode=755,uid={case.uid},gid={case.gid}", "tmpfs", at="t/x")


@state("root")
def mounted_file(case):
    case.write("k/bound", "there\n")
    case.own("k/bound")
    case.write("t/x", "")
    case.mount("--bind", case.path("k/bound"), at="t/x")
    case.may_change.add("k/bound")


@state()
def link_to_a_file(case):
    os.symlink("../out/file", case.path())
    case.own("t/x")


@state()
def link_to_a_directory(case):
    os.symlink("../out/directory", case.path())
    case.own("t/x")


@state()
def dangling_link(case):
    os.symlink("../out/missing", case.path())
    case.own("t/x")


@state()
def looping_link(case):
    os.symlink("x", case.path())
    case.own("t/x")


@state()
def pipe(case):
    os.mkfifo(case.path())
    case.own("t/x")


@state()
def socket_file(case):
    listener = socket.socket(socket.AF_UNIX)
    here = os.open(".", os.O_PATH)
    os.chdir(case.path("t"))
    listener.bind("x")
    os.fchdir(here)
    os.close(here)
    listener.close()
    case.own("t/x")


@state("root")
def device(case):
    os.mknod(case.path(), stat.S_IFCHR | 0o666, os.makedev(1, 3))


@state()
def parent_missing(case):
    os.rmdir(case.path("t"))
    case.own(".")
    case.may_change.update((".", "t"))


@state()
def parent_is_a_file(case):
    os.rmdir(case.path("t"))
    case.write("t", "there\n")
    case.own("t")


@state()
def parent_is_a_link(case):
    os.rmdir(case.path("t"))
    case.own("out/directory")
    os.symlink("out/directory", case.path("t"))
    case.own("t")
    case.may_change.add("out/directory")
    case.may_change.add("out/directory/x")


@state("root")
def parent_dangles(case):
    os.rmdir(case.path("t"))
    os.symlink("out/missing", case.path("t"))
    case.own("t")


@state("root")
def parent_is_read_only(case):
    case.own("t", uid=0)
    os.chmod(case.path("t"), 0o555)


@state("root")
def parent_of_another(case):
    case.own("t", uid=OTHER)
    os.chmod(case.path("t"), 0o777)


@state("root")
def everybodys_parent(case):
    case.own("t", uid=0)
    os.chmod(case.path("t"), 0o1777)
    case.write("t/x", "there\n")
    case.own("t/x", uid=OTHER)


@state("root")
def read_only(case):
    case.mount("--bind", case.path("t"), at="t")
    subprocess.run(["mount", "-o", "remount,bind,ro", case.path("t")], check=True)


@state("root")
def read_only_with_a_file(case):
    case.write("t/x", "made")
    os.chmod(case.path(), 0o640)
    case.own("t/x")
    read_only(case)


@state("root")
def full(case):
    case.mount("-t", "tmpfs", "-o", f"size=4k,mode=755,uid={case.uid},gid={case.gid}", "tmpfs",
               at="t")
    case.write("t/filler", "f" * 4096)


@state("root")
def full_of_inodes(case):
    case.mount("-t", "tmpfs", "-o", f"nr_inodes=2,mode=755,uid={case.uid},gid={case.gid}",
               "tmpfs", at="t")
    case.write("t/filler", "")


if CREATING:
    @state()
    def over_quota(case):
        case.before_exec = use_up_the_quota


@state()
def name_with_a_line_end(case):
    case.target, case.named = "t/new\nline", "t/new${LINE_END}line"


@state()
def longest_name(case):
    case.target = "t/" + "n" * 255


@state()
def name_too_long(case):
    case.target = "t/" + "n" * 256


@state()
def longest_path(case):
    """4,095 bytes and a NUL, of which the last component is the shortest."""
    room = 4095 - len(case.path("t")) - len("/x")
    case.target = f"t/{'n' * (room % 100 + 99)}{('/' + 'n' * 99) * (room // 100 - 1)}/x"
    parent = os.path.dirname(case.target)
    while parent:
        case.may_change.add(parent)
        parent = os.path.dirname(parent)


@state()
def path_too_long(case):
    case.target = "t/" + "n/" * 2048 + "x"


def look(base, target):
    """All that is there but the target and what is in it."""
    seen = {}
    for directory, directories, names in os.walk(base):
        for name in [*directories, *names, "."]:
            path = os.path.join(directory, name) if name != "." else directory
            relative = os.path.relpath(path, base)
            if relative == target or relative.startswith(target + "/"):
                continue
            status = os.lstat(path)
            text = None
            if stat.S_ISREG(status.st_mode):
                with open(path, "rb") as there:
                    text = there.read()
            elif stat.S_ISLNK(status.st_mode):
                text = os.readlink(path)
            seen[relative] = (status.st_mode, status.st_uid, status.st_gid, status.st_ino, text)
    return seen


def differences(before, after, may_change):
    for name in sorted(before.keys() | after.keys()):
        if name.startswith("k/key") or name in may_change:
            continue
        if before.get(name) != after.get(name):
            yield name


def shown(text, base):
    """What was said, without what is another each time."""
    text = text.replace(base + "/", "").replace(base, ".")
    text = text.replace("Filename too long", "File name too long")  # as musl has it
    text = text.replace("Symbolic link loop", "Too many levels of symbolic links")  # the same
    text = re.sub(r"(?<!Disk )Quota exceeded", "Disk quota exceeded", text)  # the same
    text = text.replace(f"127.0.0.1:{os.environ['PORT']}", "127.0.0.1:PORT")
    text = re.sub(r"n{250,}", "NAME", text)
    text = re.sub(r"(n/){1000,}|(n{99,198}/){20,}", "N/", text)
    text = re.sub(r"(?<=\s)[n/]*N/", "N/", text)  # cut where the length of the base says
    text = re.sub(r"[nN][nN/]*…", "N…", text)
    text = re.sub(r"N/x' doe.*", "N/x'…", text)
    text = re.sub(r"we are \d+:\d+", "we are UID:GID", text)
    text = re.sub(r"belongs to (user )?(10001|12345)\b(:\d+)?", r"belongs to \1us", text)
    text = re.sub(r"(asked|tried) (?:1 time|\d+ times)", r"\1 N times", text)
    text = re.sub(r"groundwork-[A-Za-z0-9]{6}", "groundwork-*", text)
    text = re.sub(r" \([0-9.]+(us|ms|s)\)(?=[;:]|$)", "", text, flags=re.M)
    lines = []
    for line in text.splitlines():
        line = re.sub(r"^groundwork: (?:! )?(error: |warning: )?", r"\1", line)
        if not re.match("the ground is |warning: .*the identity file", line):
            lines.append(line)
    return " | ".join(lines)


def run(case, groundwork, *words):
    command = [groundwork, "-q", "-c", f"{case.base}/../conf.d", "-C", case.base, *words]
    if ROOT and case.uid != 0:
        command = ["setpriv", f"--reuid={case.uid}", f"--regid={case.gid}", "--clear-groups",
                   *command]
    done = subprocess.run(command, capture_output=True, text=True, errors="backslashreplace",
                          check=False, timeout=60, stdin=subprocess.DEVNULL,
                          env={**os.environ, "BASE": case.base, "LINE_END": "\n"},
                          preexec_fn=case.before_exec)
    return done.returncode, done.stdout + done.stderr


def one_case(options, kind, state_name, person, work):
    """What the table says of it."""
    base = f"{work}/base"
    os.mkdir(base)
    os.chmod(base, 0o755)
    case = Case(base, person)
    try:
        STATES[state_name](case)
        with open(f"{work}/conf.d/x.ini", "w") as ini:
            ini.write(KINDS[kind].replace("@", case.named or case.target))
        before = look(base, case.target)
        planned, _ = run(case, options.groundwork, "plan")
        wrong = [f"plan changed {n}" for n in differences(before, look(base, case.target), ())]
        code, said = run(case, options.groundwork, "apply")
        after = look(base, case.target)
        wrong += [f"changed {n}" for n in differences(before, after, case.may_change)]
        if code == 0:
            again, text = run(case, options.groundwork, "plan")
            # What a wait waits for is not known to a plan.
            known = not kind.startswith("wait")
            if again != 0 or (known and ": nothing to do" not in text):
                wrong.append(f"again {again}")
        if (planned == 0) != (code == 0):
            wrong.append(f"planned {planned}")
        return " | ".join(filter(None, [str(code), shown(said, base), *wrong]))
    finally:
        case.unmount()
        subprocess.run(["chmod", "-R", "u+rwx", base], check=False, stderr=subprocess.DEVNULL)
        shutil.rmtree(base)


def written(results):
    """The table of results: the persons of a state, where it is not all of them."""
    lines = []
    for kind, cases in itertools.groupby(sorted(results.items(), key=order), lambda c: c[0][0]):
        said = {}
        for (_, name, person), text in cases:
            said.setdefault(text, {}).setdefault(name, []).append(person)
        lines.append(f"[{kind}]")
        for text, states in said.items():
            lines.append(text)
            for name, persons in states.items():
                whose = "" if len(persons) == len(PERSONS) else f": {' '.join(persons)}"
                lines.append(f"\t{name}{whose}")
    return "\n".join(lines) + "\n"


def order(case):
    kind, name, person = case[0]
    return list(KINDS).index(kind), list(STATES).index(name), list(PERSONS).index(person)


def expected(path):
    """The table read back: what is said in each case."""
    results, kind, said = {}, None, None
    with open(path) as table:
        for line in table.read().splitlines():
            if line.startswith("["):
                kind = line.strip("[]")
            elif line.startswith("\t"):
                name, _, persons = line.strip().partition(": ")
                for person in persons.split() or PERSONS:
                    results[kind, name, person] = said
            else:
                said = line
    return results


def run_cases(options):
    """What each chosen case gave."""
    cases = list(itertools.product(KINDS, STATES, PERSONS if ROOT else ["user"]))
    with tempfile.TemporaryDirectory(prefix="groundwork-hostile.") as work:
        os.chmod(work, 0o755)
        shutil.copytree(options.ground, work, dirs_exist_ok=True)
        os.chmod(f"{work}/identity.txt", 0o644)
        # Other users are to run it, wherever it was built.
        os.mkdir(f"{work}/bin")
        for path in glob.glob(f"{glob.escape(options.groundwork)}*"):
            if os.access(path, os.X_OK):
                shutil.copy(path, f"{work}/bin")
        options.groundwork = f"{work}/bin/{os.path.basename(options.groundwork)}"
        for name in os.listdir(f"{work}/conf.d"):
            os.unlink(f"{work}/conf.d/{name}")
        return {
            case: one_case(options, *case, work)
            for case in cases[options.first::options.stride]
        }


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("-u", dest="update", action="store_true")
    parser.add_argument("-s", dest="stride", type=int, default=1)
    parser.add_argument("-o", dest="first", type=int, default=0)
    for name in ("groundwork", "ground", "expected"):
        parser.add_argument(name)
    options = parser.parse_args()
    if ROOT and MOUNTS not in os.environ:
        os.environ[MOUNTS] = "1"
        os.execvp("unshare", ["unshare", "-m", sys.executable, *sys.argv])
    os.umask(0o022)
    serve(f"{options.ground}/site")
    results = run_cases(options)
    if options.update:
        with open(options.expected, "w") as table:
            table.write(written(results))
        return 0
    known = expected(options.expected)
    failed = 0
    for case, said in results.items():
        if said != known.get(case):
            print(f"{', '.join(case)}:\n\texpected: {known.get(case)}\n\tgot:      {said}")
            failed += 1
    print(f"{len(results)} cases, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
