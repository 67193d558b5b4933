import type { ReactNode } from 'react';

interface MessageProps {
  readonly title: string;
  readonly tone?: 'plain' | 'alert';
  readonly children?: ReactNode;
}

/** A state in words: nothing there yet, something failed. */
export function Message({ title, tone = 'plain', children }: MessageProps) {
  return (
    <div className={`message ${tone}`} role={tone === 'alert' ? 'alert' : 'status'}>
      <strong>{title}</strong>
      {children}
    </div>
  );
}

/** While the first answer is on its way. */
export function Loading({ what }: { readonly what: string }) {
  return (
    <p className="loading soft" role="status">
      Loading {what}…
    </p>
  );
}
