import type { ChatMessage, ChatModel } from '@feedprint/core';
import type { ChatCall } from './answer-file.ts';
import { parseAnswer } from './parse-answer.ts';

/** A chat model that answers what it answered before, and nothing else. */
export interface RecordedChat {
  readonly chat: ChatModel;
  /** The calls that answered so far, in their order. */
  readonly heard: readonly ChatCall[];
}

/**
 * Answers from a record, without any server: what a labeler is asked again is found by its messages; `undefined` where it is not in the
 * record. An answer that did not fit was followed by a second request, which is found too.
 */
export function createRecordedChat(name: string, calls: readonly ChatCall[]): RecordedChat {
  const known = new Map(calls.map((call) => [keyOf(call.asked), call]));
  const repeated = calls.filter(({ asked }) => asked.length > 2);
  const heard: ChatCall[] = [];
  return {
    heard,
    chat: {
      name,
      complete: (messages, schema) => {
        const first = known.get(keyOf(messages));
        if (!first) return Promise.resolve(undefined);
        heard.push(first);
        const parsed = parseAnswer(first.answer.text, schema);
        if (parsed.ok) return Promise.resolve(parsed.value);
        const again = repeated.find(
          ({ asked }) => keyOf(asked.slice(0, messages.length)) === keyOf(messages),
        );
        if (!again) return Promise.resolve(undefined);
        heard.push(again);
        const second = parseAnswer(again.answer.text, schema);
        return Promise.resolve(second.ok ? second.value : undefined);
      },
    },
  };
}

const keyOf = (messages: readonly ChatMessage[]): string =>
  JSON.stringify(messages.map(({ role, content }) => [role, content]));
