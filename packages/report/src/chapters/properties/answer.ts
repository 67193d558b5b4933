import type { ChapterAnswer, NextStep } from '../../chapter.ts';
import { anotherFolder, flagOf, startedOtherwise } from '../../commands.ts';
import { bracketed, fixed, signed } from '../../format.ts';
import { listed, plural } from '../../text.ts';
import { repairCommand, showCommand } from './commands.ts';
import { groupsOf } from './property-groups.ts';
import { changeInWords, isMore, isNumbered, nameInWords } from './property-words.ts';
import { FEWEST, sentence } from './sentence.ts';
import type { PropertyReport, Report } from './schema.ts';

/** What the model came to prefer in replies, and who asked for it. */
export function answer(report: Report): ChapterAnswer {
  const { replyVerdict: found } = report;
  return {
    sentence: { importance: 110, text: sentence(report) },
    restsOn: [
      { importance: 110, text: replies(report) },
      { importance: 105, text: placebos(report) },
      { importance: 102, text: edited(report) },
      { importance: 100, text: strongest(report) },
    ],
    notVisible: [
      { importance: 90, text: alike(report) },
      { importance: 85, text: unsettled(report) },
      { importance: 80, text: unseen(report) },
      {
        importance: 55,
        text: `anything beyond the first ${found.tokens} tokens of a reply, and what none of ${plural(report.properties.filter((one) => !isNumbered(one)).length, 'property', 'properties')} counts`,
      },
    ],
    next: next(report),
  };
}

function labelsInWords({ pairs, ties, ratings, byPromptAlone }: Report['replyVerdict']): string {
  const labels =
    ratings === undefined
      ? [
          plural(pairs, 'labelled pair'),
          ...(ties === undefined ? [] : [`${plural(ties, 'tie')} (half for either reply)`]),
        ].join(' and ')
      : plural(ratings, 'rated reply', 'rated replies');
  return byPromptAlone
    ? `${labels}, whose replies recur so often that intervals take only those of one prompt as dependent`
    : labels;
}

const isRewarded = ({ verdict }: PropertyReport): boolean => verdict.startsWith('in-data');

function replies({ replyVerdict: found }: Report): string {
  const where = found.heldOut > 0 ? `, ${found.heldOut} of them to prompts kept from tuning` : '';
  return `${plural(found.replies, 'fresh reply', 'fresh replies')} from each model${where}, and ${labelsInWords(found)}`;
}

function placebos({ properties, replyVerdict }: Report): string {
  const count = replyVerdict.placebos.length;
  const flagged = properties.filter((one) => one.flagged && one.learned !== null);
  if (count === 0 || flagged.length === 0) return '';
  const closest = Math.max(
    ...flagged.map((one) => (one.placebo ?? 0) / Math.abs(one.learned?.effect ?? Infinity)),
  );
  const names = listed(replyVerdict.placebos.map(({ name }) => name));
  return `${plural(count, 'placebo')} (${names}): none has more than ${fixed(closest)} of the effect of a named property`;
}

/** What becomes of R when a named property is edited: the first one whose edits agree with what was learned. */
function edited({ properties }: Report): string {
  const [one] = properties.filter(
    ({ flagged, causes, learned }) =>
      flagged &&
      causes !== null &&
      causes.low * causes.high > 0 &&
      causes.effect * (learned?.effect ?? 0) > 0,
  );
  if (!one?.causes) return '';
  return `editing ${plural(one.causes.n, 'reply', 'replies')} in ${nameInWords(one)} alone moves R by ${signed(one.causes.effect)} ${bracketed(one.causes)} nats per standard deviation`;
}

function strongest({ properties }: Report): string {
  const [first] = properties.filter((one) => one.flagged);
  if (!first?.behaves) return '';
  return `${nameInWords(first)}: ${fixed(Math.abs(first.behaves.effect), 1)} standard deviations ${isMore(first) ? 'more' : 'less'} in its replies than in the base’s`;
}

/** Findings that may be one property or another. */
function alike({ properties }: Report): string {
  const [group] = groupsOf(properties).filter(({ length }) => length > 1);
  return group
    ? `which of ${listed(group.map(({ name }) => name))} was learned: they go together, and neither replies nor labels tell them apart`
    : '';
}

/** Properties of which the replies are too few to say whether they were learned. */
function unsettled({ properties }: Report): string {
  const open = properties.filter((one) => !one.settled && one.learned !== null && !isNumbered(one));
  if (open.length === 0) return '';
  const named = listed(open.slice(0, 3).map(nameInWords));
  return `whether ${open.length > 3 ? `${named} and ${open.length - 3} other properties were` : named + (open.length > 1 ? ' were' : ' was')} learned: the replies do not settle it, or it cannot be told from another property`;
}

function unseen({ properties }: Report): string {
  const rare = properties.filter((one) => one.learned === null && !isNumbered(one));
  if (rare.length === 0) return '';
  return `${plural(rare.length, 'property', 'properties')} that next to no reply has, such as ${listed(rare.slice(0, 3).map(nameInWords))}`;
}

function next(report: Report): NextStep[] {
  const { replyVerdict, properties } = report;
  const out = anotherFolder(report);
  if (replyVerdict.verdict === 'reversed') {
    return [
      {
        importance: 120,
        what: 'if base and tuned were swapped, audit them the right way round',
        command: startedOtherwise(report, {
          base: flagOf(report, 'tuned'),
          tuned: flagOf(report, 'base'),
          out,
        }),
      },
    ];
  }
  if (replyVerdict.verdict === 'no-answer') {
    return [
      {
        importance: 120,
        what: 'let both models write more replies',
        command: startedOtherwise(report, { 'fresh-replies': `${FEWEST}`, out }),
      },
    ];
  }
  // No pair taught what was rated reply by reply.
  if (replyVerdict.ratings !== undefined) return [];
  const flagged = groupsOf(properties).map(([one]) => one);
  const taught = flagged.find(isRewarded);
  return [
    ...flagged.slice(0, 2).map((one, i) => ({
      importance: i === 0 ? 120 : 95,
      what: isRewarded(one)
        ? `read the pairs that taught it ${changeInWords(one, isMore(one))}`
        : `read the pairs that differ most in ${nameInWords(one)}`,
      command: showCommand(report, one.name),
    })),
    ...(taught
      ? [
          {
            importance: 119,
            what: `write pairs that no longer teach ${changeInWords(taught, isMore(taught))}, and see what that would change`,
            command: repairCommand(report, taught.name),
          },
        ]
      : []),
  ];
}
