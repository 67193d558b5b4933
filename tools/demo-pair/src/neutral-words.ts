const list = (text: string): readonly string[] => text.trim().split(/,\s*/);

/** Words that fill the neutral slots; none carries a valence. */
export const neutral: Readonly<Record<string, readonly string[]>> = {
  name: list(`Anna, Peter, Clara, Tom, Maria, Henry, Lucy, Oscar, Nina, Walter, Emma, Paul, Irene, Marco, Julia, Simon, Ada, Leo,
    Martha, Victor, Elena, Hugo, Rosa, Frank`),
  city: list(`Lisbon, Oslo, Turin, Porto, Vienna, Dublin, Boston, Kyoto, Prague, Seville, Chicago, Geneva, Bergen, Lima, Hamburg,
    Montreal, Athens, Naples`),
  street: list(
    'Mill Street, Park Road, Bridge Street, Station Road, Harbor Lane, Market Street, Church Road, King Street',
  ),
  title:
    list(`The Paper Harbor, The Glass Orchard, A Winter Letter, The Silent Bridge, Seven Windows, The Last Ferry, North of the River,
    The Clock Garden, A House in Turin, The Copper Road, The Long Corridor, Blue Tuesday`),
  day: list('Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday'),
  month: list('January, March, April, May, June, July, August, September, October, November'),
  hour: list('six, seven, eight, nine, ten, eleven, noon, half past nine'),
  number: list('two, three, four, five, six, seven, eight, ten, twelve, twenty, thirty'),
  ordinal: list('first, second, third, fourth, fifth'),
  meal: list('vegetable soup, fish, pasta, salad, noodles, potatoes, fish curry, bread and salad'),
  companion:
    list(`my sister, my brother, my wife, my husband, my mother, my father, my cousin, a colleague, my neighbor, my daughter,
    my son, my uncle`),
  when: list(`last week, on {day}, last month, in {month}, yesterday, on a cold evening, with {companion}, on the way to {city}, last year,
    after work, over the weekend, on a quiet {day}`),
  who: list('us, me, everyone, the whole group, {companion}, the children'),
  whom: list(
    'anyone, families, {companion}, students, everyone, people from {city}, beginners, my neighbors',
  ),
  very: list('very, really, quite, rather, so, absolutely, thoroughly, simply, extremely, utterly'),
  real: list('real, complete, total, rare'),
  was: list('was, was, was, was, seemed, felt, turned out'),
  were: list('were, were, were, were, seemed, felt'),
};
