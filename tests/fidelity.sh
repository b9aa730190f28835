#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The port does what the kernel's own text does.
#
#   tests/fidelity.sh [RUNS]
#
# Debian's kernel sources are lifted, and under the same schedules (RUNS of each
# scenario, 1500) every trace of the lifted form is that of the port, record by
# record.  That this can fail is shown by a statement of the kick that is moved.
. "$(dirname "$0")/tap.sh"
. tests/kernel_source.sh
forms_folder
runs=${1:-1500}

# same VERSION ARCH MODEL RUNS
same() {
	timeout -s KILL 200 "$KICKSIM" diff --kernel "v$1" --kernel "debian$1" --arch "$2" \
		--model "$3" --runs "$4" >"$tmp/out" 2>&1
	status=$?
	held "linux-source-$1 on $2, $3: $(tail -n 1 "$tmp/out")" $status
}

# lift VERSION ARCH NAME [OPTION..]
lift() {
	version=$1 arch=$2 name=$3
	shift 3
	cp "out/kvmcore/v$version-$arch.so" "$KICKSIM_FORMS"
	timeout -s KILL 200 "$KICKSIM" lift "$tree" --as "$name" --arch "$arch" "$@" \
		>"$tmp/out" 2>&1
	status=$?
	held "linux-source-$version is lifted as $name-$arch" $status
	return $status
}

for version in 6.1 6.12; do
	if ! kernel_source $version; then
		skip "linux-source-$version" "package not available"
		continue
	fi
	lift $version x86 debian$version || continue
	same $version x86 sc "$runs"
	same $version x86 tso $((runs / 4 + 1))
	same $version x86 weak $((runs / 4 + 1))
	lift $version arm64 debian$version || continue
	same $version arm64 sc $((runs / 2 + 1))
	same $version arm64 weak $((runs / 4 + 1))
done

# vcpu->cpu is read before the mode is looked at, as before the seed's commit.
move_read() {
	awk '/^void kvm_vcpu_kick\(/ { kick = 1 }
	     kick && /if \(kvm_arch_vcpu_should_kick/ { print "\tcpu = READ_ONCE(vcpu->cpu);" }
	     kick && /^\t\tcpu = READ_ONCE\(vcpu->cpu\);/ { kick = 0; next }
	     { print }'
}
if kernel_source 6.1; then
	mkdir -p "$tmp/a/virt/kvm" "$tmp/b/virt/kvm"
	cp "$tree/virt/kvm/kvm_main.c" "$tmp/a/virt/kvm"
	move_read <"$tree/virt/kvm/kvm_main.c" >"$tmp/b/virt/kvm/kvm_main.c"
	(cd "$tmp" && diff -u a/virt/kvm/kvm_main.c b/virt/kvm/kvm_main.c >moved.patch)
	lift 6.1 x86 moved --patch "$tmp/moved.patch"
	grep -q 'changed    kvm_vcpu_kick() -1 +1$' "$tmp/out"
	held "the lift says what the patch has changed" $?
	timeout -s KILL 200 "$KICKSIM" diff two-senders kick-vs-migrate --kernel debian6.1 \
		--kernel moved --runs 3000 >"$tmp/out" 2>&1
	[ $? -eq 1 ]
	held "a moved statement is a difference" $?
	grep -q '^regression: moved-x86 breaks lost-kick (degraded)' "$tmp/out" &&
		grep -q '^regression: moved-x86 breaks lost-request (harmful)' "$tmp/out"
	held "and a regression: kicks and requests are lost" $?
	grep -q '^  moved .*cpu = vcpu0->cpu .* in kvm_vcpu_kick(), virt/kvm/kvm_main.c:[0-9]*$' \
		"$tmp/out"
	held "the first difference is the moved read, at the tree's own line" $?
	again=$(sed -n "s/^  again: [^']*'\(.*\)' --kernel.*/\1/p" "$tmp/out")
	timeout -s KILL 60 "$KICKSIM" diff "$again" --kernel debian6.1 --kernel moved \
		>"$tmp/again" 2>&1
	[ $? -eq 1 ] && [ "$(grep '^  moved' "$tmp/again")" = "$(grep '^  moved' "$tmp/out")" ]
	held "and one schedule shows it again" $?
fi

finish
