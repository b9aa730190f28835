-- SPDX-License-Identifier: GPL-2.0-only
-- Places where a context stood still while others went on, by vcpu->mode.
SELECT	kernel, arch, place,
	sum(hits) FILTER (WHERE mode = 'outside') AS outside,
	sum(hits) FILTER (WHERE mode = 'in guest') AS in_guest,
	sum(hits) FILTER (WHERE mode = 'exiting') AS exiting,
	sum(hits) FILTER (WHERE mode = 'reading') AS reading
FROM v_coverage
GROUP BY kernel, arch, place
ORDER BY kernel, arch, place;
