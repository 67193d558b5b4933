import type { ChatModel } from '../contracts/labeling.ts';

export interface ScriptedChat {
  readonly chat: ChatModel;
  /** Text of every prompt so far. */
  readonly prompts: readonly string[];
}

/** A chat model that gives the listed answers in turn, `undefined` for one that does not fit the schema, and keeps the prompts. */
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
