import type { Structure, Value } from './evaluate.ts';

/** Asks one question about many structures, of which most answer like an earlier one. */
export interface RememberedAnswers {
  /** The symbols, for formulas to be bound to: what they are asked is noted. */
  readonly symbols: Structure['symbols'];
  /**
   * The answer to a question.
   *
   * @param question by which the answers are kept apart.
   * @param members of the structure that the symbols speak of now.
   * @param answer asks the formulas. It must depend on the members and on what the symbols say, and on nothing else.
   */
  ask(question: string, members: Structure['members'], answer: () => boolean): boolean;
}

type Symbol = (...given: readonly string[]) => Value;

/** What is known after some answers: the answer to the whole question, or what is asked next; nothing yet. */
interface Place {
  next: boolean | Asked | undefined;
}

/** What is asked of a symbol. Members, and what symbols have said, go by the order in which they came. */
interface Asked {
  readonly symbol: Symbol;
  readonly given: readonly number[];
  readonly said: Map<number, Place>;
}

interface Noting {
  readonly names: string[];
  readonly asked: Set<string>;
  place: Place;
}

/** Of a structure with more members the formulas are asked each time. */
const MEMBERS_MAX = 24;
/** So much is remembered. */
const PLACES_MAX = 20_000;
/** Stand for the truths among the numbers of names. */
const [TRUE, FALSE] = [-1, -2];

/**
 * A formula's answer follows from what its symbols say of the members. So two structures that say the same, member by member,
 * have the same answer: for one of the second on, nothing is asked but the symbols that the answer rested on.
 *
 * @param symbols of the structures.
 * @param placesMax after so much is remembered, nothing new is.
 */
export function rememberedAnswers(
  symbols: Structure['symbols'],
  placesMax: number = PLACES_MAX,
): RememberedAnswers {
  const first = new Map<string, Map<number, Place>>();
  let places = 0;
  let noting: Noting | undefined;
  const newPlace = (): Place => {
    places += 1;
    return { next: undefined };
  };
  const noted =
    (name: string, symbol: Symbol): Symbol =>
    (...given) => {
      const value = symbol(...given);
      if (noting !== undefined) note(noting, name, { symbol, given, value }, newPlace);
      return value;
    };
  return {
    symbols: Object.fromEntries(Object.entries(symbols).map(([name, symbol]) => [name, noted(name, symbol)])),
    ask: (question, members, answer) => {
      const names: string[] = [];
      let sizes = 0;
      for (const each of Object.values(members)) {
        if (names.length + each.length > MEMBERS_MAX) return answer();
        sizes = sizes * (MEMBERS_MAX + 1) + each.length;
        for (const name of each) names.push(name);
      }
      const size = names.length;
      if (names.some((name, place) => names.indexOf(name) < place)) return answer();
      const ofQuestion = first.get(question) ?? new Map<number, Place>();
      const place = ofQuestion.get(sizes);
      const known = place && answerFrom(place, names);
      if (known !== undefined || places >= placesMax) return known ?? answer();
      const start = place ?? newPlace();
      first.set(question, ofQuestion.set(sizes, start));
      noting = { names: names.slice(0, size), asked: new Set(), place: start };
      try {
        const found = answer();
        noting.place.next = found;
        return found;
      } finally {
        noting = undefined;
      }
    },
  };
}

/** Goes from what one symbol says to what is asked next. */
function answerFrom(start: Place, names: string[]): boolean | undefined {
  let { next } = start;
  while (typeof next === 'object') {
    next = next.said.get(numberOf(saidNow(next, names), names))?.next;
  }
  return next;
}

/** Nearly everything that is asked has two places at most: so it makes no list of names. */
function saidNow({ symbol, given }: Asked, names: readonly string[]): Value {
  const [first, second, ...more] = given;
  if (first === undefined) return symbol();
  if (second === undefined) return symbol(names[first] ?? '');
  if (more.length === 0) return symbol(names[first] ?? '', names[second] ?? '');
  return symbol(...given.map((number) => names[number] ?? ''));
}

/** The number of what a symbol says. A name that comes for the first time gets the next one. */
function numberOf(value: Value, names: string[]): number {
  if (typeof value === 'boolean') return value ? TRUE : FALSE;
  const known = names.indexOf(value);
  return known < 0 ? names.push(value) - 1 : known;
}

function note(
  noting: Noting,
  name: string,
  { symbol, given, value }: { symbol: Symbol; given: readonly string[]; value: Value },
  newPlace: () => Place,
): void {
  const { names, asked, place } = noting;
  const numbers = given.map((each) => names.indexOf(each));
  if (numbers.includes(-1))
    throw new Error(`"${name}" is asked about ${given.join()}, which nothing has named`);
  const key = `${name} ${numbers.join()}`;
  if (asked.has(key)) return;
  asked.add(key);
  if (typeof place.next !== 'object') place.next = { symbol, given: numbers, said: new Map() };
  const { said } = place.next;
  const number = numberOf(value, names);
  const after = said.get(number) ?? newPlace();
  said.set(number, after);
  noting.place = after;
}
