import { createHash } from 'node:crypto';
import type { ChatMessage, ChatModel } from '@feedprint/core';
import { z } from 'zod';

/** Keeps answers by key: `undefined` for what was never asked, `null` for an answer that could not be used. A `Map` is one. */
export interface AnswerStore {
  get(key: string): unknown;
  set(key: string, answer: unknown): unknown;
}

/**
 * A chat model that never asks the same thing twice: equal messages with an equal schema get the first answer, even an
 * unusable one, and even while that request is still under way. Failed requests are not kept.
 */
export function createCachedChat(chat: ChatModel, store: AnswerStore = new Map()): ChatModel {
  const underWay = new Map<string, Promise<unknown>>();

  async function ask<T>(
    key: string,
    messages: readonly ChatMessage[],
    schema: z.ZodType<T>,
  ): Promise<unknown> {
    const answer = (await chat.complete(messages, schema)) ?? null;
    store.set(key, answer);
    return answer;
  }

  return {
    name: chat.name,
    complete: async (messages, schema) => {
      const key = keyOf(chat.name, messages, schema);
      let answer = store.get(key);
      if (answer === undefined) {
        const asked = underWay.get(key) ?? ask(key, messages, schema);
        underWay.set(key, asked);
        answer = await asked.finally(() => underWay.delete(key));
      }
      return answer === null ? undefined : schema.parse(answer);
    },
  };
}

const keyOf = (name: string, messages: readonly ChatMessage[], schema: z.ZodType): string =>
  createHash('sha256')
    .update(JSON.stringify([name, messages, z.toJSONSchema(schema, { unrepresentable: 'any' })]))
    .digest('hex');
