#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Patches as a stranger writes them, good and bad, from the lift to the verdict.
#
# One good patch uses at once what several would: it has to be found good.  Bad ones
# have to be found by diff and by check, or refused in a line that names the place.
. "$(dirname "$0")/tap.sh"
. tests/kernel_source.sh
forms_folder v6.12-x86 v6.12-arm64 v5.15-x86 v5.16-x86
# The signs are looked for as people see them.
LC_ALL=C.UTF-8

if ! kernel_source 6.12; then
	skip "lifts" "package linux-source-6.12 not available"
	finish
	exit
fi
main=virt/kvm/kvm_main.c host=include/linux/kvm_host.h

# edit FILE AWK-PROGRAM: on top of the edits before it
edit() {
	mkdir -p "$tmp/a/${1%/*}" "$tmp/b/${1%/*}"
	[ -e "$tmp/b/$1" ] || cp "$tree/$1" "$tmp/a/$1"
	[ -e "$tmp/b/$1" ] || cp "$tree/$1" "$tmp/b/$1"
	awk "$2" "$tmp/b/$1" >"$tmp/edited"
	cat "$tmp/edited" >"$tmp/b/$1"
}

# lift NAME OPTION..: what was edited since the last one
lift() {
	name=$1
	shift
	(cd "$tmp" && diff -ru a b >"$name.patch"; rm -rf a b)
	timeout -s KILL 100 "$KICKSIM" lift "$tree" --as "$name" --patch "$tmp/$name.patch" "$@" \
		>"$tmp/out" 2>&1
}

# gate NAME CODE PATTERN OPTION..: against the form that it was lifted onto
gate() {
	name=$1 code=$2 pattern=$3
	shift 3
	timeout -s KILL 200 "$KICKSIM" check --kernel "$name" --base v6.12 --corpus none \
		--runs 3000 "$@" >"$tmp/out" 2>&1
	[ $? -eq "$code" ] && grep -q "$pattern" "$tmp/out"
	held "check says so: $pattern" $?
}

# A new helper with a table, a struct of its own and a message; a parameter more; a
# field, an enumerator and try_cmpxchg(); a guard and the masks' iterator.
edit $host '{ sub(/^\tREADING_SHADOW_PAGE_TABLES,$/, "&\n\tNR_GUEST_MODES,"); print }
	/^struct kvm_vcpu \{$/ { print "\tatomic_t nr_kicks;" }'
edit $host '/^\treturn cmpxchg\(&vcpu->mode, IN_GUEST_MODE, EXITING_GUEST_MODE\);/ {
		print "\t(void)try_cmpxchg(&vcpu->mode, &mode, EXITING_GUEST_MODE);\n\treturn mode;"
		next }
	{ print }
	/^static inline int kvm_vcpu_exiting_guest_mode\(/ { exiting = 1 }
	exiting && /^\{/ { print "\tint mode = IN_GUEST_MODE;\n"; exiting = 0 }'
edit $host '/^bool kvm_make_vcpus_request_mask\(/ { mask = 1 }
	mask && sub(/unsigned long \*vcpu_bitmap\)/, "unsigned long *vcpu_bitmap, struct kvm_vcpu *but)") {
		mask = 0 }
	{ print }'
edit $main '/^bool kvm_make_vcpus_request_mask\(/ { mask = 1 }
	mask && sub(/unsigned long \*vcpu_bitmap\)/, "unsigned long *vcpu_bitmap, struct kvm_vcpu *but)") { }
	mask && sub(/if \(!vcpu\)/, "if (!vcpu || vcpu == but)") { mask = 0 }
	{ print }'
edit $main '/^static bool kvm_request_needs_ipi\(/ {
		print "static const struct {\n\tconst char *name;\n\tu8 weight[NR_GUEST_MODES];\n} kicks = {"
		print "\t.name = \"kick\", .weight = { [IN_GUEST_MODE] = 1, [EXITING_GUEST_MODE] = 1 },\n};\n"
		print "static bool kick_wanted(struct kvm_vcpu *vcpu, int mode)\n{"
		print "\tif (WARN_ONCE(mode < 0 || mode >= NR_GUEST_MODES, \"%s: mode %d\", kicks.name, mode))"
		print "\t\treturn false;\n\tatomic_inc(&vcpu->nr_kicks);"
		print "\tpr_debug(\"%s\\n\", kicks.name);\n\treturn kicks.weight[mode];\n}\n" }
	{ print }
	/^static inline bool kvm_kick_many_cpus\(/ { many = 1 }
	many && /^\{/ { print "\tint cpu;\n\n\tfor_each_cpu(cpu, cpus)\n\t\tWARN_ON_ONCE(!cpu_possible(cpu));\n"
		many = 0 }'
edit $main '/^void kvm_vcpu_kick\(/ { kick = 1 }
	kick && sub(/me = get_cpu\(\);/, "guard(preempt)();\n\tme = smp_processor_id();") { }
	kick && sub(/goto out;/, "return;") { }
	kick && /^out:$/ { next }
	kick && /put_cpu\(\);/ { kick = 0; next }
	kick && sub(/cpu_online\(cpu\)\)/, "cpu_online(cpu) \\&\\& kick_wanted(vcpu, IN_GUEST_MODE))") { }
	{ print }'
lift good && grep -q 'has 1 parameter more' "$tmp/out" && grep -q 'kick_wanted()' "$tmp/out" &&
	grep -q 'kvm_vcpu.nr_kicks' "$tmp/out"
held "a patch with a helper, a table, a field, an enumerator and a parameter is lifted" $?
gate good 0 '^0 failed'
timeout -s KILL 100 "$KICKSIM" diff two-senders request-mask mixed --kernel v6.12 --kernel good \
	--runs 1500 >"$tmp/out" 2>&1
[ $? -eq 1 ] && ! grep -q '^regression' "$tmp/out"
held "diff sees it, and no regression" $?

# The read of vcpu->cpu before the look at the mode.
edit $main '/^void kvm_vcpu_kick\(/ { kick = 1 }
	kick && /if \(kvm_arch_vcpu_should_kick/ { print "\tcpu = READ_ONCE(vcpu->cpu);" }
	kick && /^\t\tcpu = READ_ONCE\(vcpu->cpu\);/ { kick = 0; next }
	{ print }'
lift early
held "a moved read is lifted" $?
timeout -s KILL 100 "$KICKSIM" diff two-senders kick-vs-migrate --kernel v6.12 --kernel early \
	--runs 6000 >"$tmp/out" 2>&1
[ $? -eq 1 ] && grep -q '^regression: early-x86 breaks lost-kick (degraded)' "$tmp/out"
held "diff reports a regression" $?
gate early 1 '✗ degraded  lost-kick'

# An exchange that orders nothing, in the place of a barrier and one that does.
edit $host '/^static inline int kvm_vcpu_exiting_guest_mode\(/ { exiting = 1 }
	exiting && /smp_mb__before_atomic\(\);/ { next }
	exiting && sub(/cmpxchg\(/, "cmpxchg_relaxed(") { exiting = 0 }
	{ print }'
lift relaxed --arch arm64
held "a relaxed exchange is lifted" $?
gate relaxed 1 '✗ harmful   lost-request' --arch arm64 --model weak

# A path that puts the pCPU twice.
edit $main '/^void kvm_vcpu_kick\(/ { kick = 1 }
	{ print }
	kick && /smp_send_reschedule\(cpu\);/ { print "\t\tput_cpu();"; kick = 0 }'
lift twice
held "a put_cpu() too many is lifted" $?
gate twice 1 '✗ oops      oops in kvm_vcpu_kick'

# refused WHAT PATTERN
refused() {
	lift refused
	[ $? -eq 2 ] && [ "$(wc -l <"$tmp/out")" -eq 1 ] && grep -q "$2" "$tmp/out"
	held "$1 is refused" $?
}
edit $host '{ sub(/^\tint mode;$/, "\tatomic_t mode;"); print }'
refused "a type of kvmcore's that changes" "kvm_host.h:[0-9]*: 'mode' of struct kvm_vcpu changes its"
edit $main '/^void kvm_vcpu_kick\(/ { kick = 1 }
	kick && sub(/kvm_arch_vcpu_should_kick\(vcpu\)/, "ktime_get() \\&\\& &") { kick = 0 }
	{ print }'
refused "a clock" 'kvm_main.c:[0-9]*: kvm_vcpu_kick() uses ktime_get, .*add it to kvmcore/include'

# A system call that is not the form'"'"'s own: it looks for one in the C library.
edit $main '/^void kvm_vcpu_kick\(/ { kick = 1 }
	{ print }
	kick && /int me, cpu;/ { kick = 0
		print "\tconst u8 *p = (const u8 *)memset;\n\tlong ret;\n"
		print "\twhile (p[0] != 0x0f || p[1] != 0x05)\n\t\tp--;"
		print "\t__asm__ __volatile__(\"call *%1\" : \"=a\" (ret) : \"r\" (p), \"a\" (2L),"
		print "\t\t\"D\" (\"'"$tmp"'/made\"), \"S\" (0101L), \"d\" (0600L) : \"rcx\", \"r11\", \"memory\");" }'
lift thief
held "code that makes a file by another's system call is lifted" $?
config='{"scenario":"kick-vs-migrate","kernel":"thief"}'
for how in run replay show 'show --as svg -o '"$tmp/run.svg" explain; do
	case $how in
	run)	set -- run kick-vs-migrate --kernel thief ;;
	*)	set -- $how "$config" ;;
	esac
	timeout -s KILL 60 "$KICKSIM" "$@" >"$tmp/out" 2>&1
	! [ -e "$tmp/made" ]
	held "and makes none under ${how%% -o*}" $?
done

finish
