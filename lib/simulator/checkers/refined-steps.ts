import { PREDICATES } from '../../proof/cells/predicates.ts';
import { STEPS } from '../../proof/cells/steps.ts';
import type { Evaluation, Structure } from '../../proof/evaluate.ts';
import { evaluation, evaluations } from '../../proof/evaluate.ts';
import { parseVariables } from '../../proof/formula.ts';
import type { Effect, ProtocolStep } from '../../proof/theory.ts';
import type { StepBeyond } from './steps-beyond.ts';
import { STEPS_BEYOND } from './steps-beyond.ts';

/** What the zone shows of the theory's state, and whether a freeze is broken, which nobody may do. */
const SHOWN: ReadonlySet<string> = new Set(['fence', 'there', 'points', 'offer', 'breach']);

interface ShownEffect {
  readonly part: string;
  readonly sorts: readonly string[];
  readonly becomes: Evaluation;
}

/** A step of the theory, or beyond it, ready to be compared with what a batch has done. */
export interface ComparedStep extends ProtocolStep {
  readonly shown: readonly ShownEffect[];
  readonly demands?: StepBeyond['demands'];
}

const guards = evaluations(PREDICATES);
const sentences = new Map(PREDICATES.map(({ name, says }) => [name, says]));

/** What a step leaves alone stays as it is. */
const SAME: readonly Effect[] = [
  { part: 'there', of: 'n: Node', becomes: 'there(n)' },
  { part: 'points', of: 'r: Root, n: Node', becomes: 'points(r, n)' },
  { part: 'offer', of: 'c: Cell, d: Cell, r: Root', becomes: 'offer(c, d, r)' },
  { part: 'breach', of: 'c: Cell', becomes: 'breach(c)' },
];

const ALL: readonly (ProtocolStep & Pick<StepBeyond, 'demands'>)[] = [...STEPS, ...STEPS_BEYOND];

/** Every step that moves a fence: these are batches. */
export const BATCH_STEPS: readonly ComparedStep[] = ALL.filter(({ effects }) =>
  effects.some(({ part }) => part === 'fence'),
).map((step) => ({ ...step, shown: shownEffects(step) }));

function shownEffects({ effects }: ProtocolStep): readonly ShownEffect[] {
  const own = effects.filter(({ part }) => SHOWN.has(part));
  const parts = new Set(own.map(({ part }) => part));
  return [...own, ...SAME.filter(({ part }) => !parts.has(part))].map(({ part, of, becomes }) => ({
    part,
    sorts: parseVariables(of).map(({ sort }) => sort),
    becomes: evaluation(of, becomes, guards),
  }));
}

/** What a step makes of a part of the state, ready to be asked. */
export function stepEvaluation(of: string, becomes: string): Evaluation {
  return evaluation(of, becomes, guards);
}

/** Whether the guard holds. @throws Error when the theory has none of that name. */
export function isHeld(guard: string, structure: Structure): boolean {
  const asked = guards.get(guard);
  if (asked === undefined) throw new Error(`the theory has no guard "${guard}"`);
  return asked(structure) === true;
}

export function sentenceOf(guard: string): string {
  return sentences.get(guard) ?? guard;
}

/** The part of the state that is not what the step makes of it; undefined where all of them are. */
export function strayEffect(
  { shown }: ComparedStep,
  structure: Structure,
  after: Structure['symbols'],
): string | undefined {
  return shown.find(
    ({ part, sorts, becomes }) =>
      !everyTuple(
        sorts.map((sort) => structure.members[sort] ?? []),
        (given) => becomes(structure, ...given) === after[part]?.(...given),
      ),
  )?.part;
}

/** @param holds what it is given changes afterwards. */
export function everyTuple(
  members: readonly (readonly string[])[],
  holds: (given: readonly string[]) => boolean,
): boolean {
  const given: string[] = [];
  const everyFrom = (place: number): boolean => {
    const here = members[place];
    if (here === undefined) return holds(given);
    for (const member of here) {
      given[place] = member;
      if (!everyFrom(place + 1)) return false;
    }
    return true;
  };
  return everyFrom(0);
}
