import { useId } from 'react';

interface SearchProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly kind?: 'search' | 'number';
}

/** A field whose name is above it. */
export function Search({ label, value, onChange, kind = 'search' }: SearchProps) {
  const id = useId();
  return (
    <span className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type={kind}
        {...(kind === 'number' && { step: 'any', min: 0, max: 1 })}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    </span>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly choices: readonly string[];
  /** What they are called, where not by themselves. */
  readonly names?: Readonly<Record<string, string>>;
  /** Name of the choice that narrows nothing. */
  readonly none?: string;
  readonly onChange: (value: string) => void;
}

/** One of several. */
export function Choice({ label, value, choices, names = {}, none, onChange }: ChoiceProps) {
  const id = useId();
  return (
    <span className="field">
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => onChange(event.target.value)}>
        {none !== undefined && <option value="">{none}</option>}
        {choices.map((choice) => (
          <option key={choice} value={choice}>
            {names[choice] ?? choice}
          </option>
        ))}
      </select>
    </span>
  );
}
