import { Text } from './text.tsx';

/** A command line that breaks between its words, not at the dashes of a flag. */
export const CommandText = ({ command }: { readonly command: string }) => (
  <code className="command-words">
    {command.split(' ').map((word, i) => (
      <span key={i}>
        <Text>{word}</Text>{' '}
      </span>
    ))}
  </code>
);
