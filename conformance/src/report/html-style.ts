/** Colours of the verdicts, light and dark; system fonts, nothing fetched. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1c2128; --soft: #667079; --paper: #fff; --line: #dfe3e8; --panel: #f6f7f9;
  --pass: #1a7f4b; --fail: #c62f2f; --warn: #a66300; --idle: #6b7580; --known: #6a4fb3; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e8ec; --soft: #98a2ad; --paper: #14181d; --line: #2c333b; --panel: #1b2027;
  --pass: #4cc38a; --fail: #ff7a73; --warn: #e0a541; --idle: #8b96a1; --known: #ab97ea; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 70rem; padding: 2rem 1.25rem 4rem; color: var(--ink); background: var(--paper);
  font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; margin: 0; } h1 span { font-size: .8rem; padding: .2rem .6rem; border-radius: 1rem; color: var(--paper);
  vertical-align: middle; font-weight: 600; }
h4 { margin: .8rem 0 .2rem; font-size: .8rem; color: var(--soft); }
header p { color: var(--soft); margin: .3rem 0 1rem; }
.good { background: var(--pass); } .bad { background: var(--fail); }
code, pre { font: 13px/1.45 ui-monospace, monospace; }
.bar { display: flex; gap: 2px; height: .6rem; border-radius: .3rem; overflow: hidden; }
.bar i { background: currentColor; min-width: 4px; }
.pass { color: var(--pass); } .fail, .crash, .hang, .early-exit, .protocol { color: var(--fail); }
.unproven { color: var(--warn); } .unsupported, .unjudged, .not-run { color: var(--idle); } .known-failure { color: var(--known); }
.profiles { list-style: none; display: flex; flex-wrap: wrap; gap: .5rem; padding: 0; margin: 1rem 0 0; }
.profiles li { border: 1px solid var(--line); border-radius: .4rem; padding: .15rem .6rem; } .profiles .full { border-color: var(--pass); }
.notes { background: var(--panel); border-left: 3px solid var(--warn); padding: .6rem 1rem .6rem 2rem; }
.filters { position: sticky; top: 0; display: flex; flex-wrap: wrap; gap: .9rem; align-items: center; padding: .8rem 0; margin-top: 1rem;
  background: var(--paper); border-bottom: 1px solid var(--line); z-index: 1; }
.filters span { color: var(--soft); } .filters .verdict { width: auto; cursor: pointer; }
#search { flex: 1; min-width: 12rem; padding: .35rem .6rem; border: 1px solid var(--line); border-radius: .4rem; background: var(--panel);
  color: inherit; font: inherit; }
.result { border-bottom: 1px solid var(--line); } .plain, summary { display: flex; gap: .8rem; align-items: baseline; padding: .35rem 0; }
summary { cursor: pointer; list-style: none; } summary:hover { background: var(--panel); } .result[hidden] { display: none; }
.verdict { font-size: .8rem; font-weight: 600; } .result .verdict { width: 6.2rem; flex: none; }
.id { flex: none; max-width: 55%; overflow-wrap: anywhere; } .title { color: var(--soft); flex: 1; } .time { color: var(--soft); font-size: .8rem; flex: none; }
.body { margin: 0 0 .9rem 6.9rem; } .requirements { margin: 0 0 .4rem; padding-left: 1.1rem; }
dl { display: grid; grid-template-columns: 5.5rem 1fr; gap: .15rem .6rem; margin: 0; } dt { color: var(--soft); } dd { margin: 0; min-width: 0; overflow-wrap: anywhere; }
.log { margin: 0; padding: .6rem .8rem; background: var(--panel); border-radius: .4rem; max-height: 22rem; overflow: auto; white-space: pre-wrap; overflow-wrap: anywhere; }
.log .in { color: var(--soft); }
@media (max-width: 44rem) { .body { margin-left: 0; } .plain, summary { flex-wrap: wrap; } .id { max-width: 100%; } }
`;
