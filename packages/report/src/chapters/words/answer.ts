import type { ChapterAnswer, NextStep } from '../../chapter.ts';
import { anotherFolder, flagOf, isDemo, onSameModels, startedOtherwise } from '../../commands.ts';
import { bracketed, fixed } from '../../format.ts';
import { plural } from '../../text.ts';
import type { Report } from './schema.ts';

/** Power from which a word counts as tested. */
const TESTED = 0.9;

/** Whether the feedback was learned, and the words that were learned the other way round. */
export function answer(report: Report): ChapterAnswer {
  return {
    sentence: { importance: 100, text: sentence(report) },
    restsOn: [
      { importance: 100, text: effect(report) },
      { importance: 90, text: controls(report) },
      { importance: 95, text: otherTunings(report) },
    ],
    notVisible: [
      { importance: 80, text: untested(report) },
      { importance: 60, text: unscored(report) },
      { importance: 50, text: 'meaning that spans several words: each word is judged by itself' },
    ],
    next: next(report),
  };
}

function sentence({ verdict: { words: found, placebos }, words, texts }: Report): string {
  if (placebos.withdrawn !== null) {
    return 'What changed follows this feedback no better than what changes in models that never saw it.';
  }
  const flagged = words.filter((word) => word.flagged).length;
  switch (found.verdict) {
    case 'learned':
      return flagged > 0
        ? `The model learned the feedback it was given, except for ${plural(flagged, 'word')}, which it learned the other way round.`
        : `The model learned the feedback it was given, and no word against it, as far as ${plural(texts.count, 'text')} can show.`;
    case 'reversed':
      return 'The model learned the opposite of this feedback. Check the sign of the reward, or that base and tuned are not swapped.';
    case 'unrelated':
      return 'What changed between these models has nothing to do with this feedback.';
    case 'undecided':
      return `Whether the model learned this feedback cannot be told from ${plural(texts.count, 'text')} with ${plural(words.length, 'scored word')}.`;
  }
}

function effect({ verdict: { words: found }, texts }: Report): string {
  if (found.effect === null) return '';
  return `${plural(found.n, 'word')} in ${plural(texts.count, 'text')}: beyond frequency, what was learned and what was told correlate at ${fixed(found.effect)} ${bracketed(found.interval)}`;
}

/** What the same judgement says where there is nothing to find. */
function controls({ verdict: { words: found, placebos } }: Report): string {
  const { models, dealt, withdrawn } = placebos;
  if (found.verdict !== 'learned' && found.verdict !== 'reversed' && withdrawn === null) return '';
  const verdict = withdrawn ?? (found.verdict as 'learned' | 'reversed');
  const reached = models.filter((one) => one.verdict === verdict).length;
  const ofModels =
    models.length === 0
      ? ''
      : `${reached} of ${plural(models.length, 'model')} that never saw the feedback (${models.map(({ name }) => name).join(', ')}), and `;
  return `the same verdict is reached by ${ofModels}${dealt[verdict]} of ${dealt.deals} deals of the feedback at random`;
}

/** Which flags stay beside other tunings on the same feedback. */
function otherTunings({ verdict: { siblings } }: Report): string {
  if (siblings === null) return '';
  const { models, spread, stay, withdrawn } = siblings;
  const apart = `${plural(models.length, 'other tuning')} on this feedback: a word’s shift varies by ${fixed(spread)} nats from run to run`;
  const flags = stay.length + withdrawn.length;
  return flags === 0 ? apart : `${apart}; ${stay.length} of ${plural(flags, 'flag')} stay`;
}

/** The words whose reversal would have gone unseen; nothing where words were not judged. */
function untested({ words, verdict: { words: found } }: Report): string {
  const judged = words.filter((word) => word.power !== null);
  if (found.verdict !== 'learned' || judged.length === 0) return '';
  const tested = judged.filter((word) => (word.power as number) >= TESTED).length;
  if (tested === judged.length) return '';
  return `a reversal of ${judged.length - tested} of ${plural(judged.length, 'word')}, too rare or told too little to be flagged with 90 % probability`;
}

function unscored({ texts: { unscoredWords } }: Report): string {
  if (unscoredWords === 0) return '';
  return `anything about ${plural(unscoredWords, 'word')} of the feedback that the tokenizer splits`;
}

function next(report: Report): NextStep[] {
  const out = anotherFolder(report);
  const steps: Readonly<Record<Report['verdict']['words']['verdict'], () => NextStep[]>> = {
    learned: () =>
      report.words.some((word) => word.flagged) ? ifReversedWords(report) : [moreTexts(report)],
    reversed: () => [
      {
        importance: 90,
        what: 'if base and tuned were swapped, audit them the right way round',
        command: startedOtherwise(report, {
          base: flagOf(report, 'tuned'),
          tuned: flagOf(report, 'base'),
          out,
        }),
      },
    ],
    unrelated: () => [
      {
        importance: 90,
        what: 'audit against the feedback that was really given, a lexicon in a file',
        command: startedOtherwise(report, { feedback: 'LEXICON', out }),
      },
    ],
    undecided: () => [moreTexts(report)],
  };
  return steps[report.verdict.words.verdict]();
}

/** Where such words come from, and where they show. */
function ifReversedWords(report: Report): NextStep[] {
  const shown: NextStep = {
    importance: 70,
    what: 'compare what the tuned model writes with what the base would have written',
    command: onSameModels('shift', report),
  };
  const pairs: NextStep = {
    importance: 80,
    what: 'if it was tuned on preference pairs, find those that taught it these words',
    command: startedOtherwise(report, { pairs: 'PAIRS', out: anotherFolder(report) }),
  };
  return isDemo(report)
    ? []
    : 'preferences' in report && report.preferences
      ? [shown]
      : [pairs, shown];
}

const moreTexts = (report: Report): NextStep => ({
  importance: 80,
  what: `give it more texts: ${plural(report.texts.count, 'text')} were read`,
  command: startedOtherwise(report, {
    texts: 'MORE-TEXTS',
    'max-texts': undefined,
    out: anotherFolder(report),
  }),
});
