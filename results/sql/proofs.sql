-- SPDX-License-Identifier: GPL-2.0-only
-- Exhaustive searches: what was covered within which bounds, and what broke.
SELECT	scenario, kernel, arch, model, variant, exhausted, states,
	transitions, depth, seconds, violated, bounds
FROM v_proofs
ORDER BY scenario, kernel, arch, model, variant, bounds;
