import { moment } from '../format.ts';
import { Text } from './text.tsx';

interface CopyNoteProps {
  readonly run: string;
  readonly at: string;
  readonly leftOut: readonly string[];
}

/** What a static copy is of, and what it leaves out. */
export const CopyNote = ({ run, at, leftOut }: CopyNoteProps) => (
  <footer className="copy-note soft small">
    <details className="fold">
      <summary>
        A copy of <Text>{run}</Text> as it was on {moment(at)}, and what it leaves out
      </summary>
      <ul>
        {leftOut.map((one) => (
          <li key={one}>
            <Text>{one}</Text>
          </li>
        ))}
      </ul>
      <p>
        All of it is in the dashboard: <code>feedprint dashboard</code> on the folder of the runs.
      </p>
    </details>
  </footer>
);
