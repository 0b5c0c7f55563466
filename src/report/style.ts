/** The style of a report: light and dark, narrow and wide, on a screen and on paper. Words and marks say all that colours do. */
export const style = `:root {
	color-scheme: light dark;
	--text: #1c2128; --quiet: #57606a; --page: #fff; --panel: #f4f6f8; --line: #d0d7de; --link: #0550ae;
	--done: #1a7f37; --failed: #b3261e; --interrupted: #8a5a00;
	--prepare: #6e7781; --trust: #0969da; --reissue: #1a7f37; --retire: #8250df; --rollback: #bc4c00; --restart: #8a5a00;
}
@media (prefers-color-scheme: dark) {
	:root {
		--text: #e6edf3; --quiet: #9da7b1; --page: #0d1117; --panel: #161b22; --line: #30363d; --link: #79b8ff;
		--done: #3fb950; --failed: #ff7b72; --interrupted: #e3a93b;
		--prepare: #8b949e; --trust: #58a6ff; --reissue: #3fb950; --retire: #bc8cff; --rollback: #f0883e; --restart: #e3a93b;
	}
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: break-word; }
main { max-width: 80rem; margin: 0 auto; padding: 1.5rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 1rem; }
h2 { font-size: 1.25rem; margin: 2.5rem 0 0.75rem; padding-bottom: 0.25rem; border-bottom: 1px solid var(--line); }
h3 { font-size: 1rem; margin: 1.5rem 0 0.5rem; }
p, ul { margin: 0.5rem 0; }
ul { padding-left: 1.25rem; }
a { color: var(--link); }
code { font: 0.875em/1.45 ui-monospace, monospace; overflow-wrap: anywhere; }
pre { margin: 0.5rem 0; padding: 0.75rem; background: var(--panel); border: 1px solid var(--line); border-radius: 6px; white-space: pre-wrap; }
.verdict { padding: 0.25rem 1rem 0.75rem; border: 2px solid var(--mark); border-left-width: 0.6rem; border-radius: 6px; }
.verdict h2 { margin: 0.5rem 0; padding: 0; border: 0; color: var(--mark); }
.done { --mark: var(--done); } .failed { --mark: var(--failed); } .interrupted { --mark: var(--interrupted); }
nav ul { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; margin: 1rem 0 0; padding: 0; list-style: none; }
.table { margin: 1rem 0; overflow-x: auto; }
table { border-collapse: collapse; font-size: 0.9rem; }
caption { padding: 0.25rem 0; text-align: left; font-weight: 600; }
th, td { padding: 0.3rem 0.75rem 0.3rem 0; border-top: 1px solid var(--line); text-align: left; vertical-align: top; }
th { font-weight: 600; } tbody th { font-weight: 400; color: var(--quiet); }
.short { white-space: nowrap; }
td code, th code { min-width: 8rem; display: inline-block; }
.timeline { margin: 0; font-size: 0.9rem; }
figcaption { font-weight: 600; }
.timeline h3 { margin: 0.75rem 0 0.25rem; }
.timeline ul { margin: 0; padding: 0; list-style: none; }
.timeline li { display: grid; grid-template-columns: 22rem 1fr; gap: 0 0.75rem; padding: 0.2rem 0; border-top: 1px solid var(--line); }
.label { grid-row: span 2; }
.track { position: relative; height: 0.9rem; margin-top: 0.25rem; background: linear-gradient(90deg, var(--line) 1px, transparent 1px) 0 / 25% 100% var(--panel); border-right: 1px solid var(--line); }
.bar { position: absolute; top: 0; bottom: 0; min-width: 3px; background: var(--bar); border: 1px solid var(--page); }
.prepare { --bar: var(--prepare); } .issue, .trust { --bar: var(--trust); } .reissue, .renew { --bar: var(--reissue); }
.retire { --bar: var(--retire); } .rollback { --bar: var(--rollback); }
.restart { --bar: repeating-linear-gradient(45deg, var(--restart) 0 4px, transparent 4px 7px); border-color: var(--restart); }
.stopped { outline: 2px dashed var(--failed); }
.words { grid-column: 2; color: var(--quiet); font-size: 0.8rem; }
.ticks { display: flex; justify-content: space-between; margin-left: 22.75rem; color: var(--quiet); font-size: 0.8rem; }
@media (max-width: 48rem) {
	main { padding: 1rem; }
	.timeline li { grid-template-columns: minmax(0, 1fr); }
	.label { grid-row: auto; } .words { grid-column: 1; }
	.ticks { margin-left: 0; }
}
@media print {
	:root { --text: #000; --quiet: #333; --page: #fff; --panel: #f4f6f8; --line: #bbb; color-scheme: light; font-size: 8pt; }
	nav { display: none; } main { max-width: none; padding: 0; } .short { white-space: normal; }
	* { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
	h2, h3 { break-after: avoid; } tr, .timeline li { break-inside: avoid; } .table { overflow: visible; }
}
`;
