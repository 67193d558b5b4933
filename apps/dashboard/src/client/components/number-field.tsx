import { useId } from 'react';

interface NumberFieldProps {
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step?: number;
  readonly onChange: (value: number) => void;
}

/** A number within bounds; what is no number leaves it as it is. */
export function NumberField({ label, value, min, max, step = 1, onChange }: NumberFieldProps) {
  const id = useId();
  return (
    <span className="field short-field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="number"
        {...{ value, min, max, step }}
        onChange={({ target: { valueAsNumber: given } }) => {
          if (Number.isFinite(given)) onChange(Math.min(max, Math.max(min, given)));
        }}
      />
    </span>
  );
}
