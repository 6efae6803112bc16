import type { Structure } from '../../proof/evaluate.ts';
import { isHeld, sentenceOf } from './refined-steps.ts';
import type { Actor } from './zone-history.ts';

/** A person who freezes or thaws. */
interface Person {
  readonly role: string;
  /** The fence that stood when the person began: the first thing that is read. */
  readonly began: string;
  /** The fence that the person has written last, and the change by which it came. */
  readonly wrote?: { readonly fence: string; readonly change: string };
  /** Whether the freeze could have returned while its fence stood. */
  readonly mayReturn: boolean;
}

/** The people who are at work in a cell, and what a freeze has promised. */
export interface Freezes {
  readonly people: ReadonlyMap<string, Person>;
  /** The fence under which a freeze began that has returned, until a thaw ends its promise, or a hand takes its fence away. */
  readonly promised: string | undefined;
}

export const NO_FREEZES: Freezes = { people: new Map(), promised: undefined };

/** What stands at the fence now. */
interface Standing {
  readonly text: string;
  readonly isFrozen: boolean;
  readonly isInsync: (change: string) => boolean;
}

const RETURNS = 'freeze-returns';
const RETURN_GUARDS = ['reads-itself-back', 'is-its-own-fence'];

/** Somebody begins. */
export function withPerson(freezes: Freezes, { name, role }: Actor, standing: string): Freezes {
  if (role !== 'freeze' && role !== 'thaw') return freezes;
  const person: Person = { role, began: standing, mayReturn: false };
  return { ...freezes, people: new Map([...freezes.people, [name, person]]) };
}

/** Before the fence moves: a freeze whose fence stands may have been read back by now. */
export function beforeMove(freezes: Freezes, standing: Standing): Freezes {
  const people = [...freezes.people].map(([name, person]): [string, Person] => [
    name,
    { ...person, mayReturn: person.mayReturn || lacking(person, standing).length === 0 },
  ]);
  return { ...freezes, people: new Map(people) };
}

/** A person has written a fence. */
export function withWritten(freezes: Freezes, by: string, fence: string, change = ''): Freezes {
  const person = freezes.people.get(by);
  if (person === undefined) return freezes;
  const written = { ...person, wrote: { fence, change }, mayReturn: false };
  return { ...freezes, people: new Map([...freezes.people, [by, written]]) };
}

/** Somebody is at work no more. */
export function withoutPerson(freezes: Freezes, name: string): Freezes {
  return { ...freezes, people: new Map([...freezes.people].filter(([each]) => each !== name)) };
}

/** What stands against a freeze that is done being the step of the theory, a sentence; empty where nothing does. */
export function returnProblem(freezes: Freezes, name: string, standing: Standing): string {
  const person = freezes.people.get(name);
  if (person === undefined || person.mayReturn) return '';
  const guards = lacking(person, standing);
  if (guards.length === 0) return '';
  return `as "${RETURNS}" it lacks ${guards.map((guard) => `${guard} (${sentenceOf(guard)})`).join('; ')}`;
}

/** A freeze has returned: it promises from then on. */
export function withPromise(freezes: Freezes, name: string): Freezes {
  return { ...freezes, promised: freezes.people.get(name)?.began };
}

/** The fence on which a person who thaws has decided; undefined for everybody else. */
export function decidedBy({ people }: Freezes, by: string): string | undefined {
  const person = people.get(by);
  return person?.role === 'thaw' ? person.began : undefined;
}

function lacking(person: Person, { text, isFrozen, isInsync }: Standing): readonly string[] {
  const { role, wrote } = person;
  if (role !== 'freeze') return RETURN_GUARDS;
  const structure: Structure = {
    members: {},
    symbols: {
      writer: () => '',
      at: () => '',
      fence: () => text,
      // Whoever has written nothing has read what stands.
      saw: () => wrote?.fence ?? text,
      frozen: () => isFrozen,
      wrote: (_, fence) => wrote?.fence === fence,
      change: () => wrote?.change ?? '',
      insync: (change = '') => isInsync(change),
    },
  };
  return RETURN_GUARDS.filter((guard) => !isHeld(guard, structure));
}

export function freezesKey({ people, promised = '' }: Freezes, keyOf: (fence: string) => string): string {
  const each = [...people].map(
    ([name, { began, wrote, mayReturn }]) =>
      `${name}=${keyOf(began)}>${wrote === undefined ? '' : keyOf(wrote.fence)}${mayReturn ? '!' : ''}`,
  );
  return `${keyOf(promised)} ${each.join('+')}`;
}
