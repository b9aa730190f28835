#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The parts know of each other what they may: the code under test its machine and
# nothing else, the machine no search and no database, the store no machine.
. "$(dirname "$0")/tap.sh"

# What clang puts in for struct copies belongs to any C program.
for so in out/kvmcore/*.so; do
	case $so in
	*+*) continue ;;
	esac
	found=1
	verdict "$(basename "$so") asks the machine only" \
		"$(nm -u "$so" | awk '{ print $NF }' |
		   grep -Ev '^(machine_[a-z_]+|__tsan_[a-z0-9_]+|mem(cpy|set|move|cmp))$')"
	verdict "$(basename "$so") offers itself only" \
		"$(nm -D --defined-only "$so" | awk '{ print $NF }' |
		   grep -v '^kvmcore_form$')"
	# A run's state is in the world: what the object itself could change would
	# outlive the run.  Its per-CPU variables are a template that is copied.
	verdict "$(basename "$so") has no state of its own" \
		"$(objdump -t "$so" | awk 'NF > 4 && $(NF - 2) ~ /^\.(data|bss)$/ &&
						$(NF - 1) !~ /^0+$/')"
done
[ "${found:-}" ] || verdict "there are forms" "out/kvmcore/*.so: none"

# Both ways of writing an include: from the top and from the file's own folder.
includes() {
	folders=$1 pattern=$2
	# shellcheck disable=SC2086 # a list of folders
	grep -rnE --include='*.[ch]' "#include \"((\.\./)+|\./)?($pattern)" $folders
}
verdict "sim sees kvmcore's machine.h and nothing else" \
	"$(includes sim 'fuzz/|results/|tests/|kvmcore/' | grep -v '"\.\./kvmcore/machine\.h"')"
verdict "sim does no I/O" \
	"$(grep -rnE --include='*.[ch]' '#include <(sqlite3|argp|unistd|fcntl|pthread|time)' sim)"
verdict "kvmcore sees nothing of the simulator" \
	"$(includes kvmcore 'sim/|fuzz/|results/|tests/|world|choice|event|oracle|trace')"
verdict "results sees nothing of the simulator" "$(includes results 'sim/|fuzz/|kvmcore/|tests/')"
verdict "lift sees nothing of the simulator" "$(includes lift 'sim/|fuzz/|kvmcore/|tests/')"
# What runs are measured beside is a loop that both sides can compile.
verdict "fuzz sees no kernel code" \
	"$(includes fuzz 'kvmcore/' | grep -vE '"\.\./kvmcore/(machine|bench/[a-z]+)\.h"')"
verdict "nothing but tests sees tests" "$(includes 'sim kvmcore fuzz results kicksim.c' 'tests/')"
finish
