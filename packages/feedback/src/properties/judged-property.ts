import { dataRule, limitConcurrency } from '@feedprint/core';
import type { ChatMessage, ChatModel, Property, Reply } from '@feedprint/core';
import { z } from 'zod';
import { quoteReply } from '../quote-reply.ts';
import { checkPropertyName } from './define-property.ts';

export interface JudgedPropertyOptions {
  readonly chat: ChatModel;
  /** In kebab case. */
  readonly name: string;
  /** What a reply has that has the property, in one plain sentence, which the judge decides by. */
  readonly definition: string;
  /** Requests under way at the same time. Default 4. */
  readonly concurrency?: number;
}

const answerSchema = z.object({ present: z.boolean().nullable() });

/**
 * Whether a chat model says that a reply has a property, 1 or 0; NaN where it cannot tell or its answer cannot be used.
 * It sees one reply and its prompt, and neither which of two was chosen nor any other reply.
 *
 * Throws `config-invalid` for a name that is not in kebab case; errors of the chat model (`service-failed`) pass
 * through.
 */
export function judgedProperty({
  chat,
  name,
  definition,
  concurrency = 4,
}: JudgedPropertyOptions): Property {
  checkPropertyName(name);
  const limit = limitConcurrency(concurrency);
  const judge = async (reply: Reply): Promise<number> => {
    const answer = await limit(() => chat.complete(judgeMessages(reply, definition), answerSchema));
    return typeof answer?.present === 'boolean' ? Number(answer.present) : NaN;
  };
  return {
    name,
    definition,
    source: 'judge',
    settings: { judge: chat.name, definition },
    measure: async (replies) => Float64Array.from(await Promise.all(replies.map(judge))),
  };
}

const judgeMessages = (reply: Reply, definition: string): ChatMessage[] => [
  {
    role: 'system',
    content: `You decide whether a reply has a property. ${dataRule} The property, which is all that counts:\n\n${definition}\n\nAnswer with JSON: {"present": true, false, or null if it cannot be told}`,
  },
  { role: 'user', content: quoteReply(reply) },
];
