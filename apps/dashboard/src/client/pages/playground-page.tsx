import { useState } from 'react';
import { askRead } from '../api/client.ts';
import { Continue } from '../components/continue.tsx';
import { EditReply } from '../components/edit-reply.tsx';
import { NeedsToken } from '../components/needs-token.tsx';
import { PromptForm } from '../components/prompt-form.tsx';
import { ReadTokens } from '../components/read-tokens.tsx';
import type { PlaygroundPrompt } from '../../api/playground.ts';
import { changeQuery } from '../hooks/use-route.ts';
import { useAction } from '../hooks/use-action.ts';

interface PlaygroundPageProps {
  readonly id: string;
  readonly query: URLSearchParams;
}

/** Characters of a text that fit into an address. */
const LINKED = 1500;

/** Questions to the run's models: a text read by both, continued by both, with features off or steered; a reply edited. */
export function PlaygroundPage({ id, query }: PlaygroundPageProps) {
  const [prompt, setPrompt] = useState<PlaygroundPrompt>({ text: '' });
  const read = useAction((asked: PlaygroundPrompt) => askRead(id, asked));
  const off = query
    .getAll('off')
    .flatMap((list) => list.split(' '))
    .filter((one) => one !== '');
  const setOff = (features: readonly string[]): void => changeQuery({ off: features.join(' ') });
  return (
    <>
      <NeedsToken />
      <PromptForm
        busy={read.busy}
        text={query.get('text') ?? query.get('chat') ?? ''}
        isChat={query.has('chat')}
        onAsk={(asked, text) => {
          // What is asked stands in the address, where it is not too long for one.
          const kept = text.length > LINKED ? '' : text;
          changeQuery('chat' in asked ? { chat: kept, text: '' } : { text: kept, chat: '' });
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
            id={id}
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
