-- SPDX-License-Identifier: GPL-2.0-only
--
-- Version 1 of a kicksim results file.  Runs in one transaction.
--
-- Tables are for kicksim, and may change with PRAGMA user_version; the views
-- v_* are the public interface, and only ever gain columns.  Times are unix
-- microseconds in tables (_us), ISO 8601 text in views.
--
-- Every table has a natural primary key and no rowid, so an ordered dump is a
-- function of what is known, not of the order in which it became known.  The
-- comment "join" at each table says how two versions of a row become one.

CREATE TABLE meta (
	name TEXT NOT NULL PRIMARY KEY,
	value TEXT NOT NULL			-- join: the greater text
) STRICT, WITHOUT ROWID;

CREATE TABLE severity (
	name TEXT NOT NULL PRIMARY KEY,
	rank INTEGER NOT NULL UNIQUE,		-- 1 is the worst
	meaning TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- A build.  join: the earlier first_us
CREATE TABLE core (
	hash TEXT NOT NULL PRIMARY KEY
		CONSTRAINT "a core hash is hex digits" CHECK (
			hash <> '' AND hash NOT GLOB '*[^0-9a-f]*'),
	tool TEXT NOT NULL,			-- version of kicksim
	detail TEXT NOT NULL,			-- compiler and flags
	first_us INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- One search.  It lives in one file until files are joined.
-- join: the one further on: by state, last_us, runs
CREATE TABLE campaign (
	id TEXT NOT NULL PRIMARY KEY,		-- 'c' and 16 random hex digits
	core TEXT NOT NULL REFERENCES core (hash),
	engine TEXT NOT NULL,
	config TEXT NOT NULL
		CONSTRAINT "a campaign's config is a JSON object" CHECK (
			json_valid(config) AND json_type(config) = 'object'),
	jobs INTEGER NOT NULL,
	state TEXT NOT NULL
		CHECK (state IN ('running', 'interrupted', 'finished')),
	started_us INTEGER NOT NULL,
	last_us INTEGER NOT NULL,		-- last sign of life, or the end
	runs INTEGER NOT NULL DEFAULT 0,
	events INTEGER NOT NULL DEFAULT 0,
	states INTEGER NOT NULL DEFAULT 0,
	cpu_ns INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- How a campaign went on.  join: the greatest of each number
CREATE TABLE stat_sample (
	campaign TEXT NOT NULL REFERENCES campaign (id),
	t_ms INTEGER NOT NULL,			-- since the campaign began
	runs INTEGER NOT NULL,
	events INTEGER NOT NULL,
	states INTEGER NOT NULL,
	findings INTEGER NOT NULL,
	cpu_ns INTEGER NOT NULL,
	PRIMARY KEY (campaign, t_ms)
) STRICT, WITHOUT ROWID;

-- A run, complete: config and choices replay it bit for bit on its core.
-- join: equal by construction; else the lesser trace_hash, and an alarm
CREATE TABLE schedule (
	id BLOB NOT NULL PRIMARY KEY		-- XXH3-128 of core, config, choices
		CONSTRAINT "a schedule's id has 16 bytes" CHECK (length(id) = 16),
	core TEXT NOT NULL REFERENCES core (hash),
	config TEXT NOT NULL
		CONSTRAINT "a schedule's config is a JSON object" CHECK (
			json_valid(config) AND json_type(config) = 'object'),
	line TEXT NOT NULL,			-- position:answer, non-zero ones
	choices BLOB NOT NULL,			-- the raw answers
	named TEXT NOT NULL			-- the same by name, for other builds
		CONSTRAINT "named choices are a JSON array" CHECK (
			json_valid(named) AND json_type(named) = 'array'),
	trace_hash TEXT NOT NULL
		CONSTRAINT "a trace hash is 16 hex digits" CHECK (
			length(trace_hash) = 16 AND trace_hash NOT GLOB '*[^0-9a-f]*'),
	steps INTEGER NOT NULL CHECK (steps >= 0),
	nonzero INTEGER NOT NULL CHECK (nonzero >= 0)
) STRICT, WITHOUT ROWID;

-- One distinct way in which things go wrong.  Severity and title are those of
-- the latest report.  join: the greater last_us, and then as said below
CREATE TABLE finding (
	key TEXT NOT NULL PRIMARY KEY,		-- 'k' and XXH3-128 of the signature
	oracle TEXT NOT NULL,
	kernel TEXT NOT NULL,
	arch TEXT NOT NULL,
	model TEXT NOT NULL,
	variant TEXT NOT NULL,
	places TEXT NOT NULL,			-- the source places that met
	severity TEXT NOT NULL REFERENCES severity (name),
	title TEXT NOT NULL,
	best BLOB NOT NULL			-- join: the least witness by
		REFERENCES schedule (id),	-- (nonzero, steps, bytes, id)
	first_us INTEGER NOT NULL,		-- join: the least
	last_us INTEGER NOT NULL,
	UNIQUE (oracle, kernel, arch, model, variant, places)
) STRICT, WITHOUT ROWID;

-- Schedules that were at some time the best for a finding.  join: all of them
CREATE TABLE witness (
	finding TEXT NOT NULL REFERENCES finding (key),
	schedule BLOB NOT NULL REFERENCES schedule (id),
	PRIMARY KEY (finding, schedule)
) STRICT, WITHOUT ROWID;

-- Who met a finding, and how soon.  Totals are sums over this table.
-- join: the most hits, the earliest first hit
CREATE TABLE occurrence (
	finding TEXT NOT NULL REFERENCES finding (key),
	campaign TEXT NOT NULL REFERENCES campaign (id),
	engine TEXT NOT NULL,
	scenario TEXT NOT NULL,
	hits INTEGER NOT NULL CONSTRAINT "hits are at least 1" CHECK (hits > 0),
	first_runs INTEGER NOT NULL,		-- runs up to the first hit
	first_cpu_ns INTEGER NOT NULL,		-- cpu time up to the first hit
	seed INTEGER NOT NULL			-- of the first hit
		CONSTRAINT "a seed is below 2^53" CHECK (
			seed BETWEEN 0 AND 9007199254740991),
	first_us INTEGER NOT NULL,
	PRIMARY KEY (finding, campaign, engine, scenario)
) STRICT, WITHOUT ROWID;
CREATE INDEX occurrence_by_campaign ON occurrence (campaign);

-- An exhaustive search.  join: the one that saw more
CREATE TABLE proof (
	key TEXT NOT NULL PRIMARY KEY,		-- 'p' and XXH3-128 of core, config
	core TEXT NOT NULL REFERENCES core (hash),
	config TEXT NOT NULL CHECK (json_valid(config)),
	kernel TEXT NOT NULL,
	arch TEXT NOT NULL,
	model TEXT NOT NULL,
	variant TEXT NOT NULL,
	scenario TEXT NOT NULL,
	bounds TEXT NOT NULL
		CONSTRAINT "bounds are a JSON object" CHECK (
			json_valid(bounds) AND json_type(bounds) = 'object'),
	verdicts TEXT NOT NULL			-- oracle: number of violations
		CONSTRAINT "verdicts are a JSON object" CHECK (
			json_valid(verdicts) AND json_type(verdicts) = 'object'),
	exhausted INTEGER NOT NULL CHECK (exhausted IN (0, 1)),
	states INTEGER NOT NULL,
	transitions INTEGER NOT NULL,
	depth INTEGER NOT NULL,
	wall_ms INTEGER NOT NULL,
	done_us INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What a person had to say.  join: all of them
CREATE TABLE note (
	key TEXT NOT NULL,			-- of a finding, a campaign, a proof
	text TEXT NOT NULL,
	first_us INTEGER NOT NULL,		-- join: the least
	PRIMARY KEY (key, text)
) STRICT, WITHOUT ROWID;

CREATE VIEW v_findings AS
SELECT	substr(f.key, 1, 9) AS id, f.severity, f.oracle, f.title,
	f.kernel, f.arch, f.model, f.variant, f.places,
	s.nonzero, s.steps, s.line AS schedule, s.config,
	sum(o.hits) AS hits, count(DISTINCT o.campaign) AS campaigns,
	group_concat(DISTINCT o.scenario) AS scenarios,
	group_concat(DISTINCT o.engine) AS engines,
	strftime('%Y-%m-%dT%H:%M:%SZ', f.first_us / 1000000, 'unixepoch')
		AS first_seen,
	strftime('%Y-%m-%dT%H:%M:%SZ', f.last_us / 1000000, 'unixepoch')
		AS last_seen,
	(SELECT group_concat(text, '; ') FROM note WHERE note.key = f.key)
		AS notes,
	'kicksim replay ' || substr(f.key, 1, 9) AS replay,
	f.key, r.rank AS severity_rank, f.first_us
FROM finding AS f
JOIN severity AS r ON r.name = f.severity
JOIN schedule AS s ON s.id = f.best
JOIN occurrence AS o ON o.finding = f.key
GROUP BY f.key;

CREATE VIEW v_hits AS
SELECT	substr(o.finding, 1, 9) AS id, f.severity, f.oracle, f.kernel,
	f.arch, f.model, f.variant, o.scenario, o.engine,
	substr(o.campaign, 1, 9) AS campaign, o.hits, o.first_runs,
	o.first_cpu_ns / 1e9 AS first_cpu_s,
	CAST(o.seed AS TEXT) AS seed,
	strftime('%Y-%m-%dT%H:%M:%SZ', o.first_us / 1000000, 'unixepoch')
		AS first_seen,
	o.finding AS key, o.campaign AS campaign_key
FROM occurrence AS o
JOIN finding AS f ON f.key = o.finding;

CREATE VIEW v_campaigns AS
SELECT	substr(c.id, 1, 9) AS id, c.state, c.engine,
	strftime('%Y-%m-%dT%H:%M:%SZ', c.started_us / 1000000, 'unixepoch')
		AS started,
	(c.last_us - c.started_us) / 1e6 AS wall_s, c.jobs, c.runs, c.events,
	c.states, c.cpu_ns / 1e9 AS cpu_s,
	count(DISTINCT o.finding) AS findings,
	count(DISTINCT CASE WHEN f.severity = 'harmful' THEN f.key END)
		AS harmful,
	coalesce(sum(o.hits), 0) AS hits,
	b.tool, c.core, c.config, c.id AS key, c.started_us
FROM campaign AS c
JOIN core AS b ON b.hash = c.core
LEFT JOIN occurrence AS o ON o.campaign = c.id
LEFT JOIN finding AS f ON f.key = o.finding
GROUP BY c.id;

CREATE VIEW v_samples AS
SELECT	substr(campaign, 1, 9) AS campaign, t_ms / 1e3 AS t_s, runs, events,
	states, findings, cpu_ns / 1e9 AS cpu_s, campaign AS campaign_key
FROM stat_sample;

CREATE VIEW v_schedules AS
SELECT	's' || substr(lower(hex(s.id)), 1, 8) AS id,
	substr(w.finding, 1, 9) AS finding, coalesce(f.best = s.id, 0) AS best,
	s.nonzero, s.steps, length(s.choices) AS bytes, s.line AS schedule,
	s.config, s.named, s.trace_hash, b.tool, s.core,
	's' || lower(hex(s.id)) AS key, w.finding AS finding_key
FROM schedule AS s
JOIN core AS b ON b.hash = s.core
LEFT JOIN witness AS w ON w.schedule = s.id
LEFT JOIN finding AS f ON f.key = w.finding;

-- Repetitions are campaigns whose configurations differ in the seed only.  One
-- that never met the finding counts as infinitely slow, so a median is NULL if
-- fewer than half of them did.
CREATE VIEW v_ttf AS
WITH rep AS (
	SELECT id, engine, json_remove(config, '$.seed') AS config
	FROM campaign
), size AS (
	SELECT engine, config, count(*) AS reps FROM rep GROUP BY 1, 2
), hit AS (
	SELECT	o.finding, o.scenario, o.engine, rep.config, size.reps,
		o.first_runs, o.first_cpu_ns,
		row_number() OVER by_runs AS runs_rank,
		row_number() OVER by_cpu AS cpu_rank
	FROM occurrence AS o
	JOIN rep ON rep.id = o.campaign
	JOIN size ON size.engine = rep.engine AND size.config = rep.config
	WINDOW	by_runs AS (PARTITION BY o.finding, o.scenario, o.engine,
			rep.engine, rep.config ORDER BY o.first_runs),
		by_cpu AS (PARTITION BY o.finding, o.scenario, o.engine,
			rep.engine, rep.config ORDER BY o.first_cpu_ns)
)
SELECT	substr(f.key, 1, 9) AS id, f.oracle, f.severity, f.kernel, f.arch,
	f.model, f.variant, h.scenario, h.engine,
	h.reps, count(*) AS found,
	max(CASE WHEN h.runs_rank = (h.reps + 1) / 2 THEN h.first_runs END)
		AS median_runs,
	min(h.first_runs) AS min_runs, max(h.first_runs) AS max_runs,
	max(CASE WHEN h.cpu_rank = (h.reps + 1) / 2 THEN h.first_cpu_ns END)
		/ 1e9 AS median_cpu_s,
	h.config, f.key
FROM hit AS h
JOIN finding AS f ON f.key = h.finding
GROUP BY f.key, h.scenario, h.engine, h.config, h.reps;

CREATE VIEW v_new_since AS
SELECT	substr(c.id, 1, 9) AS campaign,
	strftime('%Y-%m-%dT%H:%M:%SZ', c.started_us / 1000000, 'unixepoch')
		AS campaign_started,
	v.id, v.severity, v.oracle, v.title, v.kernel, v.arch, v.model,
	v.variant, v.steps, v.first_seen, v.replay,
	c.id AS campaign_key, c.started_us, v.severity_rank, v.key
FROM v_findings AS v
JOIN campaign AS c ON c.id = (
	SELECT campaign FROM occurrence AS o WHERE o.finding = v.key
	ORDER BY o.first_us, o.campaign LIMIT 1);

CREATE VIEW v_perf AS
SELECT	substr(c.id, 1, 9) AS campaign, c.engine, c.jobs, c.runs,
	CAST(c.runs / nullif((c.last_us - c.started_us) / 1e6, 0) AS INTEGER)
		AS runs_per_s,
	CAST(c.runs / nullif(c.cpu_ns / 1e9, 0) AS INTEGER) AS runs_per_cpu_s,
	round(c.events / nullif(1.0 * c.runs, 0), 1) AS events_per_run,
	round(c.cpu_ns / nullif(1.0 * c.events, 0), 1) AS ns_per_event,
	b.tool, b.detail, c.core, c.config, c.id AS campaign_key, c.started_us
FROM campaign AS c
JOIN core AS b ON b.hash = c.core;

CREATE VIEW v_proofs AS
SELECT	substr(p.key, 1, 9) AS id, p.kernel, p.arch, p.model, p.variant,
	p.scenario, p.exhausted, p.bounds, p.states, p.transitions, p.depth,
	p.wall_ms / 1e3 AS seconds,
	(SELECT group_concat(key, ' ') FROM json_each(p.verdicts)
		WHERE value <> 0) AS violated,
	p.verdicts, b.tool, p.core, p.config,
	strftime('%Y-%m-%dT%H:%M:%SZ', p.done_us / 1000000, 'unixepoch') AS done,
	p.key
FROM proof AS p
JOIN core AS b ON b.hash = p.core;

-- An oracle against a kernel: seen broken (sampling or exhaustive search), or
-- held in every state of so many exhausted searches, or neither.
CREATE VIEW v_matrix AS
WITH cell AS (
	SELECT	oracle, kernel, arch, model, variant, 1 AS findings, hits,
		steps, 0 AS broken, 0 AS held
	FROM v_findings
	UNION ALL
	SELECT	j.key, p.kernel, p.arch, p.model, p.variant, 0, 0, NULL,
		j.value <> 0, j.value = 0 AND p.exhausted
	FROM proof AS p, json_each(p.verdicts) AS j
)
SELECT	oracle, kernel, arch, model, variant,
	CASE	WHEN sum(findings) + sum(broken) > 0 THEN 'broken'
		WHEN sum(held) > 0 THEN 'held'
		ELSE 'open' END AS verdict,
	sum(findings) AS findings, sum(hits) AS hits, min(steps) AS min_steps,
	sum(broken) AS searches_broken, sum(held) AS searches_held
FROM cell
GROUP BY oracle, kernel, arch, model, variant;

INSERT INTO severity (rank, name, meaning) VALUES
	(1, 'harmful', 'KVM is broken: a functional promise does not hold'),
	(2, 'oops', 'the code under test faulted, spun for ever or deadlocked'),
	(3, 'degraded', 'a promise that callers must not rely on was not kept'),
	(4, 'race', 'KCSAN would report a data race'),
	(5, 'warn', 'a WARN of the kernel fired'),
	(6, 'benign', 'odd, and without a consequence'),
	(7, 'tool-error', 'kicksim itself is wrong');

INSERT INTO meta (name, value) VALUES
	('about', 'Results of kicksim, a simulator of KVM''s vCPU kick protocol. '
		|| 'Read the views v_*; tables may change.'),
	('table campaign', 'one search: what it was told and how much it did'),
	('table core', 'a build of kicksim, named by the hash of what decides a trace'),
	('table finding', 'one distinct way in which things go wrong, by signature'),
	('table meta', 'this explanation'),
	('table note', 'sentences of people about findings and campaigns'),
	('table occurrence', 'who met a finding, how often and how soon'),
	('table proof', 'one exhaustive search within bounds, and its verdicts'),
	('table schedule', 'a run: configuration and choices; traces are not kept, '
		|| 'a replay makes them again and compares trace_hash'),
	('table severity', 'what the severities mean, the worst first'),
	('table stat_sample', 'how a campaign went on, over time'),
	('table witness', 'schedules that were the best for a finding'),
	('view v_campaigns', 'one row for each search'),
	('view v_findings', 'one row for each finding, with the line that replays it'),
	('view v_hits', 'one row for each finding, campaign, engine and scenario'),
	('view v_matrix', 'each oracle against each kernel: broken, held or open'),
	('view v_new_since', 'each finding with the campaign that met it first'),
	('view v_perf', 'how fast each search was'),
	('view v_proofs', 'one row for each exhaustive search'),
	('view v_samples', 'runs, states and findings of each search over time'),
	('view v_schedules', 'one row for each schedule and the finding it shows'),
	('view v_ttf', 'time to find: runs and cpu time to the first hit, '
		|| 'over repetitions that differ in the seed only');
