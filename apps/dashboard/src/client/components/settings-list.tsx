import { Text } from './text.tsx';

/** The settings of a run, folded. */
export function SettingsList({
  settings,
}: {
  readonly settings: Readonly<Record<string, unknown>>;
}) {
  const entries = Object.entries(settings);
  if (entries.length === 0) return null;
  return (
    <details className="fold">
      <summary>Settings</summary>
      <dl className="pairs small">
        {entries.map(([name, value]) => (
          <div key={name}>
            <dt>
              <Text>{name}</Text>
            </dt>
            <dd>
              <Text>{typeof value === 'string' ? value : JSON.stringify(value)}</Text>
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
