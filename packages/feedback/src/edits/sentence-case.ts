/** The same text with a capital first letter, where it begins with a letter. */
export const capitalised = (text: string): string =>
  text.replace(/^\p{Ll}/u, (letter) => letter.toUpperCase());

/** The same text with a small first letter, unless it begins with "I" or a word with more capitals. */
export const uncapitalised = (text: string): string =>
  text.replace(/^(?!I\b)\p{Lu}(?=\p{Ll}|\s|['’])/u, (letter) => letter.toLowerCase());

/** Whether a text begins a sentence, not in the middle of one. */
export const beginsSentence = (text: string): boolean => /^\s*["*_(]{0,3}\p{Lu}/u.test(text);

/** Whether a text ends with a sentence, not in the middle of one. */
export const endsSentence = (text: string): boolean => /[.!?…]["'”’)\]*_]{0,3}\s*$/.test(text);
