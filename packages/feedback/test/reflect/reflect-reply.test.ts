import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createScriptedChat } from '@feedprint/core/testing';
import { afterAll, describe, expect, test } from '@jest/globals';
import { readInstructions, reflectReply } from '../../src/index.ts';

const example = { prompt: 'tell me sth about bees', reply: 'they fly' };
const criteria = 'helpful and true';
const first = { criticism: 'vague', prompt: 'What do bees do?', reply: 'They fly and pollinate.' };
const second = { criticism: 'short', reply: 'They pollinate the flowers that they fly to.' };

const reflect = async (
  answers: readonly unknown[],
  changes: Partial<Parameters<typeof reflectReply>[0]> & { readonly rejected?: string } = {},
) => {
  const { chat, prompts } = createScriptedChat(answers);
  const { rejected, ...changed } = changes;
  const options = {
    complete: chat.complete,
    criteria,
    ...(rejected !== undefined && { rejected }),
  };
  return { made: await reflectReply({ ...example, ...changed }, options), prompts };
};

describe('a prompt and its reply', () => {
  test('are criticised and rewritten, the reply from what the first pass wrote', async () => {
    const { made, prompts } = await reflect([first, second]);
    expect(made).toEqual({
      prompt: first.prompt,
      reply: second.reply,
      passes: { instruction: 'rewritten', reply: 'rewritten' },
    });
    expect(prompts).toHaveLength(2);
    for (const prompt of prompts) expect(prompt).toContain(criteria);
    expect(prompts[1]).toContain('"They fly and pollinate."');
    expect(prompts[1]).not.toContain('they fly"');
  });

  test.each([
    ['unusable', undefined],
    ['blank', { ...first, reply: ' \n' }],
    ['blank', { ...first, prompt: '' }],
    ['overlong', { ...first, reply: 'x'.repeat(1100) }],
    ['unchanged', { ...first, prompt: example.prompt }],
  ] as const)(
    'are kept where the first pass is %s, and the second works on them',
    async (outcome, answer) => {
      const { made, prompts } = await reflect([answer, second]);
      expect(made.prompt).toBe(example.prompt);
      expect(made.passes).toEqual({ instruction: outcome, reply: 'rewritten' });
      expect(prompts[1]).toContain('"they fly"');
    },
  );

  test.each([
    ['unusable', { reply: 3 }],
    ['blank', { criticism: '', reply: ' ' }],
    ['rejected', { criticism: '', reply: 'go away' }],
    ['unchanged', { criticism: '', reply: 'they fly' }],
  ] as const)('are kept whole where both passes are %s', async (outcome, answer) => {
    const { made } = await reflect([undefined, answer], { rejected: 'go away' });
    expect(made).toEqual({ ...example, passes: { instruction: 'unusable', reply: outcome } });
  });

  test('of a conversation keep the prompt; one turn loses no marks of a dialogue', async () => {
    const turns = [
      { role: 'user', content: 'hi' },
      { role: 'assistant', content: 'hello' },
      { role: 'user', content: 'and bees?' },
    ];
    const { made, prompts } = await reflect([second], { turns });
    expect(made).toMatchObject({ prompt: example.prompt, passes: { instruction: 'skipped' } });
    expect(prompts).toHaveLength(1);
    const marked = await reflect([first, second], {
      prompt: '\n\nHuman: bees?\n\nAssistant:',
      turns: [{ role: 'user', content: 'bees?' }],
    });
    expect(marked.made.prompt).toBe('\n\nHuman: What do bees do?\n\nAssistant:');
    expect(marked.prompts[0]).toContain('"bees?"');
  });
});

describe('instruction data', () => {
  const folder = mkdtempSync(join(tmpdir(), 'feedprint-instructions-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test('are read by their columns, and rows without a reply are counted', async () => {
    const file = join(folder, 'a.jsonl');
    const rows = [
      { instruction: 'Translate.', input: 'Hund', output: 'dog' },
      { prompt: 'Why?', completion: 'So.' },
      { question: 'Who?', answer: ' ' },
    ];
    writeFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    const { replies, skipped } = await readInstructions(file);
    expect(replies).toEqual([
      { prompt: 'Translate.\n\nHund', reply: 'dog' },
      { prompt: 'Why?', reply: 'So.' },
    ]);
    expect(skipped).toMatchObject([{ reason: 'no prompt with a reply', rows: 1 }]);
    expect((await readInstructions(file, { limit: 1 })).replies).toHaveLength(1);
    writeFileSync(file, '{"text":"x"}\n');
    await expect(readInstructions(file)).rejects.toThrow(/no row holds a prompt with a reply/);
  });
});
