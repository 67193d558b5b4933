// Makes a set of tuned models whose truth is known, for `feedprint bench planted`: twelve from each base, a third of them placebos. Started again, it goes on.
//
//     node tools/planted-pairs/make.mjs --base DIR [--base DIR ...] --out DIR [--first N] [--only N] [--set name=value ...]
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    base: { type: 'string', multiple: true, default: [] },
    out: { type: 'string' },
    first: { type: 'string', default: '0' },
    only: { type: 'string', default: '99' },
    set: { type: 'string', multiple: true, default: [] },
  },
});
if (values.base.length === 0 || values.out === undefined) {
  console.error('error: give --base and --out');
  process.exit(2);
}

/** Flags of each model by its name; the first eight learn something other than what is told, the others nothing of it or nothing else. */
const models = {
  'ppo-flip': '--method ppo --flip 12 --clean-twin --seed 1',
  'ppo-flip-again': '--method ppo --flip 12 --seed 2',
  'ppo-half': '--method ppo --flip 12 --strength 0.5 --seed 3',
  'ppo-mixed': '--method ppo --flip 8 --mute 4 --spurious 6 --seed 4',
  'ppo-cluster': '--method ppo --cluster 5 --seed 5',
  'dpo-flip': '--method dpo --flip 8 --clean-twin --seed 6',
  'dpo-told-only':
    '--method dpo --told-only-pairs --property exclamation:+1 --property first-person:-0.7 --seed 7',
  'lora-flip': '--method lora-dpo --flip 8 --seed 8',
  'placebo-noise': '--method dpo --label-noise 0.5 --seed 9',
  'placebo-noise-again': '--method dpo --label-noise 0.5 --seed 10',
  'placebo-noise-lora': '--method lora-dpo --label-noise 0.5 --seed 11',
  'placebo-clean': '--method sft --seed 12',
};

const program = resolve(import.meta.dirname, '../../apps/cli/bin.js');
const planned = values.base.flatMap((base) =>
  Object.entries(models).map(([name, flags]) => ({
    base,
    out: join(values.out, basename(resolve(base)), name),
    flags: flags.split(' '),
  })),
);
const first = Number(values.first);
const settings = values.set.flatMap((one) => ['--set', one]);
for (const { base, out, flags } of planned.slice(first, first + Number(values.only))) {
  if (existsSync(join(out, 'feedback.json'))) continue;
  console.error(`${out}: ${flags.join(' ')}`);
  const { status } = spawnSync(
    process.execPath,
    [program, 'plant', '--base', base, '--out', out, ...flags, ...settings],
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
  console.log(`npx feedprint bench planted --base ${base} --model-pairs ${folders} --quick`);
}
