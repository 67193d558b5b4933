import { memo } from 'react';
import type { RunState } from '../../api/run-state.ts';
import { Text } from './text.tsx';

/** What the stages found, latest last. */
export function Findings({ findings }: { readonly findings: RunState['findings'] }) {
  if (findings.length === 0) return null;
  return (
    <section aria-labelledby="findings">
      <h2 id="findings">Findings</h2>
      <ul className="findings">
        {findings.map((finding, i) => (
          <Finding key={i} {...finding} />
        ))}
      </ul>
    </section>
  );
}

/** One that is shown is not drawn again when others arrive. */
const Finding = memo(function Finding({ stage, text }: RunState['findings'][number]) {
  return (
    <li>
      <Text>{text}</Text>{' '}
      <span className="soft small">
        <Text>{stage}</Text>
      </span>
    </li>
  );
});
