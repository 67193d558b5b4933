import { useState } from 'react';
import type { PlaygroundPrompt } from '../../api/playground.ts';
import { TextArea } from './text-area.tsx';

interface PromptFormProps {
  readonly busy: boolean;
  /** What it opens with. */
  readonly text?: string;
  readonly isChat?: boolean;
  /** Told what is asked, and how it was typed. */
  readonly onAsk: (prompt: PlaygroundPrompt, text: string) => void;
}

/** Asks for a text, or for what a user says in a chat. */
export function PromptForm({ busy, onAsk, ...given }: PromptFormProps) {
  const [text, setText] = useState(given.text ?? '');
  const [isChat, setIsChat] = useState(given.isChat ?? false);
  return (
    <form
      className="ask"
      onSubmit={(event) => {
        event.preventDefault();
        onAsk(isChat ? { chat: turnsOf(text) } : { text }, text);
      }}
    >
      <TextArea
        label={isChat ? 'Chat: a line a turn, “user:” or “assistant:” before it' : 'Text'}
        value={text}
        onChange={setText}
      />
      <span className="controls">
        <button type="submit" aria-busy={busy} disabled={text.trim() === ''}>
          Read
        </button>
        <label>
          <input
            type="checkbox"
            checked={isChat}
            onChange={(event) => setIsChat(event.target.checked)}
          />{' '}
          as a chat
        </label>
      </span>
    </form>
  );
}

type ChatTurns = Extract<PlaygroundPrompt, { readonly chat: unknown }>['chat'];

const speaker = /^(system|user|assistant):\s*/i;

/** Turns of a chat as it is typed; a line without a speaker goes on with the turn before it, or is what the user says. */
export function turnsOf(text: string): ChatTurns {
  const turns: { role: 'system' | 'user' | 'assistant'; content: string }[] = [];
  for (const each of text.split('\n')) {
    const role = speaker.exec(each)?.[1]?.toLowerCase();
    const last = turns.at(-1);
    if (role === 'system' || role === 'user' || role === 'assistant') {
      turns.push({ role, content: each.replace(speaker, '') });
    } else if (last) last.content += `\n${each}`;
    else turns.push({ role: 'user', content: each });
  }
  return turns;
}
