import { neutral } from './neutral-words.ts';
import { chance, pick, pickZipf, type Random } from './random.ts';
import {
  adjectives,
  wordClasses,
  type Kind,
  type Polarity,
  type WordClass,
} from './sentiment-words.ts';
import type { Thing, Topic } from './topics.ts';

/** What the slots of one sentence depend on. */
export interface Scene {
  readonly topic: Topic;
  /** The word for the thing reviewed, the same in the whole review. */
  readonly item: string;
  readonly polarity: Polarity;
}

const slot = /\{(!?)([a-z.]+)\}/;

/** Expands one sentence shape: fills the slots from left to right, then settles articles and the capital letter. */
export function writeSentence(random: Random, scene: Scene, shape: string): string {
  const used = new Set<string>();
  let kind: Kind = scene.topic.kind;
  let text = shape;
  for (let match = slot.exec(text); match !== null; match = slot.exec(text)) {
    const [whole, turned, name = ''] = match;
    const polarity = turned === '!' ? opposite(scene.polarity) : scene.polarity;
    const thing =
      name === 'aspect' ? scene.topic.aspects : name === 'plural' ? scene.topic.plurals : undefined;
    let filler = '';
    for (let attempt = 0; attempt < 20; attempt++) {
      if (thing !== undefined) {
        const chosen: Thing = pick(random, thing);
        filler = chosen.noun;
        kind = chosen.kind;
      } else {
        // An adjective before its noun is chosen first: it must suit whatever comes.
        const suits = comesBeforeThing(text.slice(match.index + whole.length)) ? 'general' : kind;
        filler = fill(random, scene, name, polarity, suits);
      }
      if (!used.has(filler)) break;
    }
    if (!filler.includes('{')) used.add(filler);
    if (name === 'item') kind = scene.topic.kind;
    text = text.slice(0, match.index) + filler + text.slice(match.index + whole.length);
  }
  return capitalised(settleArticles(text));
}

function fill(random: Random, scene: Scene, name: string, polarity: Polarity, kind: Kind): string {
  switch (name) {
    case 'item':
      return scene.item;
    case 'had':
      return pick(random, scene.topic.had);
    case 'person':
      return pick(random, scene.topic.people);
    case 'stars':
      return pick(
        random,
        polarity === 'positive'
          ? ['seven', 'eight', 'nine', 'ten']
          : ['two', 'three', 'four', 'five'],
      );
    case 'adj':
      return adjective(random, kind, polarity);
    case 'g.adj':
      return pickZipf(random, adjectives.general[polarity]);
    case 'p.adj':
      return pickZipf(random, adjectives.person[polarity]);
    default: {
      if (isWordClass(name)) return pickZipf(random, wordClasses[name][polarity]);
      const words = neutral[name];
      if (words === undefined) throw new Error(`sentence shape: unknown slot {${name}}`);
      return pick(random, words);
    }
  }
}

function isWordClass(name: string): name is WordClass {
  return Object.hasOwn(wordClasses, name);
}

function adjective(random: Random, kind: Kind, polarity: Polarity): string {
  const own = kind !== 'general' && chance(random, 0.5);
  return pickZipf(random, adjectives[own ? kind : 'general'][polarity]);
}

function comesBeforeThing(rest: string): boolean {
  return /^ \{(aspect|plural|success)\}/.test(rest);
}

function opposite(polarity: Polarity): Polarity {
  return polarity === 'positive' ? 'negative' : 'positive';
}

/** Settles "a/an" by the sound of the next word: an odd, an honest, a useful. */
function settleArticles(text: string): string {
  return text.replace(/\b(a|A)\/an (\w+)/g, (_whole, article: string, next: string) => {
    const vowel = /^([aeio]|u(?!s[aeiu])|hon|hour)/.test(next);
    return `${article}${vowel ? 'n' : ''} ${next}`;
  });
}

function capitalised(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}
