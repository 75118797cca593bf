# SPDX-License-Identifier: MIT
# Builds, tests and installs groundwork. A fresh machine needs git and make alone.
#
#	make		build/groundwork
#	make check	all tests			make unit	the unit tests alone
#			AGAIN=-r runs what failed once more, alone, and names what passes then
#	make static	build/static/groundwork: one file that needs nothing else, with musl;
#			and build/static/NOTICES, the licences of what is in it
#	make static-arm64	the same for that machine, as build/static-arm64/groundwork
#	make release	dist/: the static program, a tarball, a Debian package, an SBOM, and their
#			digests, signed with MINISIGN_KEY; RELEASE="amd64 arm64" for both machines
#	make check-release	that it is the same, bit by bit, from another directory; with
#			FULL=1 its libraries, too
#	make check-static	the black-box tests, of that one, on a disk
#	make NETWORK=no	without curl and OpenSSL: build/groundwork has no `download` and `cert` then
#	make check-no-network	what that says
#	make check-container	the Dockerfile, its image as PID 1 of real containers
#	make check-examples	the examples in real containers, which takes many minutes
#	make asan	all tests, with the address and undefined-behaviour sanitizers
#	make cov	which lines the tests execute, floor by floor; what they say of a program
#			that counts is in build/cov/tests.log
#	make lint	style, format, floors, words, symbols, two compilers, static analysis
#	make storm	stops, orphans and signals by the thousand
#	make soak	changes that are reloaded, a hundred thousand
#	make full	what `make check` has samples of and no target below is for: costs, changed
#			bytes of a signature, many starts, many modules
#	make fault	a start that is killed, or fails, at each of its system calls
#	make fault-db	the same for databases, and many starts at once, in full
#	make fault-pg	many starts at once on a server, which are killed, which is restarted,
#			and a connection to it that is cut behind each message
#	make images	what the entrypoints of public images do, with the real programs
#	make hostile	every kind of step against whatever stands in its way, in full
#	make attack	other users attack starts of root's, each attack for ATTACK_SECONDS
#	make mutants	small faults in the source, each of which a test must notice; MUTANTS=…
#			chooses some, FULL=1 has the others run against all tests, too
#	make corpus	SEEDS directories of migrations in the form of each tool, one of PostgreSQL
#			with 100 of them, and 1,000 files whose keys are set, all made by chance
#	make oracle	databases that other tools have begun, beside those tools themselves
#	make demo	a real application, started on an empty directory
#	make bench	what it costs, beside other tools of its kind, in one table
#	make bench-full	the same with 1 GiB, 500,000 files and 10,000 steps, which takes long
#	make fuzz	each fuzzer for FUZZ_SECONDS
#	make man	the manual pages, in build/man
#	make install	below $(DESTDIR)$(PREFIX)
#	make deps	installs what any of these needs; each target installs its own part
#
# A variant is a directory: build/gcc, build/clang, build/asan … hold the same tree, built by
# the same rules with other flags, so none is rebuilt because of another. `make CC=clang` works;
# V=1 shows the commands.

PREFIX     ?= /usr/local
PKG_CONFIG ?= pkg-config
CFLAGS     ?= -O2 -g
ifeq ($(origin CC),default)
CC := gcc
endif

# NETWORK=no leaves out curl and OpenSSL, and what needs them: the kinds download and cert, and
# waiting for http and https. The program then says so.
NETWORK ?= yes
LIBRARIES = sqlite3 inih libsodium $(if $(filter yes,$(NETWORK)),libcurl libpq libssl libcrypto)

WARNINGS = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes \
	-Wmissing-prototypes -Wformat=2 -Wvla -Wundef -Wcast-qual $(UNUSED)
# gcc also warns of a result that is cast to (void); clang, in lint, only of others.
UNUSED   = -Wno-unused-result
DIALECT  = -std=c11 -D_GNU_SOURCE -Isrc
# glibc warns about _FORTIFY_SOURCE without optimisation; a packager may bring their own.
FORTIFY  = $(if $(findstring FORTIFY,$(CFLAGS) $(CPPFLAGS)),,\
	$(if $(filter -O1 -O2 -O3 -Os,$(CFLAGS)),-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2))
HARDEN   = -fPIE -fstack-protector-strong $(FORTIFY)
HARDEN_LD = -pie -Wl,-z,relro,-z,now,--as-needed
SANITIZE = -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer

# What each variant is: its compiler, and the flags that it has beyond the common ones.
COMPILER = $(notdir $(firstword $(filter-out ccache distcc -%,$1)))
MAIN := $(call COMPILER,$(CC))$(if $(filter yes,$(NETWORK)),,-no-network)
CC_$(MAIN)       = $(CC)
FLAGS_$(MAIN)    = $(CFLAGS) $(HARDEN)
LDFLAGS_$(MAIN)  = $(HARDEN_LD)
CC_asan          = $(CC)
FLAGS_asan       = -O1 -g $(SANITIZE)
LDFLAGS_asan     = $(SANITIZE) -Wl,--as-needed
CC_cov           = gcc
FLAGS_cov        = -O0 -g --coverage -include tests/cov/exit.h
LDFLAGS_cov      = --coverage -Wl,--as-needed
CC_lint-gcc      = gcc
FLAGS_lint-gcc   = -O2 -g $(HARDEN) -Werror
CC_lint-clang    = clang
FLAGS_lint-clang = -O2 -g $(HARDEN) -Werror -Wunused-result
CC_fuzz          = clang
FLAGS_fuzz       = -O1 -g $(SANITIZE) -fsanitize=fuzzer-no-link
LDFLAGS_fuzz     = $(SANITIZE) -fsanitize=fuzzer
DEPS_fuzz        = cc:clang fuzzer build
# The release. No position independence: musl-gcc does not support it, and relocation at each
# start would cost the parent more pages than all its other work. It is as fast with -Os, and
# the same in any directory. Strings are not merged with those of the libraries, among which
# they would lie: a start would touch twice the pages.
FLAGS_RELEASE    = $(CFLAGS) -Os -fno-pie -fstack-protector-strong -ffunction-sections \
	-fdata-sections -fno-merge-constants -fno-asynchronous-unwind-tables \
	-ffile-prefix-map='$(CURDIR)=.'
LDFLAGS_RELEASE  = -static -no-pie -s -Wl,--gc-sections -Wl,-z,noexecstack,-z,relro,-z,now \
	-Wl,-u,atexit,-u,end_of_data
# A machine's release, $1, and its libraries, $2.
define release
FLAGS_$1   = $$(FLAGS_RELEASE)
LDFLAGS_$1 = $$(LDFLAGS_RELEASE)
DEPS_$1    = $1
LIBRARIES_$1--cflags = -I$2/include -include $2/include/libraries.h
LIBRARIES_$1--libs   = -lc -L$2/lib $$(patsubst %,-l%,$$(LIBRARIES:lib%=%)) \
	build/$1/end_of_data.o
endef
$(eval $(call release,static,build/musl))
$(eval $(call release,static-arm64,build/musl-arm64))
CC_static        = musl-gcc
CC_static-arm64  = build/musl-arm64/bin/musl-gcc
VARIANTS = $(MAIN) static static-arm64 asan cov lint-gcc lint-clang fuzz

WITHOUT := $(if $(filter yes,$(NETWORK)),src/net/http_none.c src/net/session_none.c \
	src/tls/none.c,src/net/http.c src/net/http_about.c src/net/http_url.c \
	src/net/session_about.c src/net/session_answer.c src/net/session_child.c \
	src/net/session_connect.c \
	$(filter-out src/tls/none.c,$(wildcard src/tls/*.c)))
APART   := src/net/network_apart.c
SOURCES := $(filter-out $(WITHOUT) $(APART),$(wildcard src/*/*.c))
TESTS   := $(wildcard tests/*/*_test.c)
FUZZERS := $(wildcard tests/fuzz/*_fuzz.c)
TRACERS := $(wildcard tests/fault/*.c)
ATTACK  := $(wildcard tests/attack/*.c)

# What a start runs is linked first, and in the release what that needs of the C library right
# behind it: a start then touches few pages of the file. $1 variant, $2 its objects.
START := $(shell sed "s,^\#.*,," src/start_order.txt)
laid   = $(foreach word,$(START),$(or $(filter $(word),$(LIBRARIES_$1--libs)),$(filter \
	build/$1/$(word).o,$2))) $(filter-out src/% $(START:%=build/$1/%.o),$2)

objects = $(patsubst src/%.c,build/$1/%.o,$(SOURCES)) build/$1/manual_text.o

# What a variant's program is made of. With shared libraries those of curl would make each start
# take five times as long: what uses them is in groundwork-network alone, which lies beside it.
network = $(if $(filter yes,$(NETWORK)),$(filter-out static static-arm64,$1))
away    = $(patsubst %,build/$1/net/%.o,network http http_url probe_child \
	transfer_child session_answer session_child session_connect)
program = build/$1/main.o $(if $(call network,$1),\
	$(filter-out $(away),$(objects)) $(APART:src/%.c=build/$1/%.o),$(objects))
tools   = $(patsubst %.c,build/$1/%,$(TRACERS)) build/$1/tests/attack/attack
tests   = $(patsubst %.c,build/$1/%,$(TESTS)) $(call tools,$1)
test_objects = $(patsubst %.c,build/$1/%.o,$(TESTS) $(TRACERS) $(ATTACK) $(FUZZERS))

all: build/$(MAIN)/groundwork
	@ln -f build/$(MAIN)/groundwork* build/

# A short line for each command; with V=1 the command itself.
say = $(if $(V),,@echo '  $1  $@';)

# A variant's libraries are pkg-config's, or its own: $1 variant, $2 --cflags or --libs.
libraries = $(or $(LIBRARIES_$1$2),$$$$($$(PKG_CONFIG) $2 $$(LIBRARIES)))

# The rules of one variant, $1. Objects are made again when its flags change.
define variant
build/$1/flags: FORCE
	@mkdir -p $$(@D)
	@echo '$$(CC_$1) $$(DIALECT) $$(WARNINGS) $$(FLAGS_$1) $$(CPPFLAGS) $$(NETWORK)' >$$@.new
	@if cmp -s $$@.new $$@; then rm $$@.new; else mv $$@.new $$@; fi

build/$1/%.o: src/%.c build/$1/flags | deps-$1
	@mkdir -p $$(@D)
	$$(call say,CC)$$(CC_$1) $$(DIALECT) $$(WARNINGS) $$(FLAGS_$1) $$(CPPFLAGS) -MMD -MP \
		$(call libraries,$1,--cflags) -c -o $$@ $$<

build/$1/manual_text.o: build/manual_text.c build/$1/flags | deps-$1
	$$(call say,CC)$$(CC_$1) $$(DIALECT) $$(WARNINGS) $$(FLAGS_$1) $$(CPPFLAGS) -MMD -MP \
		-c -o $$@ $$<

build/$1/tests/%.o: tests/%.c build/$1/flags | deps-$1 deps-check
	@mkdir -p $$(@D)
	$$(call say,CC)$$(CC_$1) $$(DIALECT) $$(WARNINGS) $$(FLAGS_$1) $$(CPPFLAGS) -MMD -MP \
		$$$$($$(PKG_CONFIG) --cflags cmocka) -c -o $$@ $$<

build/$1/libgroundwork.a: $$(call objects,$1)
	$$(call say,AR)rm -f $$@ && $$(AR) rcs $$@ $$^

build/$1/groundwork: $$(call program,$1) | $(patsubst %,build/%/groundwork-network,$(call network,$1))
build/$1/groundwork-network: build/$1/main.o $$(call objects,$1)
build/$1/groundwork build/$1/groundwork-network: src/start_order.txt
	$$(call say,LD)$$(CC_$1) $$(FLAGS_$1) $$(LDFLAGS_$1) $$(LDFLAGS) -o $$@ \
		$$(call laid,$1,$$^) $(call libraries,$1,--libs) $$(LDLIBS)

build/$1/tests/%_test: build/$1/tests/%_test.o build/$1/libgroundwork.a
	$$(call say,LD)$$(CC_$1) $$(FLAGS_$1) $$(LDFLAGS_$1) $$(LDFLAGS) -o $$@ $$^ \
		$$$$($$(PKG_CONFIG) --libs cmocka $$(LIBRARIES)) $$(LDLIBS)

build/$1/tests/fault/%: build/$1/tests/fault/%.o
	$$(call say,LD)$$(CC_$1) $$(FLAGS_$1) $$(LDFLAGS_$1) $$(LDFLAGS) -o $$@ $$^

build/$1/tests/attack/attack: $(patsubst %.c,build/$1/%.o,$(ATTACK))
	$$(call say,LD)$$(CC_$1) $$(FLAGS_$1) $$(LDFLAGS_$1) $$(LDFLAGS) -o $$@ $$^ \
		$$$$($$(PKG_CONFIG) --libs sqlite3) $$(LDLIBS)

build/$1/tests/%_fuzz: build/$1/tests/%_fuzz.o build/$1/libgroundwork.a
	$$(call say,LD)$$(CC_$1) $$(FLAGS_$1) $$(LDFLAGS_$1) $$(LDFLAGS) -o $$@ $$^ \
		$$$$($$(PKG_CONFIG) --libs $$(LIBRARIES)) $$(LDLIBS)

.PHONY: deps-$1
deps-$1:
	@.ci/deps.sh $$(or $$(DEPS_$1),cc:$$(call COMPILER,$$(CC_$1)) build)
endef
$(foreach v,$(VARIANTS),$(eval $(call variant,$v)))

-include $(foreach v,$(VARIANTS),$(wildcard build/$v/*.d build/$v/*/*.d build/$v/tests/*/*.d))

# The manuals' prose, as strings.
quote = sed -e 's/[\\"?]/\\&/g' -e 's/.*/"&\\n"/' $1
build/manual_text.c: src/cli/groundwork.1.md src/cli/groundwork.ini.5.md
	@mkdir -p $(@D)
	$(call say,GEN){ echo '#include "cli/manual.h"'; \
		echo '#pragma GCC diagnostic ignored "-Woverlength-strings"'; \
		echo 'const char manual_groundwork_text[] ='; \
		$(call quote,src/cli/groundwork.1.md); echo ';'; \
		echo 'const char manual_groundwork_ini_text[] ='; \
		$(call quote,src/cli/groundwork.ini.5.md); echo ';'; } >$@

# The program prints them, and the completions of shells.
man: build/man/groundwork.1 build/man/groundwork.ini.5
build/man/%: build/$(MAIN)/groundwork
	@mkdir -p $(@D)
	$(call say,MAN)$< explain --format mdoc $(basename $*) >$@
build/completion/%: build/$(MAIN)/groundwork
	@mkdir -p $(@D)
	$(call say,GEN)$< completion $* >$@

# A page that is written costs a start more than a system call. Of the variables, our own and
# the C library's lie first in .bss; where .data ends at the beginning of a page, they share
# that page with its end, which the kernel writes anyway. So this comes last in .data, and
# atexit(), which libcrypto alone asks for, among the C library's.
define release_rules
build/$1/groundwork: | build/$1/end_of_data.o
build/$1/end_of_data.o: $2/built | deps-$1
	@mkdir -p $$(@D)
	$$(call say,AS)printf '%s\n' .data '.balign 4096' '.globl end_of_data' \
		'end_of_data: .byte 0' '.section .note.GNU-stack,"",@progbits' | \
		$$(CC_$1) -c -x assembler -o $$@ -

# The libraries of the release are built again when their script or a source changes.
$2/built: FORCE | deps-$1
	@.ci/musl-libraries.sh $$(@D) $3
build/$1/main.o $(call objects,$1): $2/built

$1: build/$1/groundwork build/$1/NOTICES

# Whose work the release is made of, and on which terms it may be passed on.
build/$1/NOTICES: LICENSE $2/built
	@mkdir -p $$(@D)
	$$(call say,GEN)cat LICENSE $2/NOTICES >$$@
endef
$(eval $(call release_rules,static,build/musl,))
$(eval $(call release_rules,static-arm64,build/musl-arm64,arm64))

# Of this machine, unless RELEASE names others, as Debian and container engines call them.
NATIVE   := $(shell dpkg --print-architecture 2>/dev/null)
RELEASE  ?=
machines  = $(or $(RELEASE),$(NATIVE))
variants  = $(foreach m,$(machines),static$(patsubst %,-%,$(filter-out $(NATIVE),$m)))
release: $(foreach v,$(variants),$v) | deps-release
	$(call say,GEN).ci/release.sh dist $(join $(machines:%=%=build/),$(foreach v,$(variants),\
		$v:$(subst static,build/musl,$v)))
check-release:
	@tests/release/run.sh

# The parts of the Dockerfile, for one machine: build/image is what its image holds.
libraries: $(foreach v,$(variants),$(subst static,build/musl,$v)/built)
image: $(foreach v,$(variants),$v)
	@mkdir -p build/image
	cp build/$(variants)/groundwork build/$(variants)/NOTICES build/image

# The files of other systems, in which the release is run.
ROOTS = bookworm trixie
build/roots/%: | deps-roots
	@mkdir -p build/roots
	$(call say,ROOT)rm -rf $@.new && debootstrap --foreign --variant=minbase $* $@.new \
		>build/roots/$*.log && mv $@.new $@

# Escapes, migrations by chance, costs and the tool of the attacks are those of any build. On a
# disk, if /tmp is on one: the other tests are in memory.
check-static: static $(call tools,$(MAIN)) $(ROOTS:%=build/roots/%) | deps-check
	@ROOTS='$(CURDIR)/build/roots' TMPDIR=$${TMPDIR:-/tmp} tests/run $(AGAIN) build/static '*.sh' \
		'!cli/escape_test.sh' '!cli/corpus_test.sh' '!cli/postgres_corpus_test.sh' \
		'!cli/scale_test.sh' '!attack/*'

# What a build without curl and OpenSSL says; its other tests are those of any build.
check-no-network:
	@$(MAKE) NETWORK=no build/$(MAIN)-no-network/groundwork
	@tests/run build/$(MAIN)-no-network cli/no_network_test.sh

check-container:
	@tests/container/run.sh

# Images are built from source, with packages of Debian.
check-examples: | deps-examples
	@tests/container/examples.sh

check: all $(call tests,$(MAIN)) | deps-check deps-parsers
	@tests/run $(AGAIN) build/$(MAIN)

unit: $(call tests,$(MAIN)) | deps-check
	@tests/run -u build/$(MAIN)

asan: build/asan/groundwork $(call tests,asan) | deps-check
	@tests/run $(AGAIN) -x 4 build/asan

cov: build/cov/groundwork $(call tests,cov) | deps-check
	@tests/cov/cov.py prepare build/cov
	@tests/run -x 4 build/cov >build/cov/tests.log || tail -n 1 build/cov/tests.log
	@tests/cov/cov.py build/cov

storm: all | deps-check
	@FULL=1 tests/run -x 5 build/$(MAIN) 'cli/signals_test.sh:*_at_any_moment*' \
		'cli/signals_test.sh:*_storm_*' 'cli/pid1_test.sh:*deaf_leftovers*' \
		'cli/reload_test.sh:exchanges_by_chance'

# Memory and descriptors stay what they were.
SOAK ?= 100000
soak: all | deps-check
	@FULL=$(SOAK) tests/run -x 10 build/$(MAIN) 'cli/reload_test.sh:exchanges_by_chance'

full: all | deps-check deps-parsers
	@FULL=1 tests/run -x 10 build/$(MAIN) cli/scale_test.sh cli/concurrency_test.sh \
		'cli/download_test.sh:every_changed_byte*' 'cli/failure_test.sh:at_no_deadline*' \
		'cli/modules_test.sh:many_modules*'

fault: all $(call tests,$(MAIN)) | deps-check
	@tests/fault/all.sh build/$(MAIN)
	@FULL=1 tests/run -x 10 build/$(MAIN) 'fault/*_test.sh' '!fault/sweep_test.sh' \
		'!fault/db_test.sh' '!fault/pg_test.sh'

fault-db: all $(call tests,$(MAIN)) | deps-check
	@tests/fault/db_all.sh build/$(MAIN)

# One at a time: each has as many processes of its own as a machine can use.
fault-pg: all | deps-check
	@FULL=1 tests/run -j 1 build/$(MAIN) fault/pg_test.sh

# The real programs are Debian's; a test without its program is skipped. On a disk: where
# nothing else can be written, some still need their shared memory.
IMAGES ?= *
images: all | deps-check deps-images
	@TMPDIR=$${TMPDIR:-/tmp} tests/run -i build/$(MAIN) $(patsubst %,'images/%/*',$(IMAGES))
	@tests/run build/$(MAIN) 'cli/timeline_test.sh:a_browser*'

hostile: all | deps-check
	@tests/hostile/hostile.py build/$(MAIN)/groundwork tests/cli/ground tests/hostile/expected.txt
	@FULL=1 tests/run build/$(MAIN) hostile/many_test.sh

# ATTACKS=… chooses some of tests/attack/cases, ATTACK_PROGRAM another program.
ATTACK_PROGRAM ?= build/static/groundwork
attack: build/$(MAIN)/tests/attack/attack $(filter build/%,$(ATTACK_PROGRAM)) | deps-check
	@tests/attack/run.sh $< $(ATTACK_PROGRAM) $(ATTACKS)

# As root, MUTANTS_JOBS at once.
MUTANTS_JOBS ?= 1
mutants: all $(call tools,$(MAIN)) | deps-check
	@tests/mutants/mutants.py -b build/$(MAIN) -j $(MUTANTS_JOBS) $(if $(FULL),-f) $(MUTANTS)

# What LINTED names is compiled, tests too, with each warning an error.
LINTED ?= lint-gcc lint-clang
lint: $(foreach v,$(LINTED),build/$v/groundwork $(call test_objects,$v)) | deps-lint
	@tests/lint/all.sh

bench: static all | deps-bench
	@tests/bench/all.sh
bench-full: static all | deps-bench
	@FULL=1 tests/bench/all.sh

demo: all | deps-demo
	@examples/notes/demo.sh build/groundwork

SEEDS ?= 200
corpus: all | deps-check
	@SEEDS=$(SEEDS) MIGRATIONS=100 tests/run -x 10 build/$(MAIN) 'cli/corpus_test.sh' \
		'cli/postgres_corpus_test.sh' 'cli/file_edit_test.sh:files_by_chance*'

# The tools of npm come with Node.js; without it they are skipped.
ORACLES ?= dbmate sql-migrate drizzle prisma d1 dbmate/postgres drizzle/postgres prisma/postgres
oracle: all | deps-oracle
	@tests/oracle/run.sh build/$(MAIN)/groundwork $(ORACLES)

FUZZ_SECONDS ?= 10
fuzz: $(patsubst %.c,build/fuzz/%,$(FUZZERS))
	@for f in $^; do echo "== $${f##*/}"; mkdir -p build/fuzz/corpus/$${f##*/}; \
		$$f -max_total_time=$(FUZZ_SECONDS) -print_final_stats=0 -verbosity=0 \
		-artifact_prefix=build/fuzz/ build/fuzz/corpus/$${f##*/} || exit 1; done

SHARE = $(DESTDIR)$(PREFIX)/share
install: all man $(patsubst %,build/completion/%,bash fish zsh)
	install -d $(DESTDIR)$(PREFIX)/bin
	install -m 0755 build/$(MAIN)/groundwork $(patsubst %,build/%/groundwork-network,\
		$(call network,$(MAIN))) $(DESTDIR)$(PREFIX)/bin
	install -d $(DESTDIR)$(PREFIX)/lib/groundwork/conf.d
	install -m 0644 conf.d/*.ini $(DESTDIR)$(PREFIX)/lib/groundwork/conf.d
	install -D -m 0644 build/man/groundwork.1 $(SHARE)/man/man1/groundwork.1
	install -D -m 0644 build/man/groundwork.ini.5 $(SHARE)/man/man5/groundwork.ini.5
	install -D -m 0644 build/completion/bash $(SHARE)/bash-completion/completions/groundwork
	install -D -m 0644 build/completion/fish $(SHARE)/fish/vendor_completions.d/groundwork.fish
	install -D -m 0644 build/completion/zsh $(SHARE)/zsh/site-functions/_groundwork

deps:
	@.ci/deps.sh cc:$(MAIN) cc:gcc cc:clang build check lint demo fuzzer $(if $(shell command -v apt-get),static)

deps-check deps-lint deps-bench deps-demo deps-examples deps-images deps-oracle deps-release deps-roots: deps-%:
	@.ci/deps.sh $*

# Without them, their tests are skipped.
deps-parsers:
	@.ci/deps.sh parsers || true

clean:
	rm -rf build dist

# Objects between a test and its source are kept, and a rule that fails leaves no target.
.SECONDARY:
.DELETE_ON_ERROR:
.PHONY: all man static static-arm64 release check-release libraries image check-static check-no-network check-container check-examples check unit asan cov storm soak fault fault-db fault-pg hostile images attack mutants lint bench bench-full demo corpus oracle fuzz install deps deps-check deps-parsers deps-lint deps-bench deps-demo deps-examples deps-images deps-oracle deps-release deps-roots clean FORCE
