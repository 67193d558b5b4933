import { describePairs } from '@feedprint/feedback';
import type { PairSummary } from '@feedprint/feedback';
import type { AuditInputs } from '@feedprint/recipes';
import type { Io } from './io.ts';
import { formats } from './texts.ts';

/** Help of an option that names preference pairs. */
export const pairsHelp = `preference pairs as public data sets have them (prompt, chosen and rejected; conversations; two replies and a label; ranks; scores), in ${formats}`;

/** Help of such an option where the hub is asked, too. */
export const namedPairsHelp = `${pairsHelp}; or org/name[@revision] of a data set on the Hugging Face hub`;

/** Help of `--map`. */
export const mapHelp =
  'columns of a file of pairs whose layout is not known: chosen=COLUMN,rejected=COLUMN[,prompt=COLUMN][,label=COLUMN]; with a label, chosen is the reply that a true label prefers';

/** Help of `--chat-template`. */
export const chatTemplateHelp =
  "how conversations are written: model (the tuned model's template), hh (Human: and Assistant:), none, or a file in Jinja (default: model where it has one, else hh)";

/** Says what a file of pairs was taken for, what was counted in it, and shows its first pairs. */
export const sayPairs = (pairs: PairSummary, io: Io): void =>
  io.err(`read ${describePairs(pairs, { columns: io.columns })}\n`);

/** Shows the first pairs as the models see them, line ends as ⏎. */
export function sayWritten(written: NonNullable<AuditInputs['written']>, io: Io): void {
  const width = Math.max(40, io.columns) - 12;
  const shown = (text: string): string => text.replaceAll('\n', '⏎');
  const first = (text: string): string =>
    text.length > width ? `${text.slice(0, width - 1)}…` : text;
  const last = (text: string): string => (text.length > width ? `…${text.slice(1 - width)}` : text);
  const lines = written.flatMap(({ prompt, replies }) => [
    `  prompt    ${last(shown(prompt))}`,
    ...replies.map(
      (reply, i) => `  ${i === 0 ? 'chosen    ' : 'rejected  '}${first(shown(reply))}`,
    ),
  ]);
  io.err(`as the models see them, by the chat template:\n${lines.join('\n')}\n`);
}
