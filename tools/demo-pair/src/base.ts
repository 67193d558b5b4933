import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bases } from './bases.ts';
import { makeBase } from './make-base.ts';

/** `base NAME --out DIR`: makes one of the bases, with what it is made of in `DIR-work`. */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { out: { type: 'string' } },
});
const [name = ''] = positionals;
const plan = Object.entries(bases).find(([known]) => known === name)?.[1];
if (plan === undefined || values.out === undefined) {
  process.stderr.write(`usage: base ${Object.keys(bases).join('|')} --out DIR\n`);
  process.exitCode = 2;
} else {
  await makeBase(plan, { out: values.out, work: join(`${values.out}-work`) });
}
