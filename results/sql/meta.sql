-- SPDX-License-Identifier: GPL-2.0-only
-- What this file is: the tool, the schedule format, and what each table means.
SELECT	name, value
FROM meta
ORDER BY name;
