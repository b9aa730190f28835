#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# A replay under gdb: it stops at the step that was asked for, knows the stacks of
# suspended pCPUs and the vCPU's state there, and goes back.
set -u

cd "$(dirname "$0")/.."
: "${KICKSIM:=out/kicksim}"
if ! echo quit | gdb -q -batch -ex run /bin/true 2>&1 | grep -q 'exited normally'; then
	echo "ok # SKIP gdb cannot run programs here"
	exit 0
fi
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
passed=0 failed=0

# expect WHAT PATTERN: in what gdb said
expect() {
	if grep -Eq -- "$2" "$tmp/out"; then
		echo "ok - $1"
		passed=$((passed + 1))
	else
		echo "not ok - $1: no '$2' in:"
		sed 's/^/# /' "$tmp/out" | head -n 80
		failed=$((failed + 1))
	fi
}

# In claim-d2 kicker1 reads vcpu->cpu at step 66, while vcpu0 runs its guest.
cat >"$tmp/in" <<-'EOF2'
	pcpus
	vcpu 0
	echo STACKS\n
	pcpu-bt-all
	echo BACK\n
	back-step
	next-step
	pcpu-bt 1
	continue
	vcpu 0
EOF2
timeout 60 "$KICKSIM" replay corpus/claim-d2.sched --gdb --until 66 <"$tmp/in" >"$tmp/out" 2>&1
expect "it stops at the step" '^step 66, pCPU2, kicker1: TRACE_READ'
expect "the place is the kernel's code" 'in kvm_vcpu_kick .*'
expect "a pCPU runs its guest" 'pCPU3 vcpu0 .*in-guest'
expect "a vCPU is told by its names" 'vcpu0: IN_GUEST_MODE, cpu 3, requests 0x4000: EVENT'
expect "kvm_vcpu is printed with its fields" 'preempt_notifier ='
expect "the stack of a suspended vCPU" 'vcpu_enter_guest'
expect "the stack of a suspended kicker" 'in kicker \('
expect "a step back" '^step 65, pCPU1, kicker0'
expect "and forth" '^step 67, pCPU1, kicker0: TRACE_RMW'
expect "the state has gone on" 'vcpu0: EXITING_GUEST_MODE'

"$KICKSIM" replay corpus/claim-d2.sched --until 3 >"$tmp/out" 2>&1
expect "--until alone is refused" 'until goes with --gdb'
"$KICKSIM" replay - --gdb </dev/null >"$tmp/out" 2>&1
expect "a schedule on stdin is refused" 'kicksim: error: .*'
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
