#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Trees that are newer than any that Debian 12 has a package of.
#
# Debian's 6.12 is edited into what the kernels from 6.16 on have in the place of
# kvm_vcpu_kick(), with the macros by which 6.18 and later export symbols: it is
# lifted onto v6.16 and runs as v6.16 does.  So does a tree that has the kick in a
# file of its own, and one that has a guard for get_cpu().
. "$(dirname "$0")/tap.sh"
. tests/kernel_source.sh

if ! kernel_source 6.12; then
	skip "trees newer than 6.12" "package linux-source-6.12 not available"
	finish
	exit
fi
forms_folder v6.16-x86 v6.16-arm64
main=virt/kvm/kvm_main.c host=include/linux/kvm_host.h

# The kick takes a bool, and waits for an answer if that is true.
new_kick() {
	awk '/^void kvm_vcpu_kick\(/ {
		print "void __kvm_vcpu_kick(struct kvm_vcpu *vcpu, bool wait)"
		kick = 1
		next
	}
	kick && /smp_send_reschedule/ {
		print "\t\t{"
		print "\t\t\tif (wait)"
		print "\t\t\t\tsmp_call_function_single(cpu, ack_kick, NULL, true);"
		print "\t\t\telse"
		print "\t\t\t\tsmp_send_reschedule(cpu);"
		print "\t\t}"
		next
	}
	/^EXPORT_SYMBOL_GPL\(kvm_vcpu_kick\)/ { kick = 0; $0 = "EXPORT_SYMBOL_GPL(__kvm_vcpu_kick);" }
	{ print }'
}

# What calls it.
new_header() {
	awk '/^void kvm_vcpu_kick\(/ {
		print "void __kvm_vcpu_kick(struct kvm_vcpu *vcpu, bool wait);\n"
		print "static inline void kvm_vcpu_kick(struct kvm_vcpu *vcpu)"
		print "{\n\t__kvm_vcpu_kick(vcpu, false);\n}"
		next
	}
	/^static inline bool kvm_request_pending\(/ {
		print "static inline void kvm_make_request_and_kick(int req, struct kvm_vcpu *vcpu)"
		print "{\n\tkvm_make_request(req, vcpu);"
		print "\t__kvm_vcpu_kick(vcpu, req & KVM_REQUEST_WAIT);\n}\n"
	}
	{ print }'
}

new_exports() {
	for file in "$1/$main" "$1"/arch/x86/kvm/*.c "$1"/arch/x86/kvm/*/*.c; do
		sed -i 's/^EXPORT_SYMBOL_GPL(/EXPORT_SYMBOL_FOR_KVM_INTERNAL(/' "$file"
	done
	sed -i 's/^#define __KVM_TYPES_H__$/&\n\n#define EXPORT_SYMBOL_FOR_KVM_INTERNAL(symbol)/' \
		"$1/include/linux/kvm_types.h"
}

# Two functions leave for a file of their own, between lines that are nobody's.
own_file() {
	awk -v to="$1/virt/kvm/kick.c" '
	/^bool kvm_vcpu_wake_up\(/ || /^void __kvm_vcpu_kick\(/ { moves = 1 }
	moves { print >to }
	!moves { print }
	/^}/ { moves = 0 }'
}

guarded() {
	awk '/^bool kvm_make_all_cpus_request\(/ { all = 1 }
	all && /me = get_cpu\(\);/ { print "\tguard(preempt)();\n\tme = smp_processor_id();"; next }
	all && /put_cpu\(\);/ { all = 0; next }
	{ print }'
}

# edit TREE FILE COMMAND..
edit() {
	file=$1/$2
	shift 2
	"$@" <"$file" >"$tmp/edited" && ! cmp -s "$file" "$tmp/edited" && cp "$tmp/edited" "$file"
}

# same NAME ARCH MODEL RUNS
same() {
	check "$1 runs as v6.16 on $2, $3" timeout -s KILL 200 "$KICKSIM" diff --kernel v6.16 \
		--kernel "$1" --arch "$2" --model "$3" --runs "$4"
}

cp -r "$tree" "$tmp/newer"
check "6.12 is edited into what is newer" edit "$tmp/newer" $main new_kick
check "and its header" edit "$tmp/newer" $host new_header
new_exports "$tmp/newer"
expect "it is lifted onto v6.16" 0 'on v6.16 \(it has __kvm_vcpu_kick\(\)\)' \
	"$KICKSIM" lift "$tmp/newer" --as newer
same newer x86 sc 1000
same newer x86 tso 300
expect "on arm64, too" 0 'on v6.16' "$KICKSIM" lift "$tmp/newer" --as newer --arch arm64
same newer arm64 weak 300

cp -r "$tmp/newer" "$tmp/moved"
check "the kick gets a file of its own" edit "$tmp/moved" $main own_file "$tmp/moved"
check "and a mask request a guard" edit "$tmp/moved" $main guarded
expect "it is found there" 0 'moved +__kvm_vcpu_kick\(\) to virt/kvm/kick.c' \
	"$KICKSIM" lift "$tmp/moved" --as moved
says "and what it needs" 'moved +kvm_vcpu_wake_up\(\) to virt/kvm/kick.c'
same moved x86 sc 500

# Part of a vCPU behind a pointer, which only vCPU creation would set
shared() {
	sed 's/^struct kvm_vcpu {$/struct kvm_shared {\n\tu64 requests;\n};\n\n&\n\tstruct kvm_shared *shared;/
		s/READ_ONCE(vcpu->requests)/READ_ONCE(vcpu->shared->requests)/'
}
check "and the requests a pointer" edit "$tmp/moved" $host shared
expect "which is told to be NULL" 0 'zero +kvm_vcpu.shared is a pointer that kvmcore never sets' \
	"$KICKSIM" lift "$tmp/moved" --as shared
expect "and is an oops where it is followed" 0 'oops in kvm_request_pending' \
	"$KICKSIM" run kick-vs-migrate --kernel shared

rm "$tmp/moved/virt/kvm/kick.c"
expect "without that file it is said to be missing" 0 \
	'not there +__kvm_vcpu_kick\(\): the tree has none' \
	"$KICKSIM" lift "$tmp/moved" --as without --base v6.16
finish
