// SPDX-License-Identifier: GPL-2.0-only
/* Filters of system calls, by where they come from and by what they are. */
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "../results/term.h"
#include "confine.h"

static int failed(const char *what, int error)
{
	return term_error(TERM_EXIT_SYSTEM, "%s: %s: foreign code needs a kernel with seccomp "
			  "filters", what, strerror(error));
}

#define IP_LOW	offsetof(struct seccomp_data, instruction_pointer)
#define IP_HIGH	(IP_LOW + 4)

/*
 * libseccomp has no word for where a call comes from.  A form's text lies within
 * one 4 GB piece of memory; the address is that after the instruction.
 */
int confine_code(uint64_t start, uint64_t size)
{
	uint32_t high = (uint32_t)(start >> 32), low = (uint32_t)start;
	uint32_t end = (uint32_t)(start + size);
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, IP_HIGH),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, high, 0, 4),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, IP_LOW),
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, low, 0, 2),
		BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, end, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog filter = { sizeof(code) / sizeof(code[0]), code };

	if ((start + size) >> 32 != high)
		return failed("a form across 4 GB", EINVAL);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return failed("no_new_privs", errno);
	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter))
		return failed("seccomp", errno);
	return 0;
}

static const int refused[] = {
	SCMP_SYS(socket), SCMP_SYS(socketpair), SCMP_SYS(connect), SCMP_SYS(bind),
	SCMP_SYS(listen), SCMP_SYS(accept), SCMP_SYS(accept4), SCMP_SYS(sendto),
	SCMP_SYS(sendmsg), SCMP_SYS(sendmmsg),
	SCMP_SYS(execve), SCMP_SYS(execveat), SCMP_SYS(ptrace), SCMP_SYS(process_vm_readv),
	SCMP_SYS(process_vm_writev), SCMP_SYS(pidfd_open), SCMP_SYS(pidfd_getfd),
	SCMP_SYS(mknod), SCMP_SYS(mknodat), SCMP_SYS(mount),
	SCMP_SYS(umount2), SCMP_SYS(chroot), SCMP_SYS(pivot_root), SCMP_SYS(unshare),
	SCMP_SYS(setns), SCMP_SYS(bpf), SCMP_SYS(keyctl), SCMP_SYS(io_uring_setup),
	SCMP_SYS(memfd_create), SCMP_SYS(userfaultfd),
};

/* What CONFINE_BUT_FILES keeps, for databases, checkpoints and workers. */
static const int refused_too[] = {
	SCMP_SYS(fork), SCMP_SYS(vfork), SCMP_SYS(clone), SCMP_SYS(clone3),
	SCMP_SYS(creat), SCMP_SYS(truncate), SCMP_SYS(rename), SCMP_SYS(renameat),
	SCMP_SYS(renameat2), SCMP_SYS(mkdir), SCMP_SYS(mkdirat), SCMP_SYS(rmdir),
	SCMP_SYS(unlink), SCMP_SYS(unlinkat), SCMP_SYS(link), SCMP_SYS(linkat),
	SCMP_SYS(symlink), SCMP_SYS(symlinkat), SCMP_SYS(chmod), SCMP_SYS(fchmod),
	SCMP_SYS(fchmodat), SCMP_SYS(chown), SCMP_SYS(fchown), SCMP_SYS(lchown),
	SCMP_SYS(fchownat), SCMP_SYS(openat2),
};

/* Reading stays: debug information is looked up when a finding is told. */
static int refuse_writing(scmp_filter_ctx filter)
{
	static const int how[] = { O_WRONLY, O_RDWR };
	int ret = 0;

	for (unsigned int i = 0; i < 2 && !ret; i++) {
		ret = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(open), 1,
				       SCMP_A1(SCMP_CMP_MASKED_EQ, O_ACCMODE, (uint64_t)how[i]));
		if (!ret)
			ret = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(openat), 1,
					       SCMP_A2(SCMP_CMP_MASKED_EQ, O_ACCMODE,
						       (uint64_t)how[i]));
	}
	return ret;
}

static int refuse(scmp_filter_ctx filter, const int *calls, size_t nr)
{
	int ret = 0;

	for (size_t i = 0; i < nr && !ret; i++)
		ret = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), calls[i], 0);
	return ret;
}

/* A process may still end itself. */
static int refuse_others(scmp_filter_ctx filter)
{
	uint64_t self = (uint64_t)getpid();
	int ret = refuse(filter, refused_too, sizeof(refused_too) / sizeof(refused_too[0]));

	if (!ret)
		ret = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(kill), 1,
				       SCMP_A0(SCMP_CMP_NE, self));
	if (!ret)
		ret = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(tgkill), 1,
				       SCMP_A0(SCMP_CMP_NE, self));
	return ret ? ret : refuse_writing(filter);
}

int confine_process(enum confine how)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	int ret = filter ? 0 : -ENOMEM;

	if (!ret)
		ret = refuse(filter, refused, sizeof(refused) / sizeof(refused[0]));
	if (!ret && how == CONFINE_ALL)
		ret = refuse_others(filter);
	if (!ret)
		ret = seccomp_load(filter);
	if (filter)
		seccomp_release(filter);
	return ret ? failed("seccomp", -ret) : 0;
}
