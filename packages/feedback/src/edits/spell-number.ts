const small =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );
const tens = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');

/** A whole number from 0 to 999 in English words. */
export function spellNumber(n: number): string {
  if (n < 20) return small[n] as string;
  if (n < 100) {
    const ten = tens[Math.floor(n / 10) - 2] as string;
    return n % 10 === 0 ? ten : `${ten}-${small[n % 10]}`;
  }
  const hundreds = `${small[Math.floor(n / 100)]} hundred`;
  return n % 100 === 0 ? hundreds : `${hundreds} and ${spellNumber(n % 100)}`;
}
