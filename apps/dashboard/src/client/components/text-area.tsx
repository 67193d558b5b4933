import { useId } from 'react';

interface TextAreaProps {
  readonly label: string;
  readonly value: string;
  readonly rows?: number;
  readonly onChange: (value: string) => void;
}

/** A field for a longer text. */
export function TextArea({ label, value, rows = 3, onChange }: TextAreaProps) {
  const id = useId();
  return (
    <span className="field wide-field">
      <label htmlFor={id}>{label}</label>
      <textarea
        id={id}
        rows={rows}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    </span>
  );
}
