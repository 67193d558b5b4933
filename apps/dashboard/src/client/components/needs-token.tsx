import { useState } from 'react';
import { keepToken, readToken } from '../api/token.ts';
import { Search } from './fields.tsx';

/** Asks for the token where this tab has none. */
export function NeedsToken() {
  const [isMissing] = useState(() => readToken() === null);
  const [token, setToken] = useState('');
  if (!isMissing) return null;
  return (
    <div className="message">
      <p>
        Asking models needs the token in the address that was printed when the dashboard started.
      </p>
      <Search
        label="Token"
        value={token}
        onChange={(value) => {
          setToken(value);
          keepToken(value);
        }}
      />
    </div>
  );
}
