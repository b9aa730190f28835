#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# A replay under gdb: it stops at the step that was asked for, knows the stacks of
# suspended pCPUs and the vCPU's state there, and goes back.
. "$(dirname "$0")/tap.sh"
if ! echo quit | gdb -q -batch -ex run /bin/true 2>&1 | grep -q 'exited normally'; then
	skip gdb "it cannot run programs here"
	finish
	exit
fi

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
expect "it stops at the step" 0 '^step 66, pCPU2, kicker1: TRACE_READ' \
	"$KICKSIM" replay corpus/claim-d2.sched --gdb --until 66 <"$tmp/in"
says "the place is the kernel's code" 'in kvm_vcpu_kick .*'
says "a pCPU runs its guest" 'pCPU3 vcpu0 .*in-guest'
says "a vCPU is told by its names" 'vcpu0: IN_GUEST_MODE, cpu 3, requests 0x4000: EVENT'
says "kvm_vcpu is printed with its fields" 'preempt_notifier ='
says "the stack of a suspended vCPU" 'vcpu_enter_guest'
says "the stack of a suspended kicker" 'in kicker \('
says "a step back" '^step 65, pCPU1, kicker0'
says "and forth" '^step 67, pCPU1, kicker0: TRACE_RMW'
says "the state has gone on" 'vcpu0: EXITING_GUEST_MODE'

refuses 2 'until goes with --gdb' replay corpus/claim-d2.sched --until 3
refuses 2 'not a whole schedule file' replay - --gdb
finish
