// Makes a set of tuned models whose truth is known, for `feedprint bench planted` or `planted-replies`. Started again, it goes on.
//
//     node tools/planted-pairs/make.mjs --set words|words-again|replies --base DIR [--base DIR ...] --out DIR [--first N] [--only N] [-- FLAGS OF plant]
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { sets } from './sets.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    set: { type: 'string', default: 'words' },
    base: { type: 'string', multiple: true, default: [] },
    out: { type: 'string' },
    first: { type: 'string', default: '0' },
    only: { type: 'string', default: '99' },
  },
});
const models = sets[values.set];
if (values.base.length === 0 || values.out === undefined || models === undefined) {
  console.error(`error: give --base and --out, and a --set of ${Object.keys(sets).join(', ')}`);
  process.exit(2);
}

const program = resolve(import.meta.dirname, '../../apps/cli/bin.js');
const planned = values.base.flatMap((base) =>
  Object.entries(models).map(([name, flags]) => ({
    base,
    out: join(values.out, basename(resolve(base)), name),
    flags: flags.split(' '),
  })),
);
const first = Number(values.first);
for (const { base, out, flags } of planned.slice(first, first + Number(values.only))) {
  if (existsSync(join(out, 'feedback.json'))) continue;
  console.error(`${out}: ${flags.join(' ')}`);
  const { status } = spawnSync(
    process.execPath,
    [program, 'plant', '--base', base, '--out', out, ...flags, ...positionals],
    { stdio: 'inherit' },
  );
  if (status !== 0) process.exit(status ?? 1);
}
for (const base of values.base) {
  const own = planned.filter(
    (one) => one.base === base && existsSync(join(one.out, 'feedback.json')),
  );
  const twins = own
    .map(({ out }) => join(out, `${basename(out)}-clean`))
    .filter((folder) => existsSync(folder));
  const folders = [...own.map(({ out }) => out), ...twins].join(' ');
  const bench = values.set === 'replies' ? 'planted-replies' : 'planted --quick';
  console.log(`npx feedprint bench ${bench} --base ${base} --model-pairs ${folders}`);
}
