import type { ChapterAnswer } from '../../chapter.ts';
import { bracketed, fixed } from '../../format.ts';
import { listed } from '../../text.ts';
import { controlsThat } from './comparisons.ts';
import type { Report } from './schema.ts';

/** Whether what cannot reflect learning agrees with the feedback as well. */
export function answer({ agreement }: Report): ChapterAnswer {
  const { tauB, controls } = agreement;
  const matched = controlsThat(true, controls);
  if (tauB.value === null || controls.length === 0) return {};
  const order = `what was learned puts words in the order of the feedback (τ ${fixed(tauB.value)} ${bracketed(tauB.interval)})`;
  return {
    restsOn: [
      {
        importance: 90,
        text:
          matched.length > 0
            ? `${order}, but so does ${listed(matched)}: this need not be learned`
            : `${order}; no control does: ${listed(controlsThat(false, controls))}`,
      },
    ],
  };
}
