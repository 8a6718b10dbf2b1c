"""How the status page looks: the machine's own Chinese fonts, dense enough for a screen of 1366 by 768."""

from typing import Final

STYLE: Final = """
:root {
  --ink: #1d2733;
  --soft: #5b6878;
  --line: #dfe4ea;
  --ground: #f4f6f8;
  --sheet: #fff;
  --accent: #1c5fa8;
  --warn: #9a5b00;
  --warn-ground: #fff4df;
  --bad: #a3231f;
  --bad-ground: #fdecea;
  --good: #22703c;
  --good-ground: #e8f5ec;
}
* { box-sizing: border-box; }
body {
  margin: 0;
  background: var(--ground);
  color: var(--ink);
  font: 14px/1.5 "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", "Source Han Sans SC", sans-serif;
}
a { color: var(--accent); text-decoration: none; }
a:hover { text-decoration: underline; }
a:focus-visible, button:focus-visible, input:focus-visible, select:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
header {
  display: flex;
  align-items: center;
  gap: 16px;
  padding: 8px 20px;
  background: var(--sheet);
  border-bottom: 1px solid var(--line);
}
header h1 { margin: 0; font-size: 17px; }
header .what { color: var(--soft); }
header .right { margin-left: auto; display: flex; align-items: center; gap: 16px; color: var(--soft); }
main { max-width: 1760px; margin: 0 auto; padding: 14px 20px 28px; }
.tiles {
  display: grid;
  grid-template-columns: repeat(auto-fit, minmax(132px, 1fr));
  gap: 10px;
  margin: 0 0 14px;
}
.tile {
  display: block;
  padding: 8px 12px;
  background: var(--sheet);
  border: 1px solid var(--line);
  border-radius: 6px;
  color: inherit;
}
a.tile:hover { border-color: var(--accent); text-decoration: none; }
.tile b { display: block; font-size: 20px; line-height: 1.3; font-variant-numeric: tabular-nums; }
.tile span { color: var(--soft); font-size: 13px; }
.tile.warn { background: var(--warn-ground); border-color: #ecd09a; }
.tile.warn b { color: var(--warn); }
nav { display: flex; gap: 4px; border-bottom: 1px solid var(--line); margin-bottom: 12px; }
nav a { padding: 6px 14px; color: var(--ink); border-bottom: 3px solid transparent; }
nav a.act { margin-left: auto; color: var(--accent); }
nav a[aria-current] { border-bottom-color: var(--accent); color: var(--accent); font-weight: 600; }
.choices { display: flex; flex-wrap: wrap; gap: 6px 8px; align-items: center; margin: 0 0 10px; }
.choices > span { color: var(--soft); }
.choices a {
  padding: 1px 10px;
  border: 1px solid var(--line);
  border-radius: 12px;
  background: var(--sheet);
  color: var(--ink);
}
.choices a[aria-current] { background: var(--accent); border-color: var(--accent); color: #fff; }
.wide {
  background: var(--sheet);
  border: 1px solid var(--line);
  border-radius: 6px;
  overflow-x: auto;
}
table { width: 100%; border-collapse: collapse; }
th { text-align: left; font-weight: 600; white-space: nowrap; background: #eef1f4; }
th, td { padding: 5px 10px; border-bottom: 1px solid var(--line); vertical-align: top; }
tbody tr:last-child td { border-bottom: 0; }
tbody tr:hover td { background: #f8fafc; }
th a { color: inherit; }
th.number, td.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td.acts { white-space: nowrap; text-align: right; }
td.code, .code {
  font-family: ui-monospace, "DejaVu Sans Mono", Consolas, monospace;
  font-size: 13px;
  white-space: nowrap;
}
td.name { min-width: 9em; max-width: 26em; overflow-wrap: anywhere; }
.moment { white-space: nowrap; font-variant-numeric: tabular-nums; }
.moment small { margin-left: 8px; color: var(--soft); }
.mark {
  display: inline-block;
  padding: 0 8px;
  border-radius: 10px;
  font-size: 13px;
  white-space: nowrap;
  background: var(--good-ground);
  color: var(--good);
}
.mark.warn { background: var(--warn-ground); color: var(--warn); }
.mark.bad { background: var(--bad-ground); color: var(--bad); }
.mark.off { background: #eceff2; color: var(--soft); }
.empty {
  padding: 26px;
  text-align: center;
  color: var(--soft);
  background: var(--sheet);
  border: 1px solid var(--line);
  border-radius: 6px;
}
.sheet {
  background: var(--sheet);
  border: 1px solid var(--line);
  border-radius: 6px;
  padding: 16px 20px;
  margin: 0 0 14px;
}
h2 { margin: 16px 0 8px; font-size: 16px; }
.sheet h2 { margin: 0 0 8px; }
.alone { max-width: 560px; margin: 9vh auto 0; }
form.row { display: flex; flex-wrap: wrap; gap: 8px 12px; align-items: end; }
form label { display: block; color: var(--soft); }
input, select {
  font: inherit;
  padding: 5px 8px;
  border: 1px solid #b9c2cc;
  border-radius: 4px;
  background: #fff;
  color: var(--ink);
}
input.wide-input { width: 100%; }
button {
  font: inherit;
  padding: 5px 16px;
  border: 1px solid var(--accent);
  border-radius: 4px;
  background: var(--accent);
  color: #fff;
  cursor: pointer;
}
input, select { height: 34px; }
button.plain { background: none; border: 0; padding: 0; color: var(--accent); }
button.bad { background: var(--bad); border-color: var(--bad); }
.big-code {
  font: 600 24px/1.4 ui-monospace, "DejaVu Sans Mono", Consolas, monospace;
  letter-spacing: 1px;
  user-select: all;
  margin: 6px 0;
}
.said {
  padding: 8px 12px;
  border-radius: 6px;
  background: var(--bad-ground);
  color: var(--bad);
  margin: 0 0 12px;
}
dl { display: grid; grid-template-columns: max-content 1fr; gap: 4px 18px; margin: 0; }
dt { color: var(--soft); }
dd { margin: 0; font-variant-numeric: tabular-nums; }
.note { color: var(--soft); margin: 8px 0 0; }
.two { display: grid; grid-template-columns: 1fr 1fr; gap: 14px; align-items: start; }
@media (max-width: 900px) { .two { grid-template-columns: 1fr; } }
"""
