import { LEAVING } from '../proof/cells/leaving-steps.ts';
import { PREDICATES } from '../proof/cells/predicates.ts';
import { STEPS } from '../proof/cells/steps.ts';
import type { Evaluation, Structure } from '../proof/evaluate.ts';
import { evaluation, evaluations } from '../proof/evaluate.ts';
import { rememberedAnswers } from '../proof/remembered-answers.ts';
import type { ProtocolStep } from '../proof/theory.ts';
import { ASKED_GUARDS } from './asked-guards.ts';
import type { SaidBatch } from './said-batch.ts';
import { saidSymbols } from './said-batch.ts';
import { fenceAfter } from './said-fences.ts';
import { offerAfter } from './said-offers.ts';
import type { ZoneTrail } from './zone-trail.ts';

/** Every batch of the proof, and of the end of a cell: what moves a fence. */
export const BATCH_STEPS: readonly ProtocolStep[] = [...STEPS, ...LEAVING].filter(({ effects }) =>
  effects.some(({ part }) => part === 'fence'),
);

const sentences = new Map(PREDICATES.map(({ name, says }) => [name, says]));

/** The sentence of a guard, without its full stop. */
export function sentenceOf(guard: string): string {
  return (sentences.get(guard) ?? guard).replace(/[.]$/, '');
}

/** What a batch lacks to be a step. */
export interface LackingStep {
  readonly step: string;
  readonly guards: readonly string[];
  /** What it does that the step does not do, a sentence each. */
  readonly beyond: readonly string[];
}

/** Asks the proof's own formulas about batches of one zone. */
export interface StepAsker {
  /** What a batch lacks to be the step that comes nearest; undefined where it is a step. */
  lacking(batch: SaidBatch): LackingStep | undefined;
}

/** A step with the guards of it that a trail shows, ready to be asked. */
interface AskedStep {
  readonly name: string;
  readonly guards: readonly AskedFormula[];
  readonly fence: Evaluation;
  readonly offer: Evaluation;
}

interface AskedFormula {
  readonly guard: string;
  readonly holds: Evaluation;
}

/** @throws Error where the table of guards does not say whether one is asked. */
export function stepAsker(trail: ZoneTrail): StepAsker {
  let batch: SaidBatch | undefined;
  const now = (): SaidBatch => {
    if (batch === undefined) throw new Error('no batch is asked about');
    return batch;
  };
  // What fence a cell has afterwards is no symbol of the proof, and the answer rests on it too.
  const fenceThen = (of = ''): string => fenceAfter(now().fences, of);
  const remembered = rememberedAnswers({ ...saidSymbols(trail, now), [FENCE_THEN]: fenceThen });
  const { symbols } = remembered;
  const formulas = evaluations(PREDICATES, symbols);
  const effectOf = ({ effects }: ProtocolStep, wanted: string, stays: string): Evaluation => {
    const { of, becomes } = effects.find(({ part }) => part === wanted) ?? { of: OFFER, becomes: stays };
    return evaluation(of, becomes, formulas, symbols);
  };
  const steps = BATCH_STEPS.map(
    (step): AskedStep => ({
      name: step.name,
      guards: step.guards.filter(isAsked).map((guard) => ({ guard, holds: formulaOf(formulas, guard) })),
      fence: effectOf(step, 'fence', 'fence(c)'),
      offer: effectOf(step, 'offer', 'offer(c, d, r)'),
    }),
  );
  const byName = new Map(steps.map((step) => [step.name, step]));
  return {
    lacking: (asked) => {
      batch = asked;
      const structure: Structure = { members: asked.members, symbols };
      const likely = byName.get(likelyStep(asked));
      const isStep = (step: AskedStep): boolean => {
        for (const { holds } of step.guards) if (holds(structure) !== true) return false;
        return movesItsFences(step, structure) && leavesItsOffers(trail, step, structure, asked);
      };
      const isLikely = (step: AskedStep): boolean =>
        asked.offers.isTouched
          ? isStep(step)
          : remembered.ask(step.name, structure.members, () => isStep(step));
      if (likely !== undefined && isLikely(likely)) return undefined;
      if (steps.some((step) => step !== likely && isStep(step))) return undefined;
      const all = [...(likely === undefined ? [] : [likely]), ...steps];
      return all.map((step) => lackingOf(trail, step, structure, asked)).reduce(nearer);
    },
  };
}

/** What stands for the fence of a cell afterwards. */
const FENCE_THEN = 'fence afterwards';
/** The variables of what becomes of an offer. */
const OFFER = 'c: Cell, d: Cell, r: Root';

function isAsked(guard: string): boolean {
  const entry = ASKED_GUARDS[guard];
  if (entry === undefined) throw new Error(`the table of guards does not say whether "${guard}" is asked`);
  return entry.isAsked;
}

function formulaOf(formulas: ReadonlyMap<string, Evaluation>, guard: string): Evaluation {
  const found = formulas.get(guard);
  if (found === undefined) throw new Error(`the theory has no guard "${guard}"`);
  return found;
}

/** The step that a batch looks like, which is asked about first. */
function likelyStep({ parts, fences: { saw, next, beside } }: SaidBatch): string {
  const { makes, drops, moves, puts, takesBack } = parts;
  if (beside !== undefined) return 'take';
  if (next.fence === undefined) return 'fence-ends';
  const isFrozen = next.fence.frozen;
  if (moves.size > 0) return isFrozen ? 'rescue-flips' : 'flip';
  if (drops.size > 0) return isFrozen ? 'names-are-cleared' : 'delete';
  if (makes.size > 0) return isFrozen ? 'rescue-stages' : 'stage';
  if (puts.size + takesBack.size > 0) return 'tend-offers';
  if (isFrozen) return 'freeze';
  return saw.fence?.frozen === true ? 'thaw' : 'renew';
}

function nearer(nearest: LackingStep, other: LackingStep): LackingStep {
  const weight = ({ guards, beyond }: LackingStep): number => guards.length + beyond.length;
  return weight(other) < weight(nearest) ? other : nearest;
}

function lackingOf(trail: ZoneTrail, step: AskedStep, structure: Structure, asked: SaidBatch): LackingStep {
  const beyond: string[] = [];
  if (!movesItsFences(step, structure)) beyond.push('it moves other fences than the step does');
  if (!leavesItsOffers(trail, step, structure, asked))
    beyond.push('it leaves other offers than the step does');
  const guards = step.guards.filter(({ holds }) => holds(structure) !== true).map(({ guard }) => guard);
  return { step: step.name, guards, beyond };
}

function movesItsFences({ fence }: AskedStep, structure: Structure): boolean {
  const then = structure.symbols[FENCE_THEN];
  for (const cell of structure.members['Cell'] ?? [])
    if (fence(structure, cell) !== then?.(cell)) return false;
  return true;
}

function leavesItsOffers(
  trail: ZoneTrail,
  { offer }: AskedStep,
  structure: Structure,
  { offers, members }: SaidBatch,
): boolean {
  if (!offers.isTouched) return true;
  const cells = members['Cell'] ?? [];
  for (const cell of cells)
    for (const to of cells)
      for (const root of members['Root'] ?? [])
        if (offer(structure, cell, to, root) !== offerAfter(trail, offers, cell, to, root)) return false;
  return true;
}
