import type { ActivationExample } from '@feedprint/core';
import { firstTokens } from '../firing-sentence.ts';
import type { FiringSentence, FiringToken } from '../firing-sentence.ts';

/** Shares of the mass from which a token before, or the first tokens, are worth saying. */
const [leastAfter, leastFirst] = [0.5, 0.8];
/** Windows that are enough to say it. */
const leastWindows = 4;

/** Where a feature fires: behind which token, and whether among a window's first tokens; empty where there is nothing to say. */
export function surroundings(
  windows: readonly ActivationExample[],
  contrast: readonly ActivationExample[] = [],
): Pick<FiringSentence, 'after' | 'first'> {
  if (windows.length < leastWindows) return {};
  const active = windows.flatMap(({ tokens, activations }) =>
    activations.flatMap((mass, at) => (mass > 0 ? [{ before: tokens[at - 1], at, mass }] : [])),
  );
  const after = mostlyAfter(active, [...windows, ...contrast]);
  const total = active.reduce((sum, { mass }) => sum + mass, 0);
  const early = active.reduce((sum, { at, mass }) => sum + (at < firstTokens ? mass : 0), 0);
  const isEarly = total > 0 && early / total >= leastFirst;
  return { ...(after && { after }), ...(isEarly && { first: early / total }) };
}

/** A token before most of the mass, unless it comes half as often before other tokens. */
function mostlyAfter(
  active: readonly { readonly before: string | undefined; readonly mass: number }[],
  windows: readonly ActivationExample[],
): FiringToken | undefined {
  const masses = new Map<string, number>();
  let total = 0;
  for (const { before, mass } of active) {
    if (before === undefined) continue;
    masses.set(before, (masses.get(before) ?? 0) + mass);
    total += mass;
  }
  const [best] = [...masses].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  if (!best || best[1] < leastAfter * total) return undefined;
  const [token, mass] = best;
  let [silent, behind] = [0, 0];
  for (const { tokens, activations } of windows) {
    for (let at = 1; at < tokens.length; at++) {
      if ((activations[at] ?? 0) > 0) continue;
      silent++;
      if (tokens[at - 1] === token) behind++;
    }
  }
  const share = mass / total;
  return silent > 0 && (2 * behind) / silent >= share ? undefined : { token, share };
}
