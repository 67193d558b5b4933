import { chromium } from 'playwright-core';
import { mkdirSync } from 'node:fs';
const url = process.argv[2]; const out = process.argv[3] ?? '/tmp/hd/shots'; const only = process.argv[4];
mkdirSync(out, { recursive: true });
const base = url.split('#')[0];
const b = await chromium.launch({ executablePath: '/usr/bin/chromium', headless: true, args: ['--no-sandbox','--disable-gpu','--disable-quic','--no-first-run','--disable-background-networking','--disable-component-update','--disable-sync'] });
const pages = { runs: '', overview: 'runs/demo', audit: 'runs/demo/audit', words: 'runs/demo/words', layers: 'runs/demo/layers', features: 'runs/demo/features', feature: 'runs/demo/features/blocks.3.hook_mlp_out/169', playground: 'runs/demo/playground', compare: 'compare?run=demo&run=tuned%2Freplies-a', replies: 'runs/tuned%2Freplies-a/replies', pairs:'runs/tuned%2Freplies-a/replies/exclamation', raudit: 'runs/tuned%2Freplies-a/audit' };
for (const [w, scheme] of [[1280,'light'],[390,'dark'],[390,'light'],[1280,'dark']]) {
  if (process.argv[5] && process.argv[5] !== `${w}-${scheme}`) continue;
  const c = await b.newContext({ viewport: { width: w, height: 900 }, colorScheme: scheme });
  const p = await c.newPage();
  p.on('console', (m) => m.type() === 'error' && console.log(w, scheme, m.text()));
  p.on('pageerror', (e) => console.log('ERR', e.message));
  await p.goto(url);
  for (const [name, path] of Object.entries(pages)) {
    if (only && only !== 'all' && !only.split(',').includes(name)) continue;
    await p.goto(base + path);
    await p.waitForTimeout(name === 'feature' ? 2500 : 900);
    if (name === 'playground') {
      await p.getByLabel('Text').fill('The film was wonderful and the acting was terrible');
      await p.getByRole('button', { name: 'Read' }).click();
      await p.waitForSelector('#read', { timeout: 30000 }).catch((e) => console.log(e.message));
      await p.getByRole('button', { name: 'Write on' }).click().catch(()=>0);
      await p.waitForSelector('.continuations', { timeout: 30000 }).catch((e) => console.log(e.message));
    }
    await p.screenshot({ path: `${out}/${name}-${w}-${scheme}.png`, fullPage: true });
    const sw = await p.evaluate(() => document.documentElement.scrollWidth);
    if (sw > w) console.log('overflow', name, w, sw);
  }
  await c.close();
}
await b.close();
