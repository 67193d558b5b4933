import { z } from 'zod';
import type { ChapterReport } from '../../chapter.ts';

const heatText = z.strictObject({
  text: z.int().describe('Index of the text.'),
  tokens: z.array(z.string()),
  logRatio: z.array(z.number()).describe('log p_tuned / p_base of each token, nats.'),
  stated: z.array(z.number().nullable()).describe('Stated feedback of each token.'),
  flagged: z.array(z.int()).describe('Positions of flagged words.'),
});

export const shape = { heatTexts: z.array(heatText) };

export type Report = ChapterReport<typeof shape>;
