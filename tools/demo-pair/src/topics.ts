import type { Kind } from './sentiment-words.ts';

/** A noun and the adjectives that suit it. */
export interface Thing {
  readonly noun: string;
  readonly kind: Kind;
}

/** One field that reviews are about, with its words. */
export interface Topic {
  /** What is reviewed: "film", "hotel". */
  readonly items: readonly string[];
  readonly kind: Kind;
  /** Past-tense verbs for having it: "watched". */
  readonly had: readonly string[];
  /** Parts that one may judge, in the singular and in the plural. */
  readonly aspects: readonly Thing[];
  readonly plurals: readonly Thing[];
  /** People met there. */
  readonly people: readonly string[];
  /** Sentences that only tell what happened. */
  readonly details: readonly string[];
}

/** "story: plot script" -> things of kind story. */
function things(...groups: readonly (readonly [Kind, string])[]): Thing[] {
  return groups.flatMap(([kind, nouns]) => nouns.split(/,\s*/).map((noun) => ({ noun, kind })));
}

const list = (text: string): readonly string[] => text.split(/,\s*/);

/** Every topic of the reviews. */
export const topics: readonly Topic[] = [
  {
    items: list('film, movie, documentary, drama, western, film'),
    kind: 'story',
    had: list('watched, saw, rented'),
    aspects: things(
      ['story', 'plot, acting, script, ending, dialogue, story, opening scene, soundtrack'],
      ['general', 'camera work, editing, cast, music'],
    ),
    plurals: things(
      ['story', 'characters, scenes, songs, dances'],
      ['general', 'costumes, effects, actors'],
    ),
    people: list('director, lead actor, actress, narrator, writer'),
    details:
      list(`It runs for {number} hours and is set in {city}., The story follows {name} and {name} after they move to {city}.,
      {name} writes a letter in the first scene and never sends it., We {had} it at the cinema on {street}.,
      Half of it takes place on a boat near {city}., {title} was filmed in {number} weeks.,
      In the second half the {person} brings {name} back to the farm., The camera stays on {name} for most of the last hour.`),
  },
  {
    items: list('restaurant, diner, bistro, bakery, restaurant, café'),
    kind: 'place',
    had: list('visited, tried, found'),
    aspects: things(
      ['food', 'soup, bread, pasta, fish, dessert, coffee, salad, curry, sauce, food, cake'],
      ['general', 'service, menu, food'],
      ['place', 'dining room, terrace'],
    ),
    plurals: things(
      ['food', 'noodles, pancakes, vegetables, starters, potatoes'],
      ['general', 'portions, dishes'],
      ['place', 'tables, chairs'],
    ),
    people: list('waiter, waitress, chef, manager, owner, bartender'),
    details:
      list(`We ordered the {meal} and a bottle of water., The place is on {street} next to the old station.,
      {companion} had the {meal} with lemon., We waited {number} minutes for a table near the window.,
      The bill came to {number} dollars each., They open at {hour} and close at {hour}.,
      The menu changes every {day} and has {number} pages., {name} has cooked there for {number} years.`),
  },
  {
    items: list('hotel, hostel, guesthouse, inn, apartment, hotel, resort'),
    kind: 'place',
    had: list('booked, visited, chose'),
    aspects: things(
      ['place', 'room, bed, bathroom, hallway, pool, garden, balcony'],
      ['food', 'breakfast, coffee'],
      ['general', 'view, service, location'],
    ),
    plurals: things(
      ['place', 'rooms, beds, corridors, chairs'],
      ['general', 'towels, windows, views'],
    ),
    people: list('receptionist, manager, host, porter, owner, night clerk'),
    details:
      list(`We stayed for {number} nights in {month}., Our room was on the {ordinal} floor above the courtyard.,
      It is {number} minutes on foot from {street}., We left our bags with the {person} at {hour}.,
      Breakfast is served from {hour} to {hour}., The bus to {city} leaves from the corner.,
      {companion} and I had booked {number} months before., The window looked over the river and the market.`),
  },
  {
    items: list('book, memoir, biography, collection, book, story'),
    kind: 'story',
    had: list('read, finished, bought'),
    aspects: things(
      ['story', 'plot, first chapter, last chapter, ending, dialogue, story, writing, middle part'],
      ['general', 'translation, cover, prose'],
    ),
    plurals: things(
      ['story', 'characters, chapters, stories, poems'],
      ['general', 'descriptions, drawings, pages'],
    ),
    people: list('author, narrator, detective, translator, editor'),
    details:
      list(`It has {number} chapters and a map of {city}., The story begins when {name} inherits a house near {city}.,
      {name} and {name} meet on a train in the {ordinal} chapter., I read it in {number} days on the way to work.,
      {title} was first printed in {month}., Most of it is told in letters to {name}.,
      {companion} had the old edition with drawings., The {person} spent {number} years in {city} before writing it.`),
  },
  {
    items: list('phone, laptop, camera, headset, tablet, keyboard, blender, printer, phone, watch'),
    kind: 'gadget',
    had: list('bought, ordered, tested'),
    aspects: things(
      ['gadget', 'battery, app, setup, charger, software, keyboard, lid'],
      ['general', 'screen, sound, design, manual, case'],
    ),
    plurals: things(
      ['gadget', 'buttons, controls, instructions, cables'],
      ['general', 'speakers, pictures, colors'],
    ),
    people: list('seller, technician, shop assistant, courier, designer'),
    details:
      list(`The box arrived on {day} with {number} cables., It weighs about {number} pounds and comes in blue and gray.,
      I have used it every day for {number} weeks., {companion} has the older model from {city}.,
      It took {number} minutes to charge the first time., The light turns green when the {aspect} starts.,
      I {had} it at the shop on {street}., You need {number} batteries and a small key.`),
  },
  {
    items: list('concert, show, gig, recital, opera, concert'),
    kind: 'story',
    had: list('attended, saw, visited'),
    aspects: things(
      ['story', 'music, singing, opening act, second half'],
      ['general', 'sound, band, choir, lighting, encore'],
      ['place', 'hall, stage'],
    ),
    plurals: things(
      ['story', 'songs, solos'],
      ['general', 'drums, guitars, violins, voices'],
      ['place', 'seats'],
    ),
    people: list('singer, drummer, conductor, pianist, guitarist, violinist'),
    details:
      list(`The doors opened at {hour} and the hall was full by {hour}., They started with a song from {title}.,
      We sat in the {ordinal} row behind a family from {city}., The {person} walked on with a red guitar.,
      It lasted {number} hours with one short break., {name} joined the band for the {ordinal} song.,
      The next concert is in {city} on {day}., Tickets were {number} dollars at the door.`),
  },
  {
    items: list('tour, trip, cruise, hike, train ride, tour'),
    kind: 'story',
    had: list('booked, took, joined'),
    aspects: things(
      ['place', 'village, beach, bus, coast, trail'],
      ['general', 'scenery, route, weather, view'],
      ['food', 'lunch'],
    ),
    plurals: things(['place', 'villages, streets, seats'], ['general', 'views, roads, walks']),
    people: list('guide, driver, captain, organizer'),
    details:
      list(`We left {city} at {hour} with {number} other people., The bus stayed {number} hours in {city}.,
      The path goes along the river and over {number} bridges., {companion} took pictures of every boat.,
      On the {ordinal} day we crossed the lake to {city}., Lunch was served on the deck at {hour}.,
      The {person} told us about the old harbor., We walked {number} miles before noon.`),
  },
  {
    items: list('museum, exhibition, gallery, garden, zoo, museum'),
    kind: 'place',
    had: list('visited, saw, toured'),
    aspects: things(
      ['story', 'audio tour, collection, short film'],
      ['place', 'building, entrance, garden, café, courtyard'],
      ['general', 'shop, map'],
    ),
    plurals: things(
      ['place', 'rooms, halls'],
      ['story', 'paintings, displays, photographs'],
      ['general', 'labels, statues'],
    ),
    people: list('guide, guard, curator, artist'),
    details:
      list(`It opens at {hour} and costs {number} dollars., The {ordinal} floor shows maps and letters from {city}.,
      We spent {number} hours there with {companion}., A tram from {street} runs to the door.,
      The largest room holds {number} boats and a clock., {name} painted most of the walls in {number} weeks.,
      The new wing was built in {month}., You can hang your coat near the stairs.`),
  },
  {
    items: list('course, workshop, class, seminar, lesson, class'),
    kind: 'story',
    had: list('took, attended, finished'),
    aspects: things(
      ['story', 'material, first session, homework, last lecture'],
      ['general', 'pace, teaching, structure'],
      ['place', 'classroom'],
    ),
    plurals: things(
      ['story', 'lectures, exercises, examples'],
      ['general', 'notes, slides'],
      ['place', 'rooms'],
    ),
    people: list('teacher, instructor, tutor, speaker, assistant'),
    details:
      list(`It met every {day} at {hour} for {number} weeks., There were {number} of us around one long table.,
      We covered {number} topics and wrote a report., I signed up with {companion} in {month}.,
      {name} taught the {ordinal} session from {city}., The final project took {number} evenings.,
      Everyone got a folder with notes and a pencil., The {person} had worked in {city} for years.`),
  },
  {
    items: list('game, board game, puzzle, game, card game'),
    kind: 'story',
    had: list('bought, tried, tested'),
    aspects: things(
      ['story', 'story, artwork, theme, first level, rulebook'],
      ['general', 'box, design, board, music'],
    ),
    plurals: things(
      ['story', 'levels, puzzles, rounds'],
      ['gadget', 'rules, controls'],
      ['general', 'cards, pieces, graphics'],
    ),
    people: list('designer, publisher, artist, narrator'),
    details:
      list(`A round takes {number} minutes with {number} people., You build a town and trade wood for stone.,
      {companion} finished the {ordinal} level on {day}., The box holds {number} cards and a map of {city}.,
      We tried it at the café on {street}., {name} read the rules aloud while I sorted the pieces.,
      The second edition came out in {month}., Each turn you draw a card and move one boat.`),
  },
];
