interface BarProps {
  /** 0 to 1, or `null` while work goes on without a known end. */
  readonly fraction: number | null;
  readonly label: string;
  readonly tone?: 'running' | 'done' | 'quiet';
}

/** A progress bar. */
export function Bar({ fraction, label, tone = 'running' }: BarProps) {
  const percent = fraction === null ? undefined : Math.round(fraction * 100);
  return (
    <div
      className={`bar ${tone} ${fraction === null ? 'unknown' : ''}`}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
    >
      <div style={{ transform: `scaleX(${fraction ?? 1})` }} />
    </div>
  );
}
