import { dataRule, quoteData } from '@feedprint/core';
import type { ChatModel } from '@feedprint/core';
import { z } from 'zod';

const answer = z.object({ better: z.enum(['first', 'second']) });

/** Which of two replies to a prompt a chat model calls better by a rubric; undefined without a usable answer. */
export async function chooseReply(
  chat: ChatModel,
  rubric: string,
  { prompt, replies }: { readonly prompt: string; readonly replies: readonly [string, string] },
): Promise<'first' | 'second' | undefined> {
  const asked = prompt === '' ? '' : `Prompt:\n<data>\n${quoteData(prompt)}\n</data>\n\n`;
  const shown = replies.map(
    (reply, i) => `${i === 0 ? 'First' : 'Second'} reply:\n<data>\n${quoteData(reply)}\n</data>`,
  );
  const found = await chat.complete(
    [
      {
        role: 'system',
        content: `You compare two replies. ${dataRule} Compare them by this rubric alone:\n\n${rubric}\n\nAnswer with JSON: {"better": "first" or "second"}`,
      },
      { role: 'user', content: `${asked}${shown.join('\n\n')}` },
    ],
    answer,
  );
  return found?.better;
}
