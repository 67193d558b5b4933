import { useState } from 'react';
import { askEdits } from '../api/client.ts';
import type { EditAnswer } from '../../api/playground.ts';
import { significant, spaced } from '../format.ts';
import { useAction } from '../hooks/use-action.ts';
import { Text } from './text.tsx';
import { TextArea } from './text-area.tsx';

/** A reply edited in one property at a time, with what becomes of R. */
export function EditReply({ id }: { readonly id: string }) {
  const [prompt, setPrompt] = useState('');
  const [reply, setReply] = useState('');
  const edited = useAction(() => askEdits(id, { prompt, reply }));
  return (
    <section aria-labelledby="edit">
      <h2 id="edit">Edit a reply and see R move</h2>
      <p className="soft small">
        R = log p(tuned) − log p(base) of the reply after the prompt, nats.
      </p>
      <form
        className="ask"
        onSubmit={(event) => {
          event.preventDefault();
          edited.run();
        }}
      >
        <TextArea label="Prompt" rows={2} value={prompt} onChange={setPrompt} />
        <TextArea label="Reply" value={reply} onChange={setReply} />
        <button type="submit" aria-busy={edited.busy} disabled={reply.trim() === ''}>
          Edit it
        </button>
      </form>
      {edited.problem !== undefined && (
        <p className="problem" role="alert">
          {edited.problem}
        </p>
      )}
      {edited.value && <Edits answer={edited.value} />}
    </section>
  );
}

function Edits({ answer: { written, edits } }: { readonly answer: EditAnswer }) {
  return (
    <>
      <p>
        As written, R is <b>{written.R === null ? 'not defined' : significant(written.R)}</b>.
      </p>
      {edits.length === 0 && <p className="soft">No edit finds anything to change in it.</p>}
      <ul className="edits">
        {edits.map((one) => (
          <li key={one.edit}>
            <b className="number">
              {one.R === null || written.R === null ? '–' : signed(one.R - written.R)}
            </b>
            <span>
              <Text>{spaced(one.property)}</Text> {signed(one.change)} ·{' '}
              <span className="soft">{one.definition}</span>
              <br />
              <Text>{one.reply}</Text>
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

const signed = (value: number): string => `${value > 0 ? '+' : ''}${significant(value)}`;
