#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# What a reader may rely on in every file: the licence in the first line, no
# typedefs, functions and files that can be read in one go, and deterministic code
# where it says so.  Then: the two forms of the kick differ by the seed's change.
. "$(dirname "$0")/tap.sh"

# tests/litmus has files of litmus tests, whose format knows no such line.
sources=$(git ls-files 2>/dev/null) && [ "$sources" ] ||
	sources=$(find . -path ./out -prune -o -type f -print | sed 's|^\./||')
sources=$(echo "$sources" | grep -E '\.(c|h|def|sh|ninja|sql|map|py)$|^(setup|tests/run|\.ci/run)$')
code=$(echo "$sources" | grep -E '\.[ch]$')
deterministic=$(echo "$code" | grep -E '^(sim|kvmcore)/')
[ "$(echo "$code" | wc -l)" -gt 100 ] || verdict "there is code to look at" "$code"

# shellcheck disable=SC2086 # lists of files, without blanks in their names
{
verdict "the licence stands in the first line" "$(for f in $sources; do
	head -n 2 "$f" | sed '/^#!/d' | head -n 1 |
		grep -q 'SPDX-License-Identifier: GPL-2.0-only' || echo "$f"
done)"
verdict "no typedef" "$(grep -nE '^[[:space:]]*typedef\b' $code)"
verdict "files of at most 400 lines" "$(wc -l $sources | awk '$2 != "total" && $1 > 400')"
# Text that users see is not broken, so that it can be found.
verdict "lines of at most 100 columns" "$(for f in $code; do
	expand "$f" | awk -v f="$f" 'length > 100 && !/"/ { print f ":" FNR ": " length " columns" }'
done)"
verdict "functions of at most 70 lines" "$(ctags -x --kinds-C=f --fields=+ne \
	--_xformat='%{input} %{name} %{line} %{end}' $code |
	awk '$4 && $4 - $3 + 1 > 70 { print $1 ": " $2 "(): " $4 - $3 + 1 " lines" }')"
verdict "no clock, chance, allocation or thread in sim and kvmcore" "$(
	grep -nE '\<(time|clock|clock_gettime|gettimeofday|rand|random|srand|malloc|calloc|realloc|free|pthread_[a-z_]+) *\(' \
		$deterministic)"
verdict "no floating point in sim and kvmcore" "$(
	grep -nE '\<(float|double)\>' $deterministic |
		grep -vE '^[^:]*:[0-9]*:.*(/\*| \* ).*(float|double)')"
}

# Line by line and without comments: mode before cpu, and cpu read once.
cat >"$tmp/seed" <<'EOF'
< cpu = vcpu->cpu;
< if (tmp != NULL && cpu != -1 && cpu != me &&
< kvm_request_needs_ipi(vcpu, req))
< __cpumask_set_cpu(cpu, tmp);
> if (tmp != NULL && kvm_request_needs_ipi(vcpu, req)) {
> cpu = READ_ONCE(vcpu->cpu);
> if (cpu != -1 && cpu != me)
> __cpumask_set_cpu(cpu, tmp);
> }
< int me;
< int cpu = vcpu->cpu;
> int me, cpu;
< if (cpu != me && (unsigned)cpu < nr_cpu_ids && cpu_online(cpu))
< if (kvm_arch_vcpu_should_kick(vcpu))
> if (kvm_arch_vcpu_should_kick(vcpu)) {
> cpu = READ_ONCE(vcpu->cpu);
> if (cpu != me && (unsigned)cpu < nr_cpu_ids && cpu_online(cpu))
> }
EOF
verdict "the forms differ by the seed's change" "$(
	diff kvmcore/kick/v5.15.c kvmcore/kick/v5.16.c | grep '^[<>]' |
	grep -vE '^[<>][[:space:]]*(/?\*|$)' | tr -s '\t' ' ' | diff - "$tmp/seed"
)"
finish
