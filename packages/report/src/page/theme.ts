import { chartStyles } from './theme-charts.ts';
import { partStyles } from './theme-parts.ts';

const colours = `
:root{color-scheme:light dark;
--bg:#fdfdfc;--panel:#f5f6f4;--ink:#1b1f1e;--soft:#58615e;--rule:#dde1de;--mark:#3a4340;--mute:#b4bdb9;--accent:#b3125c;--on-accent:#fff;--tint:#fbeaf2;
--n1:#e8f1f8;--n2:#cbe0f0;--n3:#a6cce7;--n4:#79b1d8;--n5:#5299cb;
--p1:#fcf0e1;--p2:#fbdfbd;--p3:#f8c68d;--p4:#f2a657;--p5:#e78b2c;
--a1:#e2f2ef;--a2:#c3e6df;--a3:#99d5ca;--a4:#69c0b2;--a5:#3fa897}
@media (prefers-color-scheme:dark){:root{
--bg:#14171a;--panel:#1c2023;--ink:#e7eae8;--soft:#a1aaa6;--rule:#31373a;--mark:#c3cbc7;--mute:#5d6764;--accent:#ff76b0;--on-accent:#14171a;--tint:#3a1c2b;
--n1:#1b2936;--n2:#1c3850;--n3:#1d486d;--n4:#1f588b;--n5:#2268a8;
--p1:#32261b;--p2:#4a331d;--p3:#64411d;--p4:#7f501c;--p5:#9a5f1b;
--a1:#16302c;--a2:#174039;--a3:#185148;--a4:#196257;--a5:#1a7366}}
@media print{:root{color-scheme:light;
--bg:#fff;--panel:#f5f6f4;--ink:#111;--soft:#444;--rule:#d5d9d6;--mark:#333;--mute:#aab3af;--accent:#b3125c;--on-accent:#fff;--tint:#fbeaf2;
--n1:#e8f1f8;--n2:#cbe0f0;--n3:#a6cce7;--n4:#79b1d8;--n5:#5299cb;--p1:#fcf0e1;--p2:#fbdfbd;--p3:#f8c68d;--p4:#f2a657;--p5:#e78b2c;
--a1:#e2f2ef;--a2:#c3e6df;--a3:#99d5ca;--a4:#69c0b2;--a5:#3fa897}}
`;

const page = `
*{box-sizing:border-box}
html{scroll-behavior:smooth;scroll-padding-top:1rem;-webkit-text-size-adjust:100%}
@media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;overflow-wrap:break-word}
main,header,footer,.contents{max-width:1160px;margin:0 auto;padding:0 24px}
h1,h2,h3{line-height:1.2;text-wrap:balance;margin:0}
h1{font-size:1.05rem;font-weight:600}
h2{font-size:1.18rem;font-weight:620;letter-spacing:-.005em}
h3{font-size:1rem;font-weight:600;margin:1.6rem 0 .5rem}
p{margin:.5rem 0;max-width:74ch}
a{color:inherit;text-decoration-color:var(--mute);text-underline-offset:3px}
a:hover{text-decoration-color:currentColor}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:2px}
section{border-top:1px solid var(--rule)}
section>details{margin:0}
section>details>summary{padding:.75rem 0;font-weight:400;display:flex;flex-wrap:wrap;gap:.1rem .9rem;align-items:baseline}
section>details>summary::before{content:"+";color:var(--soft);font-size:1.2rem;width:.8em;flex:none}
section>details[open]>summary::before{content:"−"}
section>details>summary::-webkit-details-marker{display:none}
section>details[open]{padding-bottom:2.2rem}
.brief{color:var(--soft);font-size:.88rem}
main{margin-top:1.2rem}
.soft{color:var(--soft)}
.small,figcaption,small{font-size:.82rem;color:var(--soft)}
code,.mono{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;font-size:.88em}
bdi,.word{unicode-bidi:isolate;overflow-wrap:anywhere}
figure{margin:1rem 0 0;min-width:0}
figure>h3:first-child{margin-top:.3rem}
figcaption{margin-top:.4rem;max-width:78ch}
.split{display:grid;grid-template-columns:minmax(0,1fr);gap:0 40px}
@media (min-width:1000px){.split{grid-template-columns:minmax(0,7fr) minmax(0,5fr)}.split.even{grid-template-columns:1fr 1fr}}
.skip{position:absolute;left:-999px}.skip:focus{left:8px;top:8px;background:var(--bg);padding:4px 8px}
.contents{padding-top:1rem;font-size:.85rem}
.contents ul{display:flex;flex-wrap:wrap;gap:.3rem 1.2rem;list-style:none;margin:0;padding:0}
footer{padding-top:1.5rem;padding-bottom:3rem;margin-top:2.5rem;font-size:.82rem;color:var(--soft)}
.empty{background:var(--panel);border-radius:6px;padding:.7rem 1rem;color:var(--soft)}
summary{cursor:pointer;font-weight:600;font-size:.9rem;padding:.35rem 0}
details{margin-top:.8rem}
.on-narrow{display:none}
@media (max-width:560px){main,header,footer,.contents{padding-left:14px;padding-right:14px}
.on-wide{display:none}.on-narrow{display:block}h2{font-size:1.1rem}}
@media print{details::details-content{content-visibility:visible;block-size:auto}section>details>summary::before{content:none!important}body{font-size:10.5pt;print-color-adjust:exact;-webkit-print-color-adjust:exact}.contents,.skip,.tools{display:none}
section{break-before:auto}figure,.card,tr,.heat-text{break-inside:avoid}h2,h3{break-after:avoid}
main,header,footer{max-width:none;padding:0}}
`;

/** The report's whole style sheet: light, dark and print, wide and narrow. */
export const styles: string = colours + page + partStyles + chartStyles;
