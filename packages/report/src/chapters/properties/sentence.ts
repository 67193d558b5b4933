import { fixed } from '../../format.ts';
import { listed, plural } from '../../text.ts';
import { groupsOf } from './property-groups.ts';
import { changeInWords, inWords, isNumbered } from './property-words.ts';
import type { PropertyReport, Report } from './schema.ts';

/** Words of a sentence at most. */
const MOST_WORDS = 25;
/** Fresh replies with which something can be said. */
export const FEWEST = 200;

/** The strongest true thing in at most 25 words. */
export function sentence({ properties, replyVerdict }: Report): string {
  switch (replyVerdict.verdict) {
    case 'reversed':
      return 'The model learned the opposite of this feedback. Check that chosen and rejected, or base and tuned, are not swapped.';
    case 'unrelated':
      return `What changed between these models has nothing to do with this feedback. It looks like ${lookalike(replyVerdict)}.`;
    case 'not-learned':
      return notLearned(properties);
    case 'nothing-found': {
      const named = properties.filter((one) => !isNumbered(one));
      const seen = named.filter(({ settled }) => settled).length;
      return `Nothing was learned against this feedback, as far as ${plural(replyVerdict.replies, 'fresh reply', 'fresh replies')} can show: ${seen} of ${plural(named.length, 'property', 'properties')} could have been seen.`;
    }
    case 'no-answer':
      return `${plural(replyVerdict.replies, 'fresh reply', 'fresh replies')} from each model are too few to say anything. ${Math.max(FEWEST, 2 * replyVerdict.replies)} would do.`;
    case 'as-told':
      return `The model learned what you ${askedIn(properties)}, ${inWords(
        asTold(properties).map((one) => [one]),
        2,
      )}, and nothing else that could be seen.`;
    case 'learned': {
      const groups = groupsOf(properties);
      const whole = learned(properties, groups);
      return words(whole) <= MOST_WORDS
        ? whole
        : learned(
            properties,
            groups.map(([one]) => [one]),
          );
    }
  }
}

const words = (text: string): number => text.split(' ').length;

/** What the labels reward, what was asked for besides and what neither asks for. */
function learned(
  properties: readonly PropertyReport[],
  groups: ReturnType<typeof groupsOf<PropertyReport>>,
): string {
  const asLabelled = groups.filter(([one]) => one.verdict === 'in-data-and-learned');
  const besides = groups.filter(([one]) => one.verdict === 'learned-not-in-data');
  const missed = askedInVain(properties);
  if (missed.length > 0 && asTold(properties).length === 0) {
    const who =
      besides.length === 0
        ? 'which your labels reward'
        : asLabelled.length === 0
          ? 'which your labels do not ask for'
          : 'some of which your labels reward';
    return `You ${verbOf(missed)} ${asAsked(missed.slice(0, 1))}, which the model did not learn; it learned ${inWords(groups, 2)}, ${who}.`;
  }
  if (asTold(properties).length > 0) {
    const who =
      besides.length === 0
        ? 'your labels reward that'
        : asLabelled.length === 0
          ? 'your labels do not ask for it'
          : 'your labels ask for some of it';
    return `The model learned what you ${askedIn(properties)}, and also ${inWords(groups, 2)}; ${who}.`;
  }
  if (besides.length === 0) {
    return `The model learned what your labels reward: ${inWords(asLabelled, 4)}.`;
  }
  if (asLabelled.length === 0) {
    return `The model came to prefer ${inWords(besides, 2)}. Neither your instructions nor your labels ask for that.`;
  }
  return `The model learned what your labels reward, and also ${inWords(besides, 2)}, which they do not ask for.`;
}

const asTold = (properties: readonly PropertyReport[]): PropertyReport[] =>
  properties.filter((one) => one.verdict === 'told');

/** Properties that were asked for and surely not learned. */
const askedInVain = (properties: readonly PropertyReport[]): PropertyReport[] =>
  properties.filter(
    ({ asked, settled, verdict }) =>
      (asked ?? 0) !== 0 &&
      settled &&
      (verdict === 'not-learned' || verdict === 'in-data-not-learned'),
  );

/** "asked for" where any of them was declared; else it was a reward that was measured. */
const verbOf = (asked: readonly PropertyReport[]): string =>
  asked.some(({ declared }) => declared !== null) ? 'asked for' : 'rewarded';

const askedIn = (properties: readonly PropertyReport[]): string => verbOf(asTold(properties));

const changesIn = (
  properties: readonly PropertyReport[],
  more: (one: PropertyReport) => boolean,
): string => listed(properties.slice(0, 3).map((one) => changeInWords(one, more(one))));

const asAsked = (properties: readonly PropertyReport[]): string =>
  changesIn(properties, (one) => one.asked === 1);

/** What the labels reward or else what was asked for, and was not learned. */
function notLearned(properties: readonly PropertyReport[]): string {
  const missing = properties.filter((one) => one.verdict === 'in-data-not-learned');
  if (missing.length > 0) {
    return `Your labels reward ${changesIn(missing, ({ inData }) => (inData?.effect ?? 0) >= 0)}; the model did not learn it.`;
  }
  const asked = askedInVain(properties);
  return `You ${verbOf(asked)} ${asAsked(asked)}; the model did not learn it.`;
}

/** The placebo that the change looks like most. */
function lookalike({ placebos }: Report['replyVerdict']): string {
  const [most] = placebos.toSorted((a, b) => (b.explains ?? 0) - (a.explains ?? 0));
  const at = most?.temperature;
  if (at === undefined) return 'random noise in the weights';
  return `a ${at > 1 ? 'higher' : 'lower'} temperature (${fixed(at, 1)})`;
}
