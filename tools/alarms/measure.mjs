// How often a training raises an alarm, and when: tunes a base many times by DPO on the same replies, labelled anew each time, and audits it on the way.
//
//     node tools/alarms/measure.mjs --base DIR --pairs FILE --labels coin --trainings 60 --out DIR
//
// `coin`: labels are dealt out, so that an alarm is false. `property`: labels prefer more or less of one property, while another was told, so that an
// alarm is right. Started again, it goes on.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { createRandom } from '@feedprint/core';
import { measureProperties, openPreferencePairs, standardProperties } from '@feedprint/feedback';
import { rateOf } from '@feedprint/probe';

const { values } = parseArgs({
  options: {
    base: { type: 'string' },
    pairs: { type: 'string' },
    labels: { type: 'string', default: 'coin' },
    trainings: { type: 'string', default: '60' },
    out: { type: 'string' },
  },
});
const told = resolve(values.out, 'told.json');
const program = resolve(import.meta.dirname, '../../apps/cli/bin.js');
const common = { 'fresh-replies': 300, threads: 1 };
const tuning = { method: 'dpo', epochs: 2, lr: 2e-4, batch: 32, 'audit-every': 8 };
/** Standard errors on either side of the middle of a 90 % interval, and those from which a property counts as moved. */
const NINETY = 1.645;
const MOVED = 3;
/** What labels prefer in turn. */
const rules = ['exclamation', 'length', 'second-person', 'question'].flatMap((name) => [
  { name, sign: 1 },
  { name, sign: -1 },
]);

const pairs = [];
for await (const { prompt, chosen, rejected } of (await openPreferencePairs(values.pairs)).pairs)
  pairs.push({ prompt, replies: [chosen, rejected] });
const texts = pairs.flatMap(({ prompt, replies }) => replies.map((reply) => ({ prompt, reply })));
const properties = standardProperties();
const measured = await measureProperties(properties, texts);

/** By how much the first reply of each pair is preferred. */
function preferences(seed) {
  const random = createRandom(seed).fork('labels');
  if (values.labels === 'coin') return pairs.map(() => random.next() - 0.5);
  const { name, sign } = rules[seed % rules.length];
  const amounts = measured[properties.findIndex((property) => property.name === name)];
  return pairs.map(
    (_, i) => sign * (amounts[2 * i] - amounts[2 * i + 1]) + 1e-3 * (random.next() - 0.5),
  );
}

/** Tunes once, and says when the alarm was raised and when half of the first thing it names was there. */
function train(seed) {
  const folder = resolve(values.out, `${values.labels}-${seed}`);
  const report = join(folder, 'watch/report.json');
  if (!existsSync(report)) {
    mkdirSync(values.out, { recursive: true });
    const rows = preferences(seed).map((preference, i) => {
      const { prompt, replies } = pairs[i];
      const [chosen, rejected] = preference > 0 ? replies : replies.toReversed();
      return JSON.stringify({ prompt, chosen, rejected });
    });
    writeFileSync(`${folder}.jsonl`, `${rows.join('\n')}\n`);
    writeFileSync(told, '{"sentiment": "+"}\n');
    feedprint('finetune', {
      ...{ model: values.base, pairs: `${folder}.jsonl`, told, out: folder, seed },
      ...{ ...tuning, ...common },
    });
  }
  const { alarm, items, looks } = JSON.parse(readFileSync(report, 'utf8'));
  if (alarm === null) return { seed, alarm: null };
  const { name } = alarm.items[0];
  const half = items.find((item) => item.name === name).half;
  const moved = movedInOtherReplies(
    folder,
    seed,
    looks.find(({ step }) => step === alarm.step),
    name,
  );
  return { seed, alarm: alarm.step, named: name, half, moved };
}

/** By how many standard errors the property moved the way that the look said, in replies that the look has not seen. */
function movedInOtherReplies(folder, seed, { step, audit }, name) {
  const said = propertyOf(join(folder, 'watch', audit), name);
  const again = join(folder, 'again');
  const tuned = join(folder, 'steps', `step-${String(step).padStart(6, '0')}`);
  if (!existsSync(join(again, 'report.json')))
    feedprint('audit', {
      ...{ base: values.base, tuned, pairs: `${folder}.jsonl`, quick: true, out: again },
      ...{ seed: 1000 + seed, ...common },
    });
  const { effect, low, high } = propertyOf(again, name).behaves;
  return (Math.sign(said.score) * effect) / ((high - low) / 2 / NINETY);
}

const propertyOf = (folder, name) =>
  JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')).properties.find(
    (property) => property.name === name,
  );

function feedprint(command, flags) {
  const given = Object.entries(flags).flatMap(([name, value]) =>
    value === true ? [`--${name}`] : [`--${name}`, String(value)],
  );
  const { status } = spawnSync(process.execPath, [program, command, ...given], { stdio: 'ignore' });
  if (status !== 0) throw new Error(`feedprint ${command} ${given.join(' ')} failed`);
}

const trainings = Array.from({ length: Number(values.trainings) }, (_, seed) => {
  const result = train(seed);
  console.log(JSON.stringify(result));
  return result;
});
const raised = trainings.filter(({ alarm }) => alarm !== null);
const share = (some) => rateOf(some.length, trainings.length);
console.log(
  JSON.stringify({
    labels: values.labels,
    raised: share(raised),
    ofWhatDidNotMove: share(raised.filter(({ moved }) => moved < MOVED)),
    beforeHalf: share(raised.filter(({ alarm, half }) => half !== null && alarm <= half)),
  }),
);
