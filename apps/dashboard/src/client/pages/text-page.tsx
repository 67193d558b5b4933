import type { ReadText } from '../../api/texts.ts';
import { fetchText, hasPart } from '../api/client.ts';
import { snapshot } from '../api/snapshot.ts';
import { HeatText } from '../components/heat-text.tsx';
import { Resource } from '../components/resource.tsx';
import { count, significant } from '../format.ts';
import { follow, runPath } from '../hooks/use-route.ts';
import { useResource } from '../hooks/use-resource.ts';

/** Characters of a text that fit into an address. */
const LINKED = 1500;

/** One text with the shift of every token, and what was stated of them. */
export function TextPage({ id, text }: { readonly id: string; readonly text: number }) {
  const read = useResource(`${id} ${text}`, fetchText(id, text));
  return (
    <>
      <p className="small links">
        <a href={runPath(id, 'texts')} onClick={follow}>
          All texts
        </a>
        {text > 0 && hasPart(id, `/texts/${text - 1}`) && (
          <a href={runPath(id, 'texts', `${text - 1}`)} onClick={follow}>
            Previous
          </a>
        )}
        {hasPart(id, `/texts/${text + 1}`) && (
          <a href={runPath(id, 'texts', `${text + 1}`)} onClick={follow}>
            Next
          </a>
        )}
      </p>
      <h2>Text {text}</h2>
      <Resource of={read} what="the text">
        {(found) => <Shown id={id} read={found} />}
      </Resource>
    </>
  );
}

function Shown({
  id,
  read: { tokens, shifts, stated },
}: {
  readonly id: string;
  readonly read: ReadText;
}) {
  const known = shifts.filter((shift) => shift !== null);
  const mean = known.reduce((sum, shift) => sum + shift, 0) / Math.max(1, known.length);
  const most = known.reduce((far, shift) => Math.max(far, Math.abs(shift)), 0.01);
  const isStated = stated.some((value) => value !== null);
  const asked = new URLSearchParams({ text: tokens.join('').slice(0, LINKED) });
  return (
    <>
      <p className="soft small">
        {count(tokens.length)} tokens; tuning moved them by {significant(mean)} nats on average.
        Red: made more probable; blue: less. Shaded by log p(tuned) − log p(base);{' '}
        {significant(most)} nats most.
      </p>
      <HeatText
        tokens={tokens}
        values={shifts}
        most={most}
        titleOf={(t) => `shift ${written(shifts[t])}; stated ${written(stated[t])}`}
      />
      {isStated && (
        <>
          <h3>Stated feedback</h3>
          <HeatText
            tokens={tokens}
            values={stated}
            most={stated.reduce<number>((far, value) => Math.max(far, Math.abs(value ?? 0)), 0.01)}
            titleOf={(t) => written(stated[t])}
          />
        </>
      )}
      {!snapshot && (
        <p className="small">
          <a href={`${runPath(id, 'playground')}?${asked}`} onClick={follow}>
            Read it in the playground
          </a>
        </p>
      )}
    </>
  );
}

const written = (value: number | null | undefined): string =>
  value === null || value === undefined ? '–' : significant(value);
