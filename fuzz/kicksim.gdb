# SPDX-License-Identifier: GPL-2.0-only
#
# Commands of gdb for a replay: 'kicksim replay ID --gdb' starts gdb with them.
#
# A step is an access, numbered as 'kicksim show' does.  The simulator calls
# trace_keep() for each thing that happens, after it happened and on the stack of
# whoever did it; that is where gdb stops.  Every run is the same, so to go back is
# to run to an earlier step again.

set confirm off
set pagination off
set print pretty on
set breakpoint pending on
set debuginfod enabled off
# Some code under test faults, and kicksim catches it.
handle SIGSEGV SIGBUS SIGFPE SIGILL nostop noprint pass

# What WORLD is in the source.
set $w = (struct world *)0x20000000
set $kicksim_step = 0
set $kicksim_at = 0

break trace_keep if acc && $w->live.steps >= $kicksim_step
commands
silent
kicksim-where
end

define kicksim-where
  set $kicksim_at = $w->live.steps
  set $kicksim_place = site
  printf "step %d, pCPU%d, %s: ", $w->live.steps, $w->live.cur->id, $w->fix.comm[$w->live.cur->curr]
  output kind
  printf "\n"
  if $kicksim_place
    kicksim-kernel-frame
    frame
  end
end
document kicksim-where
Say at which step the run stands, and where in the kernel's code.
end

define kicksim-kernel-frame
  while $pc - $w->fix.sites->base >= $w->fix.sites->length
    up-silently
  end
end
document kicksim-kernel-frame
Select the innermost frame that is code under test.
end

define step-to
  set $kicksim_step = $arg0
  run
end
document step-to
step-to N: run to step N, forwards or backwards.
end

define next-step
  step-to $kicksim_at+1
end
document next-step
Run to the next step; so does "continue".
end

define back-step
  step-to $kicksim_at-1
end
document back-step
Run to the step before this one.
end

define pcpus
  set $i = 0
  while $i < $w->fix.config.nr_pcpus
    set $p = &$w->live.pcpu[$i]
    printf "pCPU%d %-10s %s%s%s%s\n", $i, ($p->curr < $w->fix.nr_tasks ? $w->fix.comm[$p->curr] : "idle"), ($p == $w->live.cur ? "runs " : ""), ($p->irq_off ? "irqs-off " : ""), ($p->guest >= 0 ? "in-guest " : ""), ($p->online ? "" : "offline")
    set $i = $i + 1
  end
end
document pcpus
What each pCPU runs.
end

define pcpu-bt
  select-frame 0
  set $p = &$w->live.pcpu[$arg0]
  if $p == $w->live.cur
    bt
  else
    set $t = &$w->live.task[$p->curr]
    set $kicksim_sp = $sp
    set $kicksim_fp = $rbp
    set $kicksim_pc = $pc
    set $rsp = (long)$t->sp + 16
    set $rbp = ((long *)$t->sp)[0]
    set $rip = ((long *)$t->sp)[1]
    bt
    set $rsp = $kicksim_sp
    set $rbp = $kicksim_fp
    set $rip = $kicksim_pc
  end
end
document pcpu-bt
pcpu-bt N: the stack of pCPU N, which may be suspended.
end

define pcpu-bt-all
  set $kicksim_pcpu = 0
  while $kicksim_pcpu < $w->fix.config.nr_pcpus
    printf "pCPU%d:\n", $kicksim_pcpu
    pcpu-bt $kicksim_pcpu
    set $kicksim_pcpu = $kicksim_pcpu + 1
  end
end
document pcpu-bt-all
The stacks of all pCPUs.
end

define vcpu
  set $v = (struct kvm_vcpu *)(0x20100000 + $w->fix.vcpu_off[$arg0])
  printf "vcpu%d: ", $arg0
  if $v->mode == $w->fix.form->layout.mode_outside
    printf "OUTSIDE_GUEST_MODE"
  end
  if $v->mode == $w->fix.form->layout.mode_in_guest
    printf "IN_GUEST_MODE"
  end
  if $v->mode == $w->fix.form->layout.mode_exiting
    printf "EXITING_GUEST_MODE"
  end
  if $v->mode == $w->fix.form->layout.mode_reading
    printf "READING_SHADOW_PAGE_TABLES"
  end
  printf ", cpu %d, requests 0x%lx:", $v->cpu, $v->requests
  set $i = 0
  while $i < 64 && $w->fix.form->request_names
    if ($v->requests >> $i & 1) && $w->fix.form->request_names[$i]
      printf " %s", $w->fix.form->request_names[$i]
    end
    set $i = $i + 1
  end
  printf "\n"
  print *$v
end
document vcpu
vcpu N: vCPU N's mode, cpu and requests, and all of its struct.
end

printf "step-to N, next-step, back-step; pcpus, pcpu-bt N, pcpu-bt-all, vcpu N\n"
