/** Styles of the head, tables, heat texts and cards. */
export const partStyles = `
.over{display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;align-items:baseline;padding-top:1.6rem}
.over .soft{font-size:.85rem}
.lead{font-size:clamp(1.35rem,2.6vw,1.95rem);line-height:1.25;font-weight:620;letter-spacing:-.015em;margin:.9rem 0 .6rem;max-width:34em;text-wrap:pretty}
.answer{margin:1rem 0 0;font-size:.92rem}.answer dt{font-weight:650;margin-top:.8rem}.answer dt:first-child{margin-top:0}.answer dd{margin:0;color:var(--soft)}.answer ul{margin:.15rem 0 0;padding:0 0 0 1.1em}.answer li{margin:.3rem 0}.answer code{display:block;color:var(--ink);background:var(--panel);border-radius:5px;padding:.25rem .5rem;margin-top:.2rem;overflow-wrap:anywhere}
.findings{margin:.4rem 0 0;padding:0 0 0 1.1em;max-width:80ch}
.findings li{margin:.25rem 0}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(195px,1fr));border:1px solid var(--rule);border-radius:8px;overflow:hidden;margin:1.6rem 0 0}
.figures>div{box-shadow:0 0 0 .5px var(--rule);padding:.9rem 1rem;display:flex;flex-direction:column;gap:.15rem}
.figures dt{font-size:.82rem;font-weight:600}
.figures dd.big{color:var(--ink);margin-bottom:.15rem;font-size:1.75rem;line-height:1.15;font-weight:640;letter-spacing:-.02em;margin:0;font-variant-numeric:tabular-nums}
.figures .big small{display:block;font-size:.82rem;line-height:1.35;font-weight:400;letter-spacing:0}
.figures dd.flag{color:var(--accent)}
.figures dd{margin:0;font-size:.82rem;color:var(--soft);line-height:1.4}
.scroll{overflow:auto;max-height:34rem;border:1px solid var(--rule);border-radius:6px;margin-top:.6rem}
.scroll.free{max-height:none}
table{border-collapse:collapse;width:100%;font-size:.84rem;font-variant-numeric:tabular-nums}
caption{text-align:left;font-size:.82rem;color:var(--soft);padding:.4rem .6rem}
th,td{padding:.28rem .6rem;text-align:right;vertical-align:baseline;white-space:nowrap;border-bottom:1px solid var(--rule)}
th{font-weight:600;background:var(--panel)}
thead th{position:sticky;top:0;z-index:1;vertical-align:bottom}
th.l,td.l{text-align:left}
td.wrap{white-space:normal;min-width:9rem}
tbody th{background:var(--bg);text-align:left;font-weight:600;white-space:normal;min-width:6.5rem;max-width:16rem}
.sites tbody th{min-width:13rem}
.words th:first-child{position:sticky;left:0}.words thead th:first-child{z-index:2}
tbody tr:last-child>*{border-bottom:0}
tr.flag>*{background:var(--tint)}tr.flag>th{box-shadow:inset 3px 0 var(--accent)}
tr.control th{font-weight:400;padding-left:1.6rem;color:var(--soft)}
th button{font:inherit;font-weight:600;color:inherit;background:none;border:0;padding:0;cursor:pointer;text-align:inherit}
th button::after{content:"\\2195";color:var(--mute);padding-left:.25em}
th[aria-sort=ascending] button::after{content:"\\2191";color:var(--ink)}
th[aria-sort=descending] button::after{content:"\\2193";color:var(--ink)}
.tools{display:flex;flex-wrap:wrap;gap:.5rem 1.2rem;align-items:center;font-size:.85rem;margin-top:.6rem}
.tools[hidden]{display:none}
.tools input[type=search]{font:inherit;color:inherit;background:var(--bg);border:1px solid var(--mute);border-radius:5px;padding:.25rem .5rem;width:15rem;max-width:100%}
@media print{table{font-size:7.5pt}th,td{padding:.15rem .3rem}tbody th,.sites tbody th,td.wrap{min-width:0}th button::after{content:none}.scroll{max-height:none;overflow:visible;border:0}.words tbody tr:not(.flag):nth-child(n+61){display:none}}
.heat-text{margin:.7rem 0 0;padding:.1rem 0;line-height:1.95;max-width:96ch}
.heat-text .n{color:var(--soft);font-size:.78rem;margin-right:.6em;user-select:none}
.tok{white-space:pre-wrap;unicode-bidi:isolate;overflow-wrap:anywhere;padding:.12em .1em;border-radius:3px;-webkit-box-decoration-break:clone;box-decoration-break:clone}
.n1{background:var(--n1)}.n2{background:var(--n2)}.n3{background:var(--n3)}.n4{background:var(--n4)}.n5{background:var(--n5)}
.p1{background:var(--p1)}.p2{background:var(--p2)}.p3{background:var(--p3)}.p4{background:var(--p4)}.p5{background:var(--p5)}
.a1{background:var(--a1)}.a2{background:var(--a2)}.a3{background:var(--a3)}.a4{background:var(--a4)}.a5{background:var(--a5)}
.said{text-decoration:underline;text-decoration-thickness:2px;text-underline-offset:3px;text-decoration-skip-ink:none}
.said.against{text-decoration-style:dotted}
.said.neither{text-decoration-thickness:1px}
.out{outline:2px solid var(--accent);outline-offset:0;border-radius:3px}
.ramp{display:inline-flex;border-radius:3px;overflow:hidden}.ramp i{width:1.15rem;height:.85rem;display:block}
.ramp i.zero{background:var(--panel)}
.cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,330px),1fr));gap:14px;margin-top:1rem}
.card{border:1px solid var(--rule);border-radius:8px;padding:.8rem .95rem;min-width:0}
.card:target{border-color:var(--accent)}
.card header{max-width:none;padding:0;margin:0}
.card h4{margin:0;font-size:.95rem;line-height:1.3}
.tag{display:inline-block;font-size:.74rem;border:1px solid var(--mute);border-radius:99px;padding:0 .55em;color:var(--soft);white-space:nowrap}
.tag.yes{background:var(--mark);border-color:var(--mark);color:var(--bg)}
.facts{display:grid;grid-template-columns:auto auto 1fr;gap:.05rem .6rem;margin:.5rem 0;font-size:.82rem;align-items:center;font-variant-numeric:tabular-nums}
.facts dt{color:var(--soft);grid-column:1}.facts dd{margin:0}.facts .num{text-align:right;grid-column:2}
.card .window{font-size:.82rem;line-height:1.65;margin:.25rem 0;padding-left:.6rem;border-left:2px solid var(--rule);max-height:6.6em;overflow:hidden}
dl.plain{display:grid;grid-template-columns:minmax(8rem,auto) minmax(0,1fr);gap:.25rem 1.2rem;margin:.6rem 0;font-size:.88rem}
dl.plain dt{color:var(--soft)}dl.plain dd{margin:0;overflow-wrap:anywhere}
dl.glossary dt{color:var(--ink);font-weight:600}
ul.limits{max-width:80ch;padding-left:1.1em}ul.limits li{margin:.35rem 0}
@media (max-width:560px){dl.plain{grid-template-columns:1fr;gap:0}dl.plain dd{margin-bottom:.4rem}.figures{grid-template-columns:1fr}}
#tip{position:fixed;z-index:9;max-width:min(22rem,90vw);background:var(--ink);color:var(--bg);font-size:.8rem;line-height:1.4;padding:.35rem .6rem;border-radius:5px;pointer-events:none;white-space:pre-line;overflow-wrap:anywhere}
#tip[hidden]{display:none}
`;
