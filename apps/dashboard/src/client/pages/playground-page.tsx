import { useState } from 'react';
import { askRead } from '../api/client.ts';
import { keepToken, readToken } from '../api/token.ts';
import { Continue } from '../components/continue.tsx';
import { EditReply } from '../components/edit-reply.tsx';
import { PromptForm } from '../components/prompt-form.tsx';
import { ReadTokens } from '../components/read-tokens.tsx';
import { Search } from '../components/fields.tsx';
import type { PlaygroundPrompt } from '../../api/playground.ts';
import { changeQuery } from '../hooks/use-route.ts';
import { useAction } from '../hooks/use-action.ts';

interface PlaygroundPageProps {
  readonly id: string;
  readonly query: URLSearchParams;
}

/** Questions to the run's models: a text read by both, continued by both, with features off or steered; a reply edited. */
export function PlaygroundPage({ id, query }: PlaygroundPageProps) {
  const [prompt, setPrompt] = useState<PlaygroundPrompt>({ text: '' });
  const [token, setToken] = useState(readToken() ?? '');
  const read = useAction((asked: PlaygroundPrompt) => askRead(id, asked));
  const off = query
    .getAll('off')
    .flatMap((list) => list.split(' '))
    .filter((one) => one !== '');
  const setOff = (features: readonly string[]): void => changeQuery({ off: features.join(' ') });
  return (
    <>
      {readToken() === null && (
        <div className="message">
          <p>
            Asking models needs the token in the address that was printed when the dashboard
            started.
          </p>
          <Search
            label="Token"
            value={token}
            onChange={(value) => {
              setToken(value);
              keepToken(value);
            }}
          />
        </div>
      )}
      <PromptForm
        busy={read.busy}
        onAsk={(asked) => {
          setPrompt(asked);
          read.run(asked);
        }}
      />
      {read.problem !== undefined && (
        <p className="problem" role="alert">
          {read.problem}
        </p>
      )}
      {read.busy && (
        <p className="soft" role="status">
          Reading; the first time, the models are loaded…
        </p>
      )}
      {read.value && (
        <>
          <ReadTokens
            answer={read.value}
            off={off}
            onToggle={(feature) =>
              setOff(
                off.includes(feature) ? off.filter((one) => one !== feature) : [...off, feature],
              )
            }
          />
          <Continue
            id={id}
            prompt={prompt}
            off={off}
            onOff={setOff}
            canSteer={read.value.canSteer}
          />
        </>
      )}
      <EditReply id={id} />
    </>
  );
}
