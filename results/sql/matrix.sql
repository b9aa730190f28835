-- SPDX-License-Identifier: GPL-2.0-only
-- Each oracle against each kernel: broken, held in exhausted searches, or open.
SELECT	oracle, kernel, arch, model, variant, verdict, findings, hits,
	min_steps, searches_broken, searches_held
FROM v_matrix
ORDER BY oracle, kernel, arch, model, variant;
