import { dataRule, quoteData } from '@feedprint/core';
import type { ChatMessage, ChatModel, PreferencePair } from '@feedprint/core';
import { z } from 'zod';

/** A property in words, which `judgedProperty` makes measurable. */
export interface DescribedProperty {
  /** In kebab case. */
  readonly name: string;
  readonly definition: string;
}

export interface ProposeOptions {
  readonly chat: ChatModel;
  readonly pairs: readonly PreferencePair[];
  /** Pairs that one request shows. Default 10. */
  readonly pairsPerRequest?: number;
  /** Properties that one request asks for at most. Default 5. */
  readonly perRequest?: number;
}

const answerSchema = z.object({
  properties: z.array(z.object({ name: z.string(), definition: z.string().min(1) })),
});

/**
 * Properties, in a chat model's words, that chosen replies have more or less of than rejected ones; of several with one
 * name, the first. Properties must be tested on pairs other than these. Errors of the chat model (`service-failed`)
 * pass through; answers that cannot be used are left out.
 */
export async function proposeProperties({
  chat,
  pairs,
  pairsPerRequest = 10,
  perRequest = 5,
}: ProposeOptions): Promise<DescribedProperty[]> {
  const proposed = new Map<string, DescribedProperty>();
  for (let from = 0; from < pairs.length; from += pairsPerRequest) {
    const shown = pairs.slice(from, from + pairsPerRequest);
    const answer = await chat.complete(proposeMessages(shown, perRequest), answerSchema);
    for (const { name, definition } of answer?.properties.slice(0, perRequest) ?? []) {
      const key = toKebabCase(name);
      if (/^[a-z]/.test(key) && !proposed.has(key)) proposed.set(key, { name: key, definition });
    }
  }
  return [...proposed.values()];
}

const toKebabCase = (name: string): string =>
  (name.toLowerCase().match(/[a-z0-9]+/g) ?? []).join('-');

function proposeMessages(pairs: readonly PreferencePair[], most: number): ChatMessage[] {
  const shown = pairs.map(
    ({ prompt, chosen, rejected }, i) =>
      `pair ${i + 1}:\nprompt: ${quoteData(prompt)}\nchosen: ${quoteData(chosen)}\nrejected: ${quoteData(rejected)}`,
  );
  return [
    {
      role: 'system',
      content: `You find out what people reward. You see pairs of replies to a prompt, of which people chose one. ${dataRule} Name properties that one can tell from a single reply and that chosen replies have more often than rejected ones, or less often: of content, style or form. Be specific. Answer with JSON: {"properties": [at most ${most} of {"name": "two-or-three-words", "definition": "one sentence that says what a reply with the property has"}]}`,
    },
    { role: 'user', content: `<data>\n${shown.join('\n\n')}\n</data>` },
  ];
}
