import { createScriptedChat } from '@feedprint/core/testing';
import { expect, test } from '@jest/globals';
import { createModelLabeler } from '../src/index.ts';
import { plantedDictionary } from './evidence/planted-dictionary.ts';

const [feature] = plantedDictionary({ features: 2, texts: 300 });
const evidence = (feature as NonNullable<typeof feature>).evidence;
const selected = evidence.selection?.active.length ?? 0;
const all = selected + (evidence.selection?.silent.length ?? 0);
const first = { explanation: 'rough' };
const rewritten = { criticism: 'too broad', explanation: ' a better\n one ' };
const everything = { active: Array.from({ length: all }, (_, i) => i + 1) };

test('an explanation that does better on windows for selecting takes the place of the first', async () => {
  // The first is said to fit everything, which is chance; the second one text, which is more than chance if it is active.
  const windowsOf = (prompt: string) => [...prompt.matchAll(/^(\d+)\. (".*")$/gm)];
  const word = feature?.words[0]?.trim() ?? '';
  let asked = 0;
  const chat = {
    name: 'reflecting',
    complete: async <T>(
      messages: readonly { content: string }[],
      schema: { safeParse(value: unknown): { success: boolean; data?: T } },
    ): Promise<T | undefined> => {
      asked++;
      const [system = '', user = ''] = messages.map(({ content }) => content);
      const answer = system.includes('"criticism"')
        ? rewritten
        : system.includes('"explanation"')
          ? first
          : user.includes('a better one')
            ? {
                active: windowsOf(user).flatMap(([, n, text]) =>
                  text?.includes(word) ? [Number(n)] : [],
                ),
              }
            : everything;
      return schema.safeParse(answer).data;
    },
  };
  const labeler = createModelLabeler({ chat: chat as never, reflect: true });
  expect(await labeler.explain(evidence)).toBe('a better one');
  expect(asked).toBe(4);
  expect(labeler.settings).toEqual({ prompts: 2, reflect: true });
});

test.each<[string, unknown[]]>([
  ['does no better', [first, rewritten, everything, everything]],
  ['is no usable answer', [first, 'hm', 'hm']],
  ['cannot be scored', [first, rewritten, everything, 'hm']],
])('the first explanation stays where the other %s', async (_, answers) => {
  const { chat, prompts } = createScriptedChat(answers);
  expect(await createModelLabeler({ chat, reflect: true }).explain(evidence)).toBe('rough');
  // What scores in the end is shown to nobody here.
  const held = evidence.heldOutActive.map(({ tokens }) => tokens.join(''));
  for (const text of held) expect(prompts.join()).not.toContain(text);
});
