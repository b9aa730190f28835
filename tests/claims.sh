#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The seed's commit message, executed: a line for each of its claims, with both
# halves, what must be seen and what must not.  README.md has the table.
# Everything has a fixed seed or schedule, so two runs of it print the same.
. "$(dirname "$0")/tap.sh"

wrong=

# kick WORD.. : runs kicksim; its output is in $tmp/out, its exit code in $code
kick() {
	called="kicksim $*"
	timeout -s KILL 60 "$KICKSIM" "$@" >"$tmp/out" 2>"$tmp/err"
	code=$?
	# 1 says that something was found, which is no failure here.
	[ "$code" -le 1 ] || fault "exit code $code: $(cat "$tmp/err")"
}

search() {
	kick campaign "$@" --seed 1 --jobs 1 --db "$tmp/campaign.db"
}

prove() {
	kick prove "$@" --db "$tmp/prove.db"
	# A search that was cut short has proven nothing.
	sees '^ *exhausted'
}

replay() {
	file=corpus/claim-$1.sched
	shift
	kick replay "$file" "$@"
	case "$*" in
	*--kernel*) ;;
	*) sees '^identical: ' ;;
	esac
}

fault() {
	wrong="$wrong$called
  $1
"
}

# What the last run must have printed, and what not.
sees() {
	grep -Eq -e "$1" "$tmp/out" || fault "does not print '$1'"
}

lacks() {
	! grep -Eq -e "$1" "$tmp/out" || fault "prints '$1'"
}

# holds RULE.. : prove went through everything and did not break them
holds() {
	for rule; do
		sees "^ *[^ ]+ $rule +holds: exhausted"
	done
}

# before A B : a line with A comes, and no line with B before it
before() {
	awk -v a="$1" -v b="$2" '
		$0 ~ b && !seen { early = 1 }
		$0 ~ a { seen = 1 }
		END { exit !seen || early }' "$tmp/out" || fault "'$1' does not come before '$2'"
}

claim() {
	verdict "claim $1" "$wrong"
	wrong=
}

race='data-race in kvm_arch_vcpu_load / kvm_vcpu_kick'
harmful='^harmful |^degraded |^oops '

replay a --as kcsan
sees "^BUG: KCSAN: $race\$"
sees '^write to 0x[0-9a-f]+ of 4 bytes by task'
sees '^read to 0x[0-9a-f]+ of 4 bytes by task'
prove kick-vs-migrate --kernel v5.16
lacks "$race"
replay a-strict --as kcsan
sees "^BUG: KCSAN: $race\$"
sees '^read \(marked\) to '
claim 'a: KCSAN reports vcpu->cpu on v5.15; on v5.16 by its strict rules only'

replay b --as race
sees '^degraded +lost-kick of vcpu0'
before 'cpu = vcpu0->cpu \(0\)' 'sched_out vcpu0 -> pCPU2'
before 'cmpxchg mode IN_GUEST -> EXITING' 'send_reschedule\(0\)'
sees 'IPI: no vCPU here'
replay b --kernel v5.16
lacks 'lost-kick|misdirected-ipi'
claim 'b: on v5.15 the IPI goes to the old pCPU, and the vCPU stays in its guest'

replay c
sees 'misdirected-ipi'
lacks "$harmful"
prove request-and-kick --kernel v5.15
holds lost-request lost-kick lost-wakeup deadlock
claim 'c: with a request made first and one sender nothing is lost on v5.15'

replay d
sees '^harmful +lost-request'
replay d-leave
sees '^harmful +lost-request'
replay d-leave --kernel v5.16
lacks "$harmful"
prove kick-vs-migrate --actors 1 --kernel v5.16
holds lost-request lost-kick
prove kick-vs-migrate --actors 1 --kernel v5.15
sees 'lost-request +harmful, broken'
claim 'd: the kick before the request loses it; so does a caller without a request, on v5.15'

replay d2 --as race
sees '^harmful +lost-request of vcpu0 in kvm_make_request'
before 'cpu = vcpu0->cpu \(0\)' 'sched_out vcpu0 -> pCPU3'
before 'cmpxchg mode IN_GUEST -> EXITING' 'cmpxchg mode fails: EXITING'
replay d2 --kernel v5.16
lacks "$harmful"
search two-senders --kernels v5.15,v5.16 --runs 120000
sees 'lost-request +harmful +[0-9.]+ +-$'
sees 'two-senders: 3 answers? \(fewest possible\), 71 steps'
replay d2-mask
sees '^harmful +lost-request of vcpu0 in kvm_make_request'
replay d2-mask --kernel v5.16
lacks "$harmful"
claim 'd2: two correct senders lose a request on v5.15, not on v5.16'

prove kick-vs-migrate --kernel v5.16
holds lost-kick lost-request mode-automaton cpu-consistency
sees 'misdirected-ipi +benign, broken'
replay e
sees '^benign +misdirected-ipi'
lacks "$harmful"
prove kick-vs-migrate --kernel v5.15
sees 'lost-kick +degraded, broken'
claim 'e: v5.16 loses no kick; an IPI to a pCPU that the vCPU has left is harmless'

for kernel in v5.15 v5.16; do
	prove lockless-walk --kernel $kernel
	holds missed-ack page-use-after-free deadlock
done
replay f-before --as json
before 'root->spt.0. [(]leaf->spt.0.[)]' 'root->spt.0. = NULL'
before 'call_function' 'leaf->spt.0. [(]NULL[)]'
before 'leaf->spt.0. [(]NULL[)]' 'all have acked'
before 'all have acked' 'page leaf is freed'
replay f-after --as json
before 'cmpxchg vcpu0->mode fails: OUTSIDE' 'xchg vcpu0->mode OUTSIDE_GUEST_MODE . READING'
before 'root->spt.0. [(]NULL[)]' 'page leaf is freed'
lacks 'call_function|= leaf->spt'
prove lockless-walk --kernel v5.16 --variant flush-without-wait
sees 'page-use-after-free +harmful, broken'
claim 'f: a WAIT request waits for walks that began before; later ones see the change'

replay g
sees '^benign +incomplete-log of vcpu0'
lacks "$harmful"
replay g --kernel v5.15
sees '^benign +incomplete-log of vcpu0'
claim 'g: the dirty log is incomplete while vCPUs run, with the seed or without'

for where in '' '--pcpus 1'; do
	# shellcheck disable=SC2086
	kick run kick-vs-migrate $where --kernel v5.15 --as counts
	sees '^1 call: cmpxchg 0 \(fails 0\)'
	# shellcheck disable=SC2086
	kick run kick-vs-migrate $where --kernel v5.16 --as counts
	sees '^1 call: cmpxchg 1 \(fails 1\)'
done
claim 'h: v5.16 does one cmpxchg more if the vCPU is not loaded, or loaded here'

replay i --as counts
sees 'cmpxchg +vcpu0->mode +kvm_vcpu_exiting_guest_mode'
sees '^1 call: cmpxchg 1 \(fails 0\)'
lacks 'send_reschedule|to pCPU'
kick run self-kick --exits 1 --schedule '1:1/2e 24:1/2e' --variant no-self-check-kick --as counts
sees 'IPI +to pCPU0 +kvm_vcpu_kick'
kick replay corpus/claim-i-mask.sched
sees '^warn +warning in kvm_kick_many_cpus'
prove vm-bugged --kernel v5.16
holds warning deadlock
replay i-deadlock
sees '^harmful +deadlock in kvm_kick_many_cpus'
claim 'i: cpu != me is reached in IN_GUEST_MODE; without it IPIs to oneself and a WARN'

for kernel in v5.15 v5.16; do
	replay j-$kernel
	sees '^warn +ipi-to-offline-cpu in kvm_vcpu_kick'
	lacks "$harmful"
done
claim 'j, loose: the pCPU is offline when the IPI is sent, on v5.15 and v5.16'

for kernel in v5.15 v5.16; do
	prove cpu-offline --hotplug-strict 1 --kernel $kernel
	holds ipi-to-offline-cpu deadlock soft-lockup lost-request
	sees 'misdirected-ipi +benign, broken'
done
claim 'j, strict: it never is, on v5.15 and v5.16'

# Beyond the seed: what is open in its successors.
replay m30
sees '^harmful +missed-ack of vcpu0 in take_state'
prove waiting-kick --kernel v6.16
sees 'missed-ack +harmful, broken'
prove waiting-kick --kernel v6.16 --kickers 1
holds missed-ack
prove waiting-kick --kernel v6.16 --variant waiting-kick-fixed
holds missed-ack lost-request lost-wakeup deadlock
prove waiting-kick --kernel v6.16 --arch arm64 --variant waiting-kick-fixed-arm64
holds missed-ack lost-request lost-wakeup deadlock
claim 'm30: on v6.16 a kick that waits does not, if another has kicked before; a fix does'

replay i6
sees '^degraded +missed-leave of vcpu0 in invalidate'
prove gfn-cache --kernel v6.12 --arch arm64 --kickers 2 --migrations 0
holds missed-leave missed-ack
weak='--arch arm64 --model weak --kickers 2 --migrations 0 --pcpus 3 --stale-reads 1'
# shellcheck disable=SC2086 # several words
prove gfn-cache --kernel v6.12 $weak
sees 'missed-leave +degraded, broken'
# shellcheck disable=SC2086
prove gfn-cache --kernel v6.12 $weak --variant outside-with-barrier
holds missed-leave missed-ack lost-request lost-wakeup
kick litmus --expect tests/litmus/kick
sees '^Observation outside-cpu Sometimes'
sees '^Observation outside-cpu-mb Never'
sees '^Observation outside-state Never'
claim 'i6: a request without a bit asks at the old pCPU, on weak machines; a fix does not; nobody can tell'

finish
