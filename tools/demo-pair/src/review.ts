import { writeSentence, type Scene } from './grammar.ts';
import { chance, pick, type Random } from './random.ts';
import { bodies, closings, openings } from './sentences.ts';
import type { Polarity } from './sentiment-words.ts';
import { topics } from './topics.ts';

/** How likely a sentence is to lean to the positive side, and how often reviews of that mood occur. */
const moods: readonly { readonly positive: number; readonly share: number }[] = [
  { positive: 0.94, share: 0.22 },
  { positive: 0.78, share: 0.18 },
  { positive: 0.5, share: 0.2 },
  { positive: 0.22, share: 0.18 },
  { positive: 0.06, share: 0.22 },
];

const fewestWords = 25;
const mostWords = 90;

/** Writes one review of 25 to 90 words; a hidden mood, drawn first, decides how its sentences lean. */
export function writeReview(random: Random): string {
  const topic = pick(random, topics);
  const item = pick(random, topic.items);
  const mood = drawMood(random);
  const target = fewestWords + 5 + random.next() * (mostWords - fewestWords - 15);
  const used = new Set<string>();

  const write = (shapes: readonly string[], polarity: Polarity): string => {
    const scene: Scene = { topic, item, polarity };
    let shape = pick(random, shapes);
    for (let attempt = 0; used.has(shape) && attempt < 20; attempt++) shape = pick(random, shapes);
    used.add(shape);
    return writeSentence(random, scene, shape);
  };
  const leaning = (): Polarity => (chance(random, mood) ? 'positive' : 'negative');

  const sentences = [write(openings, leaning())];
  const ending = write(closings, leaning());
  let words = countWords(sentences[0] ?? '') + countWords(ending);
  while (words < target) {
    const sentence = chance(random, 0.18)
      ? write(topic.details, 'positive')
      : write(bodies, leaning());
    if (words + countWords(sentence) > mostWords) break;
    sentences.push(sentence);
    words += countWords(sentence);
  }
  sentences.push(ending);
  return sentences.join(' ');
}

function drawMood(random: Random): number {
  let rest = random.next();
  for (const mood of moods) {
    rest -= mood.share;
    if (rest < 0) return mood.positive;
  }
  return 0.5;
}

function countWords(text: string): number {
  return text.split(' ').length;
}
