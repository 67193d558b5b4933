/** A change to a reply that moves one property of it and as few others as possible. */
export interface ReplyEdit {
  /** In kebab case: `lists-off`. */
  readonly name: string;
  /** What is done to a reply, in one plain sentence. */
  readonly definition: string;
  /** Name of the property that it is for. */
  readonly property: string;
  /** Whether it raises (1) or lowers (-1) this property. */
  readonly direction: 1 | -1;
  /** Names of the standard properties that may move besides; `all` where a part of the reply comes or goes. */
  readonly alsoMoves: readonly string[] | 'all';
  /** The edited reply; `undefined` where there is nothing to edit. */
  apply(reply: string, prompt: string): string | undefined;
}

/** An edit of any function that returns the reply as it is where there is nothing to edit. */
export function defineEdit({
  apply,
  alsoMoves,
  ...edit
}: Omit<ReplyEdit, 'apply'> & {
  readonly apply: (reply: string, prompt: string) => string;
}): ReplyEdit {
  return {
    ...edit,
    alsoMoves: alsoMoves === 'all' ? 'all' : alsoMoves.filter((name) => name !== edit.property),
    apply: (reply, prompt) => {
      const edited = apply(reply, prompt);
      return edited === reply ? undefined : edited;
    },
  };
}
