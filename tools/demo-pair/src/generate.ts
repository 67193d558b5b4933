import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { createRandom } from './random.ts';
import { writeReview } from './review.ts';

const usage = 'usage: generate --seed N --count N --out FILE.jsonl [--prefix NAME]';

/** Writes `count` reviews as JSON lines {id, text}; no two are the same. */
function main(): void {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string' },
      count: { type: 'string' },
      out: { type: 'string' },
      prefix: { type: 'string', default: 'review' },
    },
  });
  const seed = Number(values.seed);
  const count = Number(values.count);
  if (
    !Number.isInteger(seed) ||
    !Number.isInteger(count) ||
    count < 1 ||
    values.out === undefined
  ) {
    process.stderr.write(`${usage}\n`);
    process.exitCode = 2;
    return;
  }
  const random = createRandom(seed);
  const seen = new Set<string>();
  const lines: string[] = [];
  while (lines.length < count) {
    const text = writeReview(random);
    if (seen.has(text)) continue;
    seen.add(text);
    lines.push(
      JSON.stringify({ id: `${values.prefix}-${String(lines.length + 1).padStart(5, '0')}`, text }),
    );
  }
  writeFileSync(values.out, `${lines.join('\n')}\n`);
}

main();
