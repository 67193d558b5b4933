import type { Curve } from '../../api/run-state.ts';
import { frameOf, pathOf } from '../plot.ts';

/** A curve as small as a word. */
export function Sparkline({ curve }: { readonly curve: Curve }) {
  const frame = frameOf([curve], { left: 2, right: 86, top: 3, bottom: 19 });
  const [step, value] = curve.last;
  return (
    <svg className="spark" viewBox="0 0 90 22" width="90" height="22" aria-hidden="true">
      <path d={pathOf(curve, frame)} />
      <circle cx={frame.x(step)} cy={frame.y(value)} r="2" />
    </svg>
  );
}
