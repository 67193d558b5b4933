import { FeedprintError } from '@feedprint/core';
import type { Property, PropertyWords } from '@feedprint/core';

export interface PropertyDefinition {
  /** In kebab case. */
  readonly name: string;
  /** What is counted, in one plain sentence. */
  readonly definition: string;
  /** See `Property`. */
  readonly inWords?: PropertyWords;
  /** The property of one reply: finite, or NaN where nothing can be said. It must depend on its arguments alone. */
  readonly measure: (reply: string, prompt: string) => number;
  /** What distinguishes the results of this `measure` from those of another under the same name. Default: nothing. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

/**
 * Any function on the characters of a reply as a property.
 *
 * Throws `config-invalid` for a name that is not in kebab case; `measure` throws `numbers-invalid` if the function
 * returns infinity.
 */
export function defineProperty({
  name,
  definition,
  inWords,
  measure,
  settings = {},
}: PropertyDefinition): Property {
  checkPropertyName(name);
  return {
    name,
    definition,
    source: 'text',
    ...(inWords && { inWords }),
    settings,
    measure: async (replies) =>
      Float64Array.from(replies, ({ reply, prompt }) => {
        const value = measure(reply, prompt);
        if (Math.abs(value) !== Infinity) return value;
        throw new FeedprintError({
          code: 'numbers-invalid',
          message: `the property ${name} measures ${JSON.stringify(reply.slice(0, 60))} as ${value}`,
          remedy: 'return a finite number, or NaN where nothing can be said',
        });
      }),
  };
}

const kebabCase = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;

/** Throws `config-invalid` for a name that is not in kebab case. */
export function checkPropertyName(name: string): void {
  if (kebabCase.test(name)) return;
  throw new FeedprintError({
    code: 'config-invalid',
    message: `a property is called ${JSON.stringify(name)}`,
    remedy: 'use lower-case words joined by hyphens, such as first-person',
  });
}
