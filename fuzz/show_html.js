// SPDX-License-Identifier: GPL-2.0-only
/*
 * Steps through the records of one run, or of two side by side.  All there is to
 * show is in the page's data; this moves cursors and fills in the state.
 */
"use strict";

const data = JSON.parse(document.getElementById("data").textContent);
const runs = data.runs;
const longest = Math.max(...runs.map((r) => r.records.length));
let at = 0;

const byId = (id) => document.getElementById(id);
const isAll = () => document.body.classList.contains("all");
const clamp = (i) => Math.max(0, Math.min(longest - 1, i));

function element(parent, name, text, className) {
	const e = document.createElement(name);
	if (text !== undefined)
		e.textContent = text;
	if (className)
		e.className = className;
	parent.appendChild(e);
	return e;
}

function line(svg, x, className) {
	const l = document.createElementNS("http://www.w3.org/2000/svg", "line");
	l.setAttribute("class", className);
	l.setAttribute("y1", 4);
	l.setAttribute("y2", svg.viewBox.baseVal.height - 4);
	l.setAttribute("x1", x);
	l.setAttribute("x2", x);
	svg.appendChild(l);
	return l;
}

/* What stands left of the lanes stays in sight when the picture scrolls. */
function keepLabels(svg) {
	const space = "http://www.w3.org/2000/svg", labels = [...svg.querySelectorAll(".lab")];
	const group = document.createElementNS(space, "g");
	const shelf = document.createElementNS(space, "rect");
	shelf.setAttribute("class", "shelf");
	shelf.setAttribute("width", labels[0].x.baseVal[0].value + 7);
	shelf.setAttribute("height", svg.viewBox.baseVal.height);
	group.appendChild(shelf);
	labels.forEach((l) => group.appendChild(l));
	svg.appendChild(group);
	const pic = svg.closest(".pic");
	pic.addEventListener("scroll", () =>
		group.setAttribute("transform", "translate(" + pic.scrollLeft + " 0)"));
}

/* A mark in both pictures where two forms part. */
function markParting(svg, x) {
	line(svg, x, "parts");
	const t = document.createElementNS("http://www.w3.org/2000/svg", "text");
	const right = x > svg.viewBox.baseVal.width - 150;
	t.setAttribute("class", "parted");
	t.setAttribute("x", right ? x - 5 : x + 5);
	t.setAttribute("y", 12);
	t.setAttribute("text-anchor", right ? "end" : "start");
	t.textContent = "here they part";
	svg.appendChild(t);
}

function begin() {
	runs.forEach((run, n) => {
		const list = byId("steps" + n);
		run.items = run.records.map((r, i) => {
			const li = element(list, "li", r.line);
			li.classList.toggle("key", r.key);
			li.classList.toggle("after", data.part !== null && i >= data.part);
			li.onclick = () => go(i);
			return li;
		});
		run.cursors = ["folded", "unfolded"].map((kind, k) => {
			const svg = document.querySelector("#run" + n + " ." + kind + " svg");
			const part = run.records[data.part];
			if (data.part !== null && part)
				markParting(svg, part.x[k]);
			svg.onclick = (e) => go(nearest(run, svg, k, e));
			const cursor = line(svg, 0, "cursor");
			keepLabels(svg);
			return cursor;
		});
	});
}

function nearest(run, svg, k, event) {
	const x = event.clientX - svg.getBoundingClientRect().left;
	let best = 0;
	run.records.forEach((r, i) => {
		if (Math.abs(r.x[k] - x) < Math.abs(run.records[best].x[k] - x))
			best = i;
	});
	return best;
}

/* One row for each fact; what the record has changed says what it was. */
function showState(n, i) {
	const records = runs[n].records, now = records[i].state;
	const was = i ? records[i - 1].state : runs[n].before;
	const body = byId("state" + n);
	body.textContent = "";
	for (const [name, value] of Object.entries(now)) {
		const row = element(body, "tr");
		element(row, "th", name);
		const cell = element(row, "td", value);
		cell.dataset.name = name;
		if (was[name] === value)
			continue;
		cell.className = "new";
		element(cell, "small", "  (was " + was[name] + ")");
	}
}

function show() {
	runs.forEach((run, n) => {
		const i = Math.min(at, run.records.length - 1), r = run.records[i];
		run.items.forEach((li, k) => li.classList.toggle("now", k === i));
		const list = byId("steps" + n), top = run.items[i].offsetTop - list.offsetTop;
		list.scrollTop = top - list.clientHeight / 2;
		run.cursors.forEach((c, k) => {
			c.setAttribute("x1", r.x[k]);
			c.setAttribute("x2", r.x[k]);
		});
		for (const pic of document.querySelectorAll("#run" + n + " .pic"))
			pic.scrollLeft = r.x[isAll() ? 1 : 0] - pic.clientWidth / 2;
		byId("doing" + n).textContent = r.line;
		showState(n, i);
	});
	const first = runs[0].records[Math.min(at, runs[0].records.length - 1)];
	byId("where").textContent = "step " + first.step + ", record " + (at + 1) + " of " +
		longest;
}

function go(i) {
	at = clamp(i);
	history.replaceState(null, "", "#" + at);
	show();
}

/* The next record that the folded picture draws, in either run. */
function next(by) {
	let i = at + by;
	while (!isAll() && i > 0 && i < longest - 1 &&
	       !runs.some((r) => r.records[i] && r.records[i].drawn))
		i += by;
	go(i);
}

const keys = {
	ArrowRight: () => next(1), ArrowLeft: () => next(-1),
	ArrowDown: () => go(at + 1), ArrowUp: () => go(at - 1),
	Home: () => go(0), End: () => go(longest - 1),
	f: () => { document.body.classList.toggle("all"); show(); },
	p: () => { if (data.part !== null) go(data.part); },
	t: () => theme(document.documentElement.dataset.theme === "dark" ? "light" : "dark"),
};

function theme(name) {
	document.documentElement.dataset.theme = name;
}

document.addEventListener("keydown", (e) => {
	if (e.ctrlKey || e.altKey || e.metaKey || !keys[e.key])
		return;
	e.preventDefault();
	keys[e.key]();
});
for (const b of document.querySelectorAll("nav button"))
	b.onclick = () => keys[b.dataset.key]();
theme(matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
begin();
at = clamp(parseInt(location.hash.slice(1), 10) || 0);
show();
window.addEventListener("hashchange", () => go(parseInt(location.hash.slice(1), 10) || 0));
