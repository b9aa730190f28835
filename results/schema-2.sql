-- SPDX-License-Identifier: GPL-2.0-only
--
-- From version 1 to version 2: what was run of each target, and what of the
-- protocol that reached.  Runs in one transaction.

-- What can be searched: a form, a memory model and a scenario.
-- join: equal by construction
CREATE TABLE target (
	key TEXT NOT NULL PRIMARY KEY,		-- 't' and XXH3-128 of the rest
	kernel TEXT NOT NULL,
	arch TEXT NOT NULL,
	model TEXT NOT NULL,
	variant TEXT NOT NULL,
	scenario TEXT NOT NULL,
	UNIQUE (kernel, arch, model, variant, scenario)
) STRICT, WITHOUT ROWID;

-- How much a campaign ran of a target.  join: the greatest of each number
CREATE TABLE effort (
	campaign TEXT NOT NULL REFERENCES campaign (id),
	target TEXT NOT NULL REFERENCES target (key),
	runs INTEGER NOT NULL,
	events INTEGER NOT NULL,
	PRIMARY KEY (campaign, target)
) STRICT, WITHOUT ROWID;

-- How often a vCPU was met in an abstract state, in a sample of the runs.
-- join: the most hits
CREATE TABLE cov_state (
	campaign TEXT NOT NULL REFERENCES campaign (id),
	target TEXT NOT NULL REFERENCES target (key),
	state INTEGER NOT NULL,			-- bits, as the search has them
	text TEXT NOT NULL,
	hits INTEGER NOT NULL CHECK (hits > 0),
	PRIMARY KEY (campaign, target, state)
) STRICT, WITHOUT ROWID;

-- How often a context stood still at a place while others went on, by the mode of
-- each vCPU, in a sample of the runs.  A place that no run stood still at has
-- hits 0, so that what was never tried can be seen.  join: the most hits
CREATE TABLE cov_point (
	campaign TEXT NOT NULL REFERENCES campaign (id),
	target TEXT NOT NULL REFERENCES target (key),
	place TEXT NOT NULL,			-- function:ordinal:operation
	mode TEXT NOT NULL,
	hits INTEGER NOT NULL CHECK (hits >= 0),
	PRIMARY KEY (campaign, target, place, mode)
) STRICT, WITHOUT ROWID;

-- What is summed up over all findings is answered from here: their rows are wide.
CREATE INDEX finding_by_severity
	ON finding (severity, kernel, variant, arch, model, oracle);

CREATE VIEW v_effort AS
SELECT	substr(e.campaign, 1, 9) AS campaign, t.kernel, t.arch, t.model,
	t.variant, t.scenario, e.runs, e.events,
	e.campaign AS campaign_key, t.key AS target_key
FROM effort AS e
JOIN target AS t ON t.key = e.target;

CREATE VIEW v_coverage AS
SELECT	t.kernel, t.arch, t.model, t.variant, t.scenario,
	substr(p.place, 1, instr(p.place, ':') - 1) AS function, p.place,
	p.mode, sum(p.hits) AS hits, t.key AS target_key
FROM cov_point AS p
JOIN target AS t ON t.key = p.target
GROUP BY t.key, p.place, p.mode;

CREATE VIEW v_states AS
SELECT	t.kernel, t.arch, t.model, t.variant, t.scenario, s.state, s.text,
	sum(s.hits) AS hits, t.key AS target_key
FROM cov_state AS s
JOIN target AS t ON t.key = s.target
GROUP BY t.key, s.state;

-- One row for each target: how much was sampled, whether an exhausted search of
-- it broke no functional rule, and the worst that was met in it.
CREATE VIEW v_targets AS
WITH part AS (
	SELECT	t.kernel, t.arch, t.model, t.variant, t.scenario, e.runs,
		0 AS proofs, NULL AS rank
	FROM effort AS e
	JOIN target AS t ON t.key = e.target
	UNION ALL
	SELECT kernel, arch, model, variant, scenario, 0, exhausted, NULL
	FROM proof
	UNION ALL
	SELECT	f.kernel, f.arch, f.model, f.variant, o.scenario, 0, 0, r.rank
	FROM finding AS f
	JOIN severity AS r ON r.name = f.severity
	JOIN occurrence AS o ON o.finding = f.key
), whole AS (
	SELECT	kernel, arch, model, variant, scenario, sum(runs) AS runs,
		sum(proofs) AS proofs, min(rank) AS rank
	FROM part
	GROUP BY kernel, arch, model, variant, scenario
)
SELECT	w.kernel, w.arch, w.model, w.variant, w.scenario, w.runs, w.proofs,
	s.name AS worst
FROM whole AS w
LEFT JOIN severity AS s ON s.rank = w.rank;

INSERT INTO meta (name, value) VALUES
	('table target', 'what can be searched: a form, a memory model, a scenario'),
	('table effort', 'how much each search ran of each target'),
	('table cov_state', 'abstract states of a vCPU that a sample of the runs met'),
	('table cov_point', 'where a context stood still, and in which mode vCPUs were'),
	('view v_coverage', 'places where contexts stood still, against vcpu->mode'),
	('view v_effort', 'runs of each search on each target'),
	('view v_states', 'abstract states of a vCPU that were met'),
	('view v_targets', 'each target: runs, exhausted searches, the worst finding');
