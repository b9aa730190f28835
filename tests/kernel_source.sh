# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# Sourced by tests that lift a kernel tree.

# kernel_source VERSION: sets $tree to the files of Debian's linux-source-VERSION
# that a lift reads, unpacked once and kept; fails if the package is not there.
kernel_source() {
	tarball=/usr/src/linux-source-$1.tar.xz
	tree=out/linux/$1
	[ -r "$tarball" ] || return 1
	mkdir -p out/linux
	(
		flock 9
		stamp=$(stat -c '%s %Y' "$tarball")
		[ "$(cat "$tree/.stamp" 2>/dev/null)" = "$stamp" ] && exit 0
		rm -rf "$tree"
		mkdir -p "$tree"
		for file in virt/kvm/kvm_main.c include/linux/kvm_host.h \
			    include/linux/kvm_types.h include/linux/rcuwait.h kernel/exit.c \
			    kernel/rcu/update.c kernel/sched/core.c \
			    arch/x86/include/asm/kvm_host.h arch/x86/kvm/x86.c \
			    arch/x86/kvm/x86.h arch/x86/kvm/mmu.h arch/x86/kvm/mmu/mmu.c \
			    arch/x86/kvm/mmu/mmu_internal.h arch/x86/kvm/mmu/spte.h \
			    arch/arm64/include/asm/kvm_host.h arch/arm64/kvm/arm.c; do
			echo "linux-source-$1/$file"
		done | tar -xJf "$tarball" -C "$tree" --strip-components=1 -T - &&
			echo "$stamp" >"$tree/.stamp"
	) 9>out/linux/lock
}

# forms_folder FORM..: lifts go to a folder of this test's own, which has these forms
forms_folder() {
	KICKSIM_FORMS=$tmp/forms
	export KICKSIM_FORMS
	mkdir "$KICKSIM_FORMS"
	for form; do
		cp "out/kvmcore/$form.so" "$KICKSIM_FORMS"
	done
}
