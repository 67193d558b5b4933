import type { Audit } from '../../api/audit.ts';
import { CopyButton } from './copy-button.tsx';
import { CommandText } from './command-text.tsx';
import { Text } from './text.tsx';

/** What the answer rests on, what could not be seen, what to do next. */
export function AnswerList({ answer }: { readonly answer: Audit['answer'] }) {
  return (
    <dl className="answer">
      <Lines name="It rests on" texts={answer.restsOn} />
      <Lines name="Not visible" texts={answer.notVisible} />
      <div>
        <dt>Do next</dt>
        {answer.next.map(({ what, command }) => (
          <dd key={command}>
            <Text>{what}</Text>
            <span className="command">
              <CommandText command={command} />
              <CopyButton text={command} />
            </span>
          </dd>
        ))}
      </div>
    </dl>
  );
}

function Lines({ name, texts }: { readonly name: string; readonly texts: readonly string[] }) {
  if (texts.length === 0) return null;
  return (
    <div>
      <dt>{name}</dt>
      {texts.map((text) => (
        <dd key={text}>
          <Text>{text}</Text>
        </dd>
      ))}
    </div>
  );
}
