-- SPDX-License-Identifier: GPL-2.0-only
-- How many findings of each severity each kernel form has.
SELECT	kernel, variant,
	count(*) FILTER (WHERE severity = 'harmful') AS harmful,
	count(*) FILTER (WHERE severity = 'oops') AS oops,
	count(*) FILTER (WHERE severity = 'degraded') AS degraded,
	count(*) FILTER (WHERE severity = 'race') AS race,
	count(*) FILTER (WHERE severity = 'warn') AS warn,
	count(*) FILTER (WHERE severity = 'benign') AS benign,
	count(*) FILTER (WHERE severity = 'tool-error') AS tool_error
FROM v_findings
GROUP BY kernel, variant
ORDER BY kernel, variant;
