export interface Completion {
  readonly text: string;
  readonly ids: readonly number[];
}

/** A prompt and how it was continued. */
export interface Continued {
  readonly prompt: string;
  readonly completions: readonly Completion[];
  /** What the model writes without the edits, from the same random numbers; absent without edits. */
  readonly unedited?: readonly Completion[];
}

/** Each continuation after its prompt, with a number if there are several, below the one without the edits; an empty line between. */
export const formatContinued = (continued: readonly Continued[]): string =>
  continued
    .flatMap(({ prompt, completions, unedited }) =>
      completions.map(({ text }, i) => {
        const number = completions.length > 1 ? `[${i + 1}] ` : '';
        const before = unedited?.[i];
        return before
          ? `${number}as it is: ${prompt}${before.text}\n${number}edited:   ${prompt}${text}\n`
          : `${number}${prompt}${text}\n`;
      }),
    )
    .join('\n');
