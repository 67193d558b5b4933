import type { Sheet } from './sheet.ts';

/** A sheet as CSV, a row per question, with an empty column `answer` for a letter. No cell has a line break. */
export function sheetCsv({ questions }: Sheet): string {
  const count = Math.max(0, ...questions.map(({ texts }) => texts.length));
  const letters = questions[0]?.choices.map(({ letter }) => letter) ?? [];
  const head = [
    'question',
    ...Array.from({ length: count }, (_, i) => `text ${i + 1}`),
    ...letters,
    'answer',
  ];
  const rows = questions.map(({ question, texts, choices }) => [
    `${question}`,
    ...Array.from({ length: count }, (_, i) => texts[i] ?? ''),
    ...choices.map(({ text }) => text),
    '',
  ]);
  return [head, ...rows].map((cells) => `${cells.map(toCell).join(',')}\n`).join('');
}

/** Quoted; what a spreadsheet would take for a formula begins with an apostrophe. */
function toCell(text: string): string {
  const line = text.replaceAll(/\r\n|[\r\n\u2028\u2029]/g, ' ⏎ ');
  const safe = /^\s*[=+\-@\t]/.test(line) ? `'${line}` : line;
  return `"${safe.replaceAll('"', '""')}"`;
}
