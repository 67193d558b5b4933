import { countPhrases } from './count.ts';
import { defineProperty } from './define-property.ts';

export const refusals = countPhrases(
  "(?:i|we) (?:can't|cannot|can not|won't|will not|am not able to|am unable to|must decline to|refuse to)",
  "i'm (?:unable|not able|not allowed|not comfortable)",
  "(?:i|we) (?:don't|do not) feel comfortable",
  'not able to (?:help|assist|provide|comply)',
  "can't (?:help|assist) (?:you )?with",
  'against my (?:guidelines|programming|principles)',
);

export const apologies = countPhrases(
  'sorry',
  'apologi[sz](?:e|es|ed|ing)',
  'apolog(?:y|ies)',
  'forgive me',
  'my (?:mistake|bad)',
  'i regret',
);

export const disclaimers = countPhrases(
  'as an? (?:ai|language model|assistant)',
  "i'm (?:just |only )?an? (?:ai|language model)",
  'i am (?:just |only )?an? (?:ai|language model)',
  '(?:consult|speak (?:to|with)|see|ask) (?:a|an|your) (?:qualified |licensed |medical |financial |legal )?(?:professional|doctor|physician|lawyer|attorney|expert|specialist)',
  '(?:seek|get) professional',
  "(?:this is not|isn't|not) (?:medical|legal|financial|professional) advice",
  'my (?:knowledge|training) (?:cutoff|data)',
);

export const offers = countPhrases(
  'let me know',
  'feel free to',
  'hope (?:this|that|it) helps',
  "(?:i'm|i am) here to help",
  'happy to help',
  'if you (?:have any|need any|need more|want more|would like more)',
  'would you like me to',
);

export const flattery = countPhrases(
  '(?:great|good|excellent|wonderful|fantastic|brilliant|insightful|thoughtful|interesting|fascinating|amazing) (?:question|point|observation|insight)s?',
  'what an? (?:great|good|excellent|wonderful|fantastic|brilliant|lovely|amazing|thoughtful|interesting)',
  "you(?:'re| are) (?:so |very |really |truly |such )?(?:a )?(?:smart|brilliant|wise|clever|insightful|thoughtful|talented|amazing|wonderful|great)",
  'your (?:great|excellent|wonderful|fantastic|brilliant|insightful|thoughtful|impressive|amazing|keen)',
  '(?:well (?:said|done)|great (?:job|work|idea|choice))',
);

const counting = (name: string, measure: (reply: string) => number, definition: string) =>
  defineProperty({ name, definition, measure: (reply) => measure(reply) });

/** How a reply treats the person who asked. */
export const courtesies = [
  counting('refusals', refusals, "Phrases that refuse, such as I can't or I'm unable."),
  counting('apologies', apologies, 'Words that apologise, such as sorry.'),
  counting('disclaimers', disclaimers, 'Disclaimers, such as As an AI or consult a doctor.'),
  counting('offers', offers, 'Offers of more help, such as let me know or feel free to.'),
  counting('flattery', flattery, 'Praise of the person who asked, such as great question.'),
] as const;
