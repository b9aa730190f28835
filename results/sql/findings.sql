-- SPDX-License-Identifier: GPL-2.0-only
-- All findings, the worst first, each with the smallest schedule that shows it.
SELECT	id, severity, oracle, kernel, arch, model, variant, hits,
	nonzero AS choices, steps, first_seen, title
FROM v_findings
ORDER BY severity_rank, first_us, key;
