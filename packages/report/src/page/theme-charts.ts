/** Styles of the pictures. Accent means flagged, dark means the model under audit, rings and grey mean controls. */
export const chartStyles = `
svg.chart{display:block;max-width:100%;height:auto;overflow:visible;font-size:12px;fill:var(--ink)}
.chart .axis text,.chart .tick{fill:var(--soft);font-size:11px;font-variant-numeric:tabular-nums}
.chart .axis-title{fill:var(--soft);font-size:11.5px}
.chart .grid{stroke:var(--rule);stroke-width:1}
.chart .zero{stroke:var(--mute);stroke-width:1.2}.mini .zero{stroke:var(--soft)}
.chart .neutral{fill:var(--soft);font-size:11.5px;font-style:italic;paint-order:stroke;stroke:var(--bg);stroke-width:3.5px}
.chart .fit{fill:none;stroke:var(--ink);stroke-width:1.6;stroke-dasharray:7 4}
.chart .hit{fill:transparent}
.chart text{unicode-bidi:isolate}
.point circle{fill:var(--mark);fill-opacity:.62;stroke:transparent;stroke-width:8}
.point .interval{stroke:var(--mark);stroke-opacity:.2;stroke-width:1}
.point.hollow circle{fill:var(--bg);fill-opacity:1;stroke:var(--mark);stroke-width:1.2}
.point.flag circle{fill:var(--accent);fill-opacity:1}
.point.flag .interval{stroke:var(--accent);stroke-opacity:.75;stroke-width:1.5}
.chart .name.flag{fill:var(--accent)}.chart .name{font-weight:600;paint-order:stroke;stroke:var(--bg);stroke-width:3.5px;stroke-linejoin:round}
.chart .leader{stroke:var(--accent);stroke-opacity:.6;stroke-width:1}
.dot circle{fill:var(--ink)}.dot .interval{stroke:var(--ink);stroke-width:2}
.dot.main .row-label{font-weight:600}
.dot.control circle{fill:var(--bg);stroke:var(--soft);stroke-width:1.6}.dot.control .interval{stroke:var(--mute)}
.dot.control .row-label,.chart .note{fill:var(--soft)}
.dot circle.other{fill:none;stroke:var(--mute);stroke-width:1.2}
.dot.flag circle:not(.other){fill:var(--accent)}.dot.flag .interval{stroke:var(--accent)}.dot.flag .row-label{font-weight:600}
.chart .note{font-size:11.5px;font-variant-numeric:tabular-nums}
.chart g:hover>.hit{fill:var(--panel)}
.dumbbell .bridge{stroke:var(--mute);stroke-width:2}
.dumbbell .interval{stroke:var(--ink);stroke-width:5;stroke-opacity:.22}
.dumbbell .expected{fill:var(--bg);stroke:var(--ink);stroke-width:1.6}
.dumbbell .estimate{fill:var(--ink)}
.dumbbell.flag .estimate{fill:var(--accent)}.dumbbell.flag .interval{stroke:var(--accent);stroke-opacity:.3}
.dumbbell .row-label{font-weight:600}
.columns .band{fill:var(--rule)}.columns .chance{fill:none;stroke:var(--mute);stroke-width:1}
.columns .interval{stroke:var(--ink);stroke-width:1.6}.columns .interval.in-data{stroke-opacity:.55}
.columns circle{fill:var(--ink);stroke:var(--ink);stroke-width:1.5}.columns circle.in-data{fill:var(--bg)}
.columns .told{fill:var(--soft);fill-opacity:.55;stroke:var(--soft);stroke-width:1}
.columns.flag circle{fill:var(--accent);stroke:var(--accent)}.columns.flag circle.in-data{fill:var(--bg)}
.columns.flag .interval{stroke:var(--accent)}.columns.flag .row-label,.columns.main .row-label{font-weight:600}
.columns.rest circle{fill:var(--mute);stroke:var(--mute)}.columns.rest circle.in-data{fill:var(--bg)}
.columns.rest .interval{stroke:var(--mute)}.columns.rest text{fill:var(--soft)}
.chart .row-label,.chart .note{paint-order:stroke;stroke:var(--bg);stroke-width:3px}
.bar rect{fill:var(--mute)}.bar.strong rect{fill:var(--mark)}.bar.strong .tick{fill:var(--ink);font-weight:700}
.line polyline{fill:none;stroke-width:1.7;stroke-linejoin:round}
.line.base polyline,.key-line.base{stroke:var(--mute)}.line.tuned polyline,.key-line.tuned{stroke:var(--ink)}
.line.base circle{fill:var(--mute)}.line.tuned circle{fill:var(--ink)}
.line.size-1 polyline,.key-line.size-1{stroke-dasharray:5 3}
.line.size-2 polyline,.key-line.size-2{stroke-dasharray:1.5 2.5}
.key-line{stroke-width:2}
.mini{display:inline-block;vertical-align:-1px;overflow:visible}
.mini .track{fill:var(--rule)}.mini .value{fill:var(--mark)}.histogram text{font-size:9px;fill:var(--soft)}
.panels{display:grid;grid-template-columns:repeat(auto-fill,minmax(190px,1fr));gap:18px 20px;margin-top:.6rem}
.panels h4{margin:0 0 .2rem;font-size:.85rem;font-weight:600}
.panels>div{min-width:0}
@media (max-width:560px){.panels{grid-template-columns:1fr}.panels>div{display:grid;grid-template-columns:1fr 1fr;gap:0 10px}.panels h4{grid-column:1/-1}.on-narrow svg.chart{width:100%}}
.key{display:flex;flex-wrap:wrap;gap:.25rem 1.2rem;font-size:.82rem;color:var(--soft);margin:.5rem 0 0;padding:0;list-style:none;align-items:center}
.key li{display:flex;align-items:center;gap:.4rem}
.key svg{flex:none}
`;
