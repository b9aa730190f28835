-- SPDX-License-Identifier: GPL-2.0-only
-- Findings by which KVM is broken, with the line that replays each.
SELECT	replay, oracle, kernel, arch, model, variant, hits, steps, title
FROM v_findings
WHERE severity = 'harmful'
ORDER BY first_us, key;
