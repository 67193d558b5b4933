import { changesFile } from '@feedprint/recipes';
import type { Repair } from '@feedprint/recipes';
import { commandOf, plural, signed } from '@feedprint/report';

interface Places {
  /** The corrected file. */
  readonly out: string;
  /** The model that pairs are learned from, as the audit named it. */
  readonly base: string | undefined;
}

/** What was changed, what it changes in the labels, and what to do with it. */
export function formatRepair(repair: Repair, { out, base = 'BASE' }: Places): string {
  const { by, counts, effects, properties, source } = repair;
  const width = Math.max(...effects.map(({ name }) => name.length));
  const done = {
    drop: `left out ${plural(counts.changed, 'pair')} of ${counts.read}`,
    relabel: `exchanged the replies of ${plural(counts.changed, 'pair')} of ${counts.read}`,
    'counter-pairs': `added ${plural(counts.changed, 'counter-pair')} to ${counts.read}`,
  }[by];
  return [
    `${done}, so that the labels no longer reward ${properties.join(' or ')}${
      counts.ties > 0 ? `; left out ${plural(counts.ties, 'tie')}` : ''
    }`,
    '',
    'what the labels reward, logits per standard deviation [90 % interval]',
    `  ${''.padEnd(width)}  ${'before'.padEnd(22)}  after`,
    ...effects.map(
      ({ name, role, before, after }) =>
        `  ${name.padEnd(width)}  ${inBounds(before).padEnd(22)}  ${inBounds(after)}${
          role === 'other' ? '   moved with it' : role === 'told' ? '   asked for' : ''
        }`,
    ),
    '',
    `pairs      ${out} (${counts.written}); ${source.file} is as it was`,
    `changes    ${changesFile(out)}, each with its reason`,
    `tune with  ${commandOf('finetune', { model: base, method: 'dpo', pairs: out, out: 'OUT' })}`,
    '',
  ].join('\n');
}

const inBounds = ({ effect, low, high }: Repair['effects'][number]['before']): string =>
  `${signed(effect)} [${signed(low)}, ${signed(high)}]`;
