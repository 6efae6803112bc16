import { proveStepBut } from './proof.ts';
import type { Solver } from './solver.ts';
import type { Effect, Theory } from './theory.ts';

/** What is wrong with one step of a broken protocol, and what the proof must say of it. */
export interface Alteration {
  readonly step: string;
  /** Guards that it goes without. */
  readonly without?: readonly string[];
  /** Effects in the place of its own. */
  readonly instead?: readonly Effect[];
  /** The invariants that it breaks: these and no others. */
  readonly breaks: readonly string[];
}

/** A protocol that somebody could have built, which the proof must refuse. */
export interface Variant {
  readonly name: string;
  readonly alters: readonly Alteration[];
}

/** What the proof says otherwise than is expected; empty where each step breaks what it must. */
export async function surprisesOf(
  solver: Solver,
  theory: Theory,
  { name, alters }: Variant,
): Promise<readonly string[]> {
  const surprises: string[] = [];
  for (const alteration of alters) {
    const step = theory.steps.find((each) => each.name === alteration.step);
    if (step === undefined) throw new Error(`${name} alters "${alteration.step}", which is no step`);
    const { without = [], instead = [], breaks } = alteration;
    const strange = [
      ...without.filter((guard) => !step.guards.includes(guard)),
      ...breaks.filter((invariant) => !theory.invariants.some((each) => each.name === invariant)),
    ];
    if (strange.length > 0 || without.length + instead.length === 0)
      throw new Error(`${name} speaks of what ${step.name} has not: ${strange.join(', ')}`);
    const parts = new Set(instead.map(({ part }) => part));
    const altered = {
      ...step,
      guards: step.guards.filter((guard) => !without.includes(guard)),
      effects: [...step.effects.filter(({ part }) => !parts.has(part)), ...instead],
    };
    const wrong = await proveStepBut(solver, theory, altered, breaks);
    surprises.push(...wrong.map((each) => `${name}: ${step.name} ${each}`));
  }
  return surprises;
}
