import type { SeenRequest } from '@feedprint/core/testing';

/**
 * A stand-in for a capable chat model, which knows nothing but the prompt: it explains by the most active tokens, and calls
 * a text active if it holds a word that the description quotes.
 */
export function sensibleAnswer({ body }: SeenRequest): string {
  const system = body.messages[0]?.content ?? '';
  const user = body.messages.findLast((message) => message.role === 'user')?.content ?? '';
  if (system.includes('"explanation"')) return explain(user);
  if (system.includes('"active"')) return detect(user);
  const description = dataBlocks(user)[0] ?? '""';
  const sentiment = /boring|dull|lovely/.test(description);
  return JSON.stringify({ answer: sentiment ? 'yes' : 'no', confidence: 0.9 });
}

function dataBlocks(text: string): string[] {
  return [...text.matchAll(/<data>\n([\s\S]*?)\n<\/data>/g)].map((match) => match[1] as string);
}

function explain(user: string): string {
  const levels = new Map<string, number>();
  for (const line of (dataBlocks(user)[0] ?? '').split('\n')) {
    const match = /^(".*")\t(\d+)$/.exec(line);
    if (!match) continue;
    const token = JSON.parse(match[1] as string) as string;
    levels.set(token, (levels.get(token) ?? 0) + Number(match[2]));
  }
  for (const [, quoted, level] of user.matchAll(/\(("(?:[^"\\]|\\.)*") : (\d+)\)/g)) {
    const token = JSON.parse(quoted as string) as string;
    levels.set(token, (levels.get(token) ?? 0) + Number(level));
  }
  const [best] = [...levels].sort((a, b) => b[1] - a[1]);
  return JSON.stringify({ explanation: `the word "${best?.[0].trim()}"` });
}

function detect(user: string): string {
  const [description, texts] = dataBlocks(user);
  const words = [...(JSON.parse(description as string) as string).matchAll(/"([^"]+)"/g)].map(
    (match) => match[1] as string,
  );
  const active = (texts as string).split('\n').flatMap((line) => {
    const match = /^(\d+)\. (".*")$/.exec(line);
    if (!match) return [];
    const text = JSON.parse(match[2] as string) as string;
    const marks = [...text.matchAll(/⟦(.*?)⟧/gs)].map(([, marked]) => marked as string);
    const shown = user.includes('⟦') ? marks.join(' ') : text;
    return words.some((word) => shown.includes(word)) ? [Number(match[1])] : [];
  });
  return JSON.stringify({ active });
}
