/** The start of an HH-RLHF dialogue. */
export const humanTurn = '\n\nHuman:';

/** What precedes a reply in an HH-RLHF dialogue. */
export const replyTurn = '\n\nAssistant:';

/**
 * Two dialogues `\n\nHuman: ...\n\nAssistant: ...` as the prompt that they share, everything up to the last common
 * "\n\nAssistant:", and two replies; `undefined` if they share none.
 */
export function splitDialogues(
  chosen: string,
  rejected: string,
): { readonly prompt: string; readonly chosen: string; readonly rejected: string } | undefined {
  let shared = 0;
  while (shared < chosen.length && chosen[shared] === rejected[shared]) shared++;
  const start = chosen.slice(0, shared).lastIndexOf(replyTurn);
  if (start < 0) return undefined;
  const end = start + replyTurn.length;
  return { prompt: chosen.slice(0, end), chosen: chosen.slice(end), rejected: rejected.slice(end) };
}
