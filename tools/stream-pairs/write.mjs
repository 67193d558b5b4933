// Writes pairs in the shape of UltraFeedback-binarized, as JSON Lines (gzip) and as Parquet:
//   node tools/stream-pairs/write.mjs FOLDER [PAIRS]
import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { createRandom } from '@feedprint/core';
import { query } from '@feedprint/pipeline';

const [folder, pairs = '100000'] = process.argv.slice(2);
const random = createRandom(14).fork('pairs');
const words = Array.from({ length: 4000 }, () =>
  Array.from({ length: 2 + random.integer(8) }, () =>
    String.fromCharCode(97 + random.integer(26)),
  ).join(''),
);
const text = (most) =>
  Array.from(
    { length: 1 + random.integer(most) },
    () => words[random.integer(words.length)] + (random.integer(12) === 0 ? '.\n\n- **so**' : ''),
  ).join(' ');
/** Means of about 700 and 1,300 characters, as in the data set. */
const prompts = Array.from({ length: 1000 }, () => text(220));
const replies = Array.from({ length: 5000 }, () => text(400));

function* rows() {
  for (let i = 0; i < Number(pairs); i++) {
    const prompt = `${i} ${prompts[random.integer(prompts.length)]}`;
    const [chosen, rejected] = ['chosen', 'rejected'].map(() => [
      { role: 'user', content: prompt },
      { role: 'assistant', content: replies[random.integer(replies.length)] },
    ]);
    const [low, high] = [random.next(), random.next()].sort();
    const scores = { score_chosen: 10 * high, score_rejected: 10 * low };
    yield `${JSON.stringify({ prompt, prompt_id: `${i}`, chosen, rejected, messages: chosen, ...scores })}\n`;
  }
}

mkdirSync(folder, { recursive: true });
const lines = join(folder, 'pairs.jsonl.gz');
await pipeline(Readable.from(rows()), createGzip({ level: 1 }), createWriteStream(lines));
await query({
  tables: {},
  sql: `COPY (SELECT * FROM read_json('${lines}', format = 'newline_delimited'))
    TO '${join(folder, 'pairs.parquet')}' (FORMAT parquet, ROW_GROUP_SIZE 10000)`,
});
