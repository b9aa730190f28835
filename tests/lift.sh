#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Trees, patches and names that are good, bad or evil: each is lifted, or refused in
# one line that says where; and what is lifted does no harm when it runs.
. "$(dirname "$0")/tap.sh"
. tests/kernel_source.sh
forms_folder

# refused WHAT CODE PATTERN TREE OPTION..: one line on stderr, nothing left behind
refused() {
	what=$1 code=$2 pattern=$3
	shift 3
	timeout -s KILL 100 "$KICKSIM" lift "$@" >"$tmp/out" 2>&1
	[ $? -eq "$code" ] && [ "$(wc -l <"$tmp/out")" -eq 1 ] && grep -q "$pattern" "$tmp/out" &&
		! ls -d "$KICKSIM_FORMS"/*.new >/dev/null 2>&1
	held "$what" $?
}

if ! kernel_source 6.1; then
	skip "lifts" "package linux-source-6.1 not available"
	finish
	exit
fi
before=$(cat "$tree"/*/*/*.[ch] "$tree"/*/*/*/*.[ch] | md5sum)

# edit NAME AWK-PROGRAM: $tmp/NAME.patch changes kvm_main.c
edit() {
	mkdir -p "$tmp/a/virt/kvm" "$tmp/b/virt/kvm"
	cp "$tree/virt/kvm/kvm_main.c" "$tmp/a/virt/kvm"
	awk "$2" "$tree/virt/kvm/kvm_main.c" >"$tmp/b/virt/kvm/kvm_main.c"
	(cd "$tmp" && diff -u a/virt/kvm/kvm_main.c b/virt/kvm/kvm_main.c >"$1.patch")
}

# Bad input
refused "a folder that is no tree" 2 'not a kernel source tree' "$tmp" --as x
refused "a folder that is not there" 2 'No such file' "$tmp/nowhere" --as x
refused "a file" 2 'not a folder' "$tree/kernel/exit.c" --as x
refused "a name with a slash" 2 'a name has' "$tree" --as ../x
refused "a name of kicksim's own" 2 'take another' "$tree" --as v6.1
refused "an architecture that is not lifted" 2 'x86 and arm64' "$tree" --as x --arch s390
refused "a base that is not there" 2 "no form 'v9.9'" "$tree" --as x --base v9.9
refused "a patch that is not there" 2 'none.patch: No such file' "$tree" --as x \
	--patch "$tmp/none.patch"
echo "not a patch" >"$tmp/text.patch"
refused "a patch that is none" 2 'changes no file' "$tree" --as x --patch "$tmp/text.patch"
printf -- '--- a/../../etc/passwd\n+++ b/../../etc/passwd\n@@ -1 +1 @@\n-a\n+b\n' >"$tmp/out.patch"
refused "a patch of files outside" 2 'is not in' "$tree" --as x --patch "$tmp/out.patch"
printf -- '--- a/mm/memory.c\n+++ b/mm/memory.c\n@@ -1 +1 @@\n-a\n+b\n' >"$tmp/mm.patch"
refused "a patch of a file that the tree has not" 2 'mm/memory.c is not in' "$tree" --as x \
	--patch "$tmp/mm.patch"
edit good '/^void kvm_vcpu_kick\(/ { print "/* a comment */" } { print }'
sed 's/^ void kvm_vcpu_kick(.*/ void kvm_vcpu_kick(int other)/' "$tmp/good.patch" >"$tmp/bad.patch"
refused "a patch that does not apply" 2 'virt/kvm/kvm_main.c: hunk #1 at line [0-9]* does not' \
	"$tree" --as x --patch "$tmp/bad.patch"
edit unknown '{ print } /^void kvm_vcpu_kick\(/ { kick = 1 }
	kick && /int me, cpu;/ { print "\tfrobnicate(vcpu);"; kick = 0 }'
refused "a call that kvmcore does not model" 2 \
	'kvm_main.c:[0-9]*: kvm_vcpu_kick() uses frobnicate, .*add it to kvmcore/include' \
	"$tree" --as x --patch "$tmp/unknown.patch"
edit libc '/^void kvm_vcpu_kick\(/ { print "int getpid(void);\n"; kick = 1 } { print }
	kick && /int me, cpu;/ { print "\n\tif (getpid() < 0)\n\t\treturn;"; kick = 0 }'
refused "a call of the C library, though it is declared" 2 'kvm_vcpu_kick() uses getpid' \
	"$tree" --as x --patch "$tmp/libc.patch"
edit global '/^void kvm_vcpu_kick\(/ { print "static int kicks;\n"; kick = 1 } { print }
	kick && /int me, cpu;/ { print "\tkicks++;"; kick = 0 }'
refused "a variable that outlives a run" 2 'kicks is a variable' "$tree" --as x \
	--patch "$tmp/global.patch"

# What is new in the file comes along; what is not lifted is told.
edit helper '/^void kvm_vcpu_kick\(/ {
		print "#define KICK_MODES 3\n\nstatic DEFINE_STATIC_KEY_FALSE(kick_key);\n"
		print "static bool kick_wanted(struct kvm_vcpu *vcpu)\n{"
		print "\tlockdep_assert_held(&vcpu->mutex);\n\ttrace_kvm_kick(vcpu->vcpu_id);"
		print "\treturn !WARN_ON_ONCE(READ_ONCE(vcpu->mode) > KICK_MODES);\n}\n"
		kick = 1
	} { print }
	kick && /int me, cpu;/ { kick = 0
		print "\n\tif (static_branch_unlikely(&kick_key) || !kick_wanted(vcpu))\n\t\treturn;" }'
timeout -s KILL 100 "$KICKSIM" lift "$tree" --as helper --patch "$tmp/helper.patch" >"$tmp/out" 2>&1 &&
	grep -q 'with them .*KICK_MODES' "$tmp/out" && grep -q 'kick_wanted()' "$tmp/out" &&
	grep -q 'changed    kvm_vcpu_kick() -0 +3$' "$tmp/out"
held "a helper, a macro and a static key come along" $?
"$KICKSIM" run kick-vs-migrate --kernel helper >"$tmp/out" 2>&1 &&
	grep -q 'kick_wanted() kvm_main.c' "$tmp/out"
held "and run at the tree's lines" $?
refused "a name that is lifted already" 2 'lifted already' "$tree" --as helper
edit other '/^int kvm_vcpu_yield_to\(/ { yield = 1 } { print }
	yield && /int ret = 0;/ { print "\tint other = 0;"; yield = 0 }'
timeout -s KILL 100 "$KICKSIM" lift "$tree" --as helper --replace --patch "$tmp/other.patch" \
	>"$tmp/out" 2>&1 && grep -q 'touches no lifted function' "$tmp/out" &&
	grep -q 'kvm_vcpu_yield_to() -0 +1; it is not lifted' "$tmp/out"
held "a patch of what is not lifted is warned of" $?

# Code that does what it should not, by the number of vCPUs.
edit evil '/^void kvm_vcpu_kick\(/ {
		print "static int deeper(struct kvm_vcpu *vcpu, int n)\n{\n\tchar room[256];\n"
		print "\tmemset(room, vcpu->mode, sizeof(room));"
		print "\treturn deeper(vcpu, n + 1) + room[n & 255];\n}\n"
		kick = 1
	} { print }
	kick && /int me, cpu;/ { kick = 0
		print "\tlong ret;\n\n\tswitch (atomic_read(&vcpu->kvm->online_vcpus)) {"
		print "\tcase 1:\n\t\t*(int *)0x30 = 1;\n\t\tbreak;"
		print "\tcase 2:\n\t\tdeeper(vcpu, 0);\n\t\tbreak;"
		print "\tcase 3:\n\t\t*(volatile u64 *)0x20000040 = 1;\n\t\tbreak;"
		print "\tcase 4:\n\t\t__asm__ __volatile__(\"syscall\" : \"=a\" (ret) : \"a\" (39L) :"
		print "\t\t\t\"rcx\", \"r11\", \"memory\");\n\t\tbreak;"
		print "\tcase 5:\n\t\tfor (;;)\n\t\t\tbarrier();\n\t}" }'
timeout -s KILL 100 "$KICKSIM" lift "$tree" --as evil --replace --patch "$tmp/evil.patch" \
	>"$tmp/out" 2>&1
held "evil code is lifted as well" $?
for vcpus in 1 2 3 4; do
	set -- - 'a NULL pointer' 'recursion without end' 'a store into kicksim' 'a system call'
	shift $vcpus
	timeout -s KILL 60 "$KICKSIM" run kick-vs-migrate --kernel evil --vcpus $vcpus \
		>"$tmp/out" 2>&1
	[ $? -eq 0 ] && grep -q 'oops: oops in' "$tmp/out"
	held "$1 is a finding" $?
done
timeout -s KILL 60 "$KICKSIM" run kick-vs-migrate --kernel evil --vcpus 6 >"$tmp/out" 2>&1
[ $? -eq 0 ] && grep -q 'no oracle fired' "$tmp/out"
held "and nothing is, where nothing is wrong" $?
timeout -s KILL 60 "$KICKSIM" run kick-vs-migrate --kernel evil --vcpus 5 >"$tmp/out" 2>&1
[ $? -eq 0 ] && grep -q 'oops: soft-lockup in kvm_vcpu_kick' "$tmp/out"
held "a loop without end is a finding" $?

# Objects that would do something before any run
evil_object() {
	cat >"$tmp/evil.c"
	clang -shared -fPIC $2 -o "$KICKSIM_FORMS/$1-x86.so" "$tmp/evil.c" 2>"$tmp/out"
	"$KICKSIM" run kick-vs-migrate --kernel "$1" >"$tmp/out" 2>&1
	[ $? -eq 4 ] && [ "$(wc -l <"$tmp/out")" -eq 1 ] && grep -q "is not loaded: it has $3" "$tmp/out"
}
echo '__attribute__((constructor)) static void f(void) { __builtin_trap(); }' |
	evil_object ctor -nostdlib 'code that runs when it is loaded'
held "a constructor is not run" $?
echo 'int system(const char *); int f(void) { return system("id"); }' |
	evil_object libc -nostdlib 'a call of system()'
held "a call of the C library is not linked" $?
echo 'int f;' | evil_object needs '' ''
held "a library that is needed is not loaded" $?

[ "$before" = "$(cat "$tree"/*/*/*.[ch] "$tree"/*/*/*/*.[ch] | md5sum)" ]
held "the tree is as it was" $?

finish
