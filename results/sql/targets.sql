-- SPDX-License-Identifier: GPL-2.0-only
-- Each target: how much was sampled, exhausted searches, the worst that was met.
SELECT	kernel, arch, model, variant, scenario, runs, proofs, worst
FROM v_targets
ORDER BY kernel, arch, model, variant, scenario;
