/* SPDX-License-Identifier: GPL-2.0-only */
/* All of the page is there without this; it opens, filters, copies and walks. */
(function () {
	"use strict";
	var rows = Array.prototype.slice.call(document.querySelectorAll("tr.f"));
	var filter = document.getElementById("filter"), shown = document.getElementById("shown");
	var toast = document.getElementById("toast"), timer = 0, at = -1, severity = "";
	var root = document.documentElement;

	function say(text) {
		toast.textContent = text;
		toast.className = "on";
		clearTimeout(timer);
		timer = setTimeout(function () { toast.className = ""; }, 2600);
	}
	function isDark() {
		return root.dataset.theme ? root.dataset.theme === "dark" :
			matchMedia("(prefers-color-scheme: dark)").matches;
	}
	function theme() { root.dataset.theme = isDark() ? "light" : "dark"; }
	function copy(text) {
		function other() {
			var area = document.createElement("textarea");
			area.value = text;
			document.body.appendChild(area);
			area.select();
			document.execCommand("copy");
			area.remove();
			say("copied: " + text);
		}
		if (navigator.clipboard && window.isSecureContext)
			navigator.clipboard.writeText(text).then(function () { say("copied: " + text); },
				other);
		else
			other();
	}
	function more(row) { return document.getElementById(row.id + "-more"); }
	function open(row, on) {
		var m = more(row);
		m.hidden = on === undefined ? !m.hidden : !on;
		row.querySelector(".open").setAttribute("aria-expanded", String(!m.hidden));
	}
	function visible() { return rows.filter(function (r) { return !r.hidden; }); }
	function go(to) {
		var list = visible();
		if (!list.length)
			return;
		at = Math.max(0, Math.min(list.length - 1, to));
		rows.forEach(function (r) { r.classList.remove("at"); });
		list[at].classList.add("at");
		list[at].focus({ preventScroll: true });
		list[at].scrollIntoView({ block: "nearest" });
	}
	function here() { return visible()[at]; }
	function apply() {
		var words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
		rows.forEach(function (r) {
			var text = r.textContent.toLowerCase();
			r.hidden = (severity && r.dataset.severity !== severity) ||
				!words.every(function (w) { return text.indexOf(w) >= 0; });
			if (r.hidden)
				open(r, false);
		});
		at = -1;
		shown.textContent = words.length || severity ?
			visible().length + " of " + rows.length + " rows" : "";
	}
	function help() {
		say("j k or arrows: next and previous finding\nEnter: open it\ny: copy its replay line\n" +
		    "/: filter\nEscape: clear\nt: dark or light");
	}
	function key(e) {
		var name = e.key;
		if (e.ctrlKey || e.altKey || e.metaKey)
			return;
		if (name === "Escape") {
			filter.value = "";
			severity = "";
			filter.blur();
			chips();
			apply();
			return;
		}
		if (/^(INPUT|SUMMARY)$/.test(document.activeElement.tagName))
			return;
		if (name === "j" || name === "ArrowDown")
			go(at + 1);
		else if (name === "k" || name === "ArrowUp")
			go(at - 1);
		else if (name === "/")
			filter.focus();
		else if (name === "t")
			theme();
		else if (name === "?")
			help();
		else if (name === "y" && here())
			copy(here().querySelector(".cmd").textContent);
		else if ((name === "Enter" || name === "o") && here() &&
			 document.activeElement === here())
			open(here());
		else
			return;
		e.preventDefault();
	}
	function chips() {
		document.querySelectorAll(".chip").forEach(function (c) {
			c.setAttribute("aria-pressed", String(c.dataset.severity === severity));
		});
	}
	document.addEventListener("keydown", key);
	document.addEventListener("click", function (e) {
		var button = e.target.closest("button");
		if (!button)
			return;
		if (button.classList.contains("open"))
			open(button.closest("tr"));
		else if (button.classList.contains("cmd"))
			copy(button.dataset.cmd || button.textContent);
		else if (button.classList.contains("chip")) {
			severity = severity === button.dataset.severity ? "" : button.dataset.severity;
			chips();
			apply();
		}
	});
	document.getElementById("theme").addEventListener("click", theme);
	document.getElementById("keys").addEventListener("click", help);
	filter.addEventListener("input", apply);
	window.addEventListener("beforeprint", function () {
		rows.forEach(function (r) {
			if (more(r).querySelector("figure"))
				open(r, true);
		});
		document.querySelectorAll("details").forEach(function (d) { d.open = true; });
	});
	/* "#k7f3a9c2" opens that finding; "#dark" and "#light" choose the colours. */
	function place() {
		var name = location.hash.slice(1), row = document.getElementById(name);
		if (name === "dark" || name === "light")
			root.dataset.theme = name;
		else if (row && row.classList.contains("f")) {
			open(row, true);
			go(visible().indexOf(row));
		}
	}
	window.addEventListener("hashchange", place);
	place();
	/* The worst finding is open from the start, unless another one is asked for. */
	if (rows.length && more(rows[0]).querySelector("figure") && !/^#k/.test(location.hash))
		open(rows[0], true);
})();
