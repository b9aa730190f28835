-- SPDX-License-Identifier: GPL-2.0-only
-- The best schedule of each finding, as one line to paste.
SELECT	finding, steps, nonzero AS choices, schedule, trace_hash, config
FROM v_schedules
WHERE best
ORDER BY finding;
