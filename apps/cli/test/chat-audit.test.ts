import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createRandom } from '@feedprint/core';
import { readParquet } from '@feedprint/pipeline';
import { beforeAll, expect, test } from '@jest/globals';
import { runCli } from './support/run-cli.ts';
import { PATIENCE } from './support/run-program.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

/* The embedded models, given a chat template: conversations go through the audit by it, from the pairs to the fresh replies. */

const demo = fileURLToPath(new URL('../../../packages/demo-models/', import.meta.url));
const root = temporaryFolder();
const END = '<|endoftext|>';
const template =
  "{% for m in messages %}[{{ m['role'] }}] {{ m['content'] }}{{ eos_token }}{% endfor %}{% if add_generation_prompt %}[assistant] {% endif %}";

function chatModel(name: string): string {
  const folder = join(root, name);
  cpSync(join(demo, name), folder, { recursive: true });
  const file = join(folder, 'tokenizer_config.json');
  const config = JSON.parse(readFileSync(file, 'utf8')) as object;
  writeFileSync(file, JSON.stringify({ ...config, chat_template: template }));
  return folder;
}

/** Pairs as UltraFeedback-binarized has them: a text prompt, both whole conversations, two scores. */
function ultraFeedback(count: number): string {
  const random = createRandom(5);
  const of = (words: readonly string[]): string => words[random.integer(words.length)] as string;
  const rows = Array.from({ length: count }, (_, i) => {
    const prompt = `Tell me about ${of(['the food', 'the room', 'the bar', 'the fish'])}${i}.`;
    const reply = (word: string): object[] => [
      { role: 'user', content: prompt },
      {
        role: 'assistant',
        content: `It was ${word} and we were ${of(['happy', 'tired', 'there'])} at ${i}.`,
      },
    ];
    const [chosen, rejected] = [reply(of(['good', 'great'])), reply(of(['bad', 'awful']))];
    return { prompt, chosen, rejected, messages: chosen, score_chosen: 8, score_rejected: 5 };
  });
  const path = join(root, 'pairs.jsonl');
  writeFileSync(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  return path;
}

const out = join(root, 'run');
let said = '';

beforeAll(async () => {
  const ran = await runCli([
    ...['audit', '--base', chatModel('base'), '--tuned', chatModel('tuned-planted')],
    ...['--pairs', ultraFeedback(30), '--fresh-replies', '12', '--quick', '--out', out],
  ]);
  expect(ran.code).toBe(0);
  said = ran.err;
}, PATIENCE);

test('the first pairs are shown as the models see them, by the template', () => {
  expect(said).toContain('as the models see them, by the chat template:');
  expect(said).toMatch(/prompt {4}\[user\] Tell me about .*\.<\|endoftext\|>\[assistant\] \n/);
  expect(said).toMatch(/chosen {4}It was (good|great) and we were .*\.<\|endoftext\|>\n/);
  expect(said).toMatch(/rejected {2}It was (bad|awful) and we were .*\.<\|endoftext\|>\n/);
});

test('fresh replies answer the prompts of the file, without marks of the template', async () => {
  const fresh = await readParquet(join(out, 'tables', 'fresh_replies.parquet'));
  expect(fresh.length).toBe(24);
  for (const { prompt_text: prompt, reply, R } of fresh) {
    expect(prompt).toMatch(/^\n\nHuman: Tell me about the \w+\.\n\nAssistant:$/);
    expect(reply).not.toContain(END);
    expect(reply).not.toContain('[assistant]');
    expect(Number.isFinite(R)).toBe(true);
  }
});
