import { parseArgs } from 'node:util';
import { generateTexts, styles, writeTexts } from './write-texts.ts';
import type { Style } from './write-texts.ts';

const usage =
  'usage: generate --seed N --count N --out FILE.jsonl [--prefix NAME] [--style even|lively]';

/** Writes `count` reviews as JSON lines {id, text}; no two are the same. */
function main(): void {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string' },
      count: { type: 'string' },
      out: { type: 'string' },
      prefix: { type: 'string', default: 'review' },
      style: { type: 'string', default: 'even' },
    },
  });
  const [seed, count] = [Number(values.seed), Number(values.count)];
  const isWhole = Number.isInteger(seed) && Number.isInteger(count) && count > 0;
  if (!isWhole || values.out === undefined || !(values.style in styles)) {
    process.stderr.write(`${usage}\n`);
    process.exitCode = 2;
    return;
  }
  writeTexts(values.out, generateTexts(values.style as Style, seed, count), values.prefix);
}

main();
