import type { ChatModel } from '../contracts/labeling.ts';

export interface ScriptedChat {
  readonly chat: ChatModel;
  /** Text of every prompt so far. */
  readonly prompts: readonly string[];
}

/**
 * A chat model that gives the listed answers in turn, `undefined` in place of one that does not fit the schema, and
 * keeps the prompts.
 */
export function createScriptedChat(answers: readonly unknown[]): ScriptedChat {
  const prompts: string[] = [];
  let next = 0;
  const chat: ChatModel = {
    name: 'scripted',
    complete: async (messages, schema) => {
      prompts.push(messages.map(({ content }) => content).join('\n'));
      const result = schema.safeParse(answers[next++ % answers.length]);
      return result.success ? result.data : undefined;
    },
  };
  return { chat, prompts };
}

/**
 * A chat model that always gives the same answer after a moment, and records how many requests were under way at most.
 */
export function createSlowChat(answer: unknown): { readonly chat: ChatModel; most(): number } {
  let running = 0;
  let most = 0;
  const chat: ChatModel = {
    name: 'slow',
    complete: async (_messages, schema) => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 5));
      running--;
      return schema.parse(answer);
    },
  };
  return { chat, most: () => most };
}
