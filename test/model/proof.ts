import type { Predicate, ProtocolStep, Theory } from '../../lib/proof/theory.ts';
import { asserted, guarded, notAll, notAllAfter, preamble, transition } from './questions.ts';
import type { Solver } from './solver.ts';

/** What Z3 found of one step. */
export interface StepProof {
  readonly step: string;
  /** Invariants that the step breaks from some state in which all hold. */
  readonly broken: readonly string[];
  /** Invariants of which Z3 does not know. */
  readonly unknown: readonly string[];
  /** Ways in which the step happens that are not shown to be possible from a state in which all invariants hold. */
  readonly impossible: readonly string[];
}

/** Whether every invariant holds after a step if all held before it, and whether there is such a step at all. */
export async function proveStep(solver: Solver, theory: Theory, step: ProtocolStep): Promise<StepProof> {
  const deny = (some: readonly Predicate[]) => notAllAfter(theory, some);
  return prove(solver, step, beforeStep(theory, step), theory.invariants, deny);
}

/** What is not as expected of a step that must break these invariants and keep all others. */
export async function proveStepBut(
  solver: Solver,
  theory: Theory,
  step: ProtocolStep,
  breaks: readonly string[],
): Promise<readonly string[]> {
  const before = beforeStep(theory, step);
  const surprises: string[] = [];
  const others = theory.invariants.filter(({ name }) => !breaks.includes(name));
  const kept = await solver.ask(`${before}\n${notAllAfter(theory, others)}`);
  if (kept !== 'unsat') {
    const { broken, unknown } = await proveStep(solver, theory, { ...step, happens: [] });
    const more = [...broken, ...unknown].filter((name) => !breaks.includes(name));
    if (more.length > 0) surprises.push(`breaks ${more.join(', ')} too`);
  }
  for (const invariant of theory.invariants.filter(({ name }) => breaks.includes(name))) {
    const broken = await solver.ask(`${before}\n${notAllAfter(theory, [invariant])}`);
    if (broken !== 'sat') surprises.push(`does not break ${invariant.name} (${broken})`);
  }
  return surprises;
}

function beforeStep(theory: Theory, step: ProtocolStep): string {
  return [
    preamble(theory),
    ...theory.invariants.map(asserted),
    guarded(theory, step),
    transition(theory, step),
  ].join('\n');
}

/** Whether the first state keeps every invariant, and whether there is one. */
export async function proveBeginning(solver: Solver, theory: Theory): Promise<StepProof> {
  const before = [preamble(theory), ...theory.beginning.map(asserted)].join('\n');
  const beginning = { name: 'the beginning', happens: ['true'] };
  return prove(solver, beginning, before, theory.invariants, notAll);
}

/** Asks of all invariants at once, and of each where that does not answer it. */
async function prove(
  solver: Solver,
  { name: step, happens }: Pick<ProtocolStep, 'name' | 'happens'>,
  before: string,
  invariants: readonly Predicate[],
  deny: (some: readonly Predicate[]) => string,
): Promise<StepProof> {
  const impossible: string[] = [];
  for (const holds of happens)
    if ((await solver.ask(`${before}\n${asserted({ holds })}`)) !== 'sat') impossible.push(holds);
  if ((await solver.ask(`${before}\n${deny(invariants)}`)) === 'unsat')
    return { step, broken: [], unknown: [], impossible };
  const broken: string[] = [];
  const unknown: string[] = [];
  for (const invariant of invariants) {
    const answer = await solver.ask(`${before}\n${deny([invariant])}`);
    if (answer !== 'unsat') (answer === 'sat' ? broken : unknown).push(invariant.name);
  }
  return { step, broken, unknown, impossible };
}
