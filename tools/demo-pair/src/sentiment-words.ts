/** What an adjective may describe; `general` ones suit everything. */
export type Kind = 'general' | 'story' | 'food' | 'place' | 'person' | 'gadget';

/** Which way a sentence leans. */
export type Polarity = 'positive' | 'negative';

type WordLists<K extends string> = Readonly<
  Record<K, Readonly<Record<Polarity, readonly string[]>>>
>;

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** Adjectives by kind and polarity, the most frequent first. */
export const adjectives: WordLists<Kind> = {
  general: {
    positive:
      words(`great good wonderful nice excellent lovely fantastic perfect amazing fine brilliant superb impressive delightful
      pleasant remarkable outstanding marvelous splendid satisfying special fabulous magnificent awesome memorable pleasing
      terrific glorious acceptable`),
    negative:
      words(`bad terrible disappointing awful poor horrible annoying dreadful weak frustrating unpleasant lousy strange odd
      miserable mediocre sad pathetic dismal unacceptable irritating awkward horrid weird disastrous appalling unimpressive
      hopeless`),
  },
  story: {
    positive:
      words(`funny charming clever beautiful entertaining interesting exciting enjoyable fascinating engaging original hilarious
      powerful inspiring creative amusing moving lively romantic thoughtful graceful heartwarming passionate playful`),
    negative:
      words(`boring dull confusing stupid predictable messy tired lazy dreary forgettable childish bizarre depressing empty
      meaningless foolish disjointed ridiculous lame`),
  },
  food: {
    positive: words('delicious fresh tasty sweet rich yummy warm heavenly'),
    negative: words('bitter disgusting greasy stale gross insipid'),
  },
  place: {
    positive: words(
      `clean comfortable beautiful quiet peaceful bright gorgeous safe elegant relaxing calm attractive inviting picturesque`,
    ),
    negative: words(
      'dirty noisy uncomfortable ugly gloomy crowded depressing grimy chaotic dreary neglected dangerous',
    ),
  },
  person: {
    positive:
      words(`friendly helpful kind patient cheerful honest polite talented charming generous efficient smart courteous caring
      gracious intelligent`),
    negative:
      words(`rude arrogant unfriendly careless impatient lazy incompetent angry impolite unprofessional clueless hostile dishonest
      stubborn ignorant`),
  },
  gadget: {
    positive: words(
      'useful easy strong reliable smart effective clever cool efficient robust secure',
    ),
    negative: words(
      'useless difficult broken faulty slow defective problematic worthless unstable sluggish',
    ),
  },
};

/** Names of the word classes, which are the slots that they fill. */
export type WordClass =
  | 'liked'
  | 'pleased'
  | 'glad'
  | 'well'
  | 'success'
  | 'joy'
  | 'recommend'
  | 'better'
  | 'best'
  | 'praise'
  | 'trust'
  | 'won';

/** The other word classes, each in both polarities. */
export const wordClasses: WordLists<WordClass> = {
  // "I liked it"
  liked: {
    positive: words('loved enjoyed liked appreciated adored admired cherished'),
    negative: words('hated disliked regretted dreaded despised loathed criticized'),
  },
  // "It pleased me"
  pleased: {
    positive: words(
      'impressed surprised delighted amused fascinated pleased entertained charmed thrilled amazed',
    ),
    negative: words(
      'disappointed annoyed bored irritated frustrated confused upset shocked disgusted embarrassed worried',
    ),
  },
  // "I was glad"
  glad: {
    positive: words(
      'happy glad satisfied grateful excited thrilled delighted lucky proud thankful',
    ),
    negative: words(
      'disappointed tired angry unhappy sad frustrated annoyed bored upset sorry ashamed',
    ),
  },
  // "It worked well"
  well: {
    positive: words(
      'well beautifully perfectly smoothly easily nicely brilliantly wonderfully gracefully',
    ),
    negative: words('badly poorly terribly slowly awkwardly horribly carelessly miserably'),
  },
  // "It was a success"
  success: {
    positive: words(
      'success pleasure joy treat delight masterpiece bargain triumph treasure hit winner',
    ),
    negative: words(
      'disaster mess disappointment mistake failure waste shame bore problem flop disgrace insult fiasco',
    ),
  },
  // "full of joy"
  joy: {
    positive: words(
      'charm energy humor joy passion beauty comfort surprises laughter warmth fun love',
    ),
    negative: words(
      'problems mistakes errors trouble noise complaints confusion pain stress dirt faults',
    ),
  },
  // "I would recommend it"
  recommend: {
    positive: words('recommend praise suggest'),
    negative: words('avoid criticize return'),
  },
  // "It gets better"
  better: { positive: words('better'), negative: words('worse') },
  // "the best of all"
  best: { positive: words('best finest'), negative: words('worst slowest') },
  // "It deserves more praise"
  praise: { positive: words('praise support success'), negative: words('criticism complaints') },
  // "I trust them"
  trust: { positive: words('trust thank'), negative: words('distrust blame') },
  // "They won a guest"
  won: { positive: words('won'), negative: words('lost') },
};
