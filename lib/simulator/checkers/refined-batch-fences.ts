import type { CellState } from '../../ledger/decider/state.ts';
import type { Fence } from '../../plan/fence.ts';
import { isRescueFence, NO_PLAN } from '../../plan/fence.ts';
import type { CellName } from '../../plan/names.ts';
import type { Structure } from '../../proof/evaluate.ts';
import type { FenceValue } from './refined-fences.ts';
import { fenceAt, isAfter } from './refined-fences.ts';
import { plansOf } from './refined-log.ts';
import type { RefinedBatch } from './refined-names.ts';
import { countsOn } from './refined-told.ts';

export const WRITER = 'writer';
export const NOBODY = '';
export const THIS_CHANGE = 'this change';

/** The fence that a batch leaves. What a hand has put beside it, after its writer had read it, stands there still. */
export function fenceLeft({ before, after }: RefinedBatch, cell: CellName, highest: number): FenceValue {
  const whole = fenceAt(after, cell, highest);
  if (whole.fence !== undefined) return whole;
  const stood = new Set(before.fences.get(cell));
  const made = (after.fences.get(cell) ?? []).filter((record) => !stood.has(record));
  return made.length === 0 ? whole : fenceAt(after, cell, highest, made);
}

/** The cell that the batch takes roots from: the other one whose fence it moves. */
function giverOf({ change, scope }: RefinedBatch): CellName | undefined {
  return change.fences.find((cell) => cell !== scope.cell);
}

/** Who freezes may do it without a log, and then freezes a fence that is far above it too. */
function highestOf(batch: RefinedBatch): number {
  const { scope, state } = batch;
  const isBeyond = fenceLeft(batch, scope.cell, state.highest).fence === undefined;
  const isFrozen = fenceLeft(batch, scope.cell, Number.MAX_SAFE_INTEGER).fence?.frozen === true;
  return isBeyond && isFrozen ? Number.MAX_SAFE_INTEGER : state.highest;
}

export interface KnownFence extends FenceValue {
  readonly plan: string;
  /** All of the plan is applied under this fence. */
  readonly isWhole: boolean;
}

/** The fences of a batch: those that stood, those that it leaves, and what the theory asks of them. */
export function fencesOf(batch: RefinedBatch): {
  readonly all: ReadonlyMap<string, KnownFence>;
  readonly saw: KnownFence;
  readonly next: KnownFence;
  readonly symbols: Structure['symbols'];
} {
  const { scope, scopes, before, state, peekAt } = batch;
  const known = (read: (highest: number) => FenceValue, cell: CellName): KnownFence => {
    if (cell === scope.cell) {
      const value = read(highestOf(batch));
      return { ...value, ...planAt(value.fence, state) };
    }
    // A writer reads no log but its own, so it cannot tell that a hand has forged another cell's fence far above its log.
    const value = read(Number.POSITIVE_INFINITY);
    return { ...value, ...planAt(value.fence, peekAt(cell)) };
  };
  const stoodAt = (cell: CellName) => known((highest) => fenceAt(before, cell, highest), cell);
  const standsAt = (cell: CellName) => known((highest) => fenceLeft(batch, cell, highest), cell);
  const stood = scopes.map(({ cell }) => [cell, stoodAt(cell)] as const);
  const stand = scopes.map(({ cell }) => [cell, standsAt(cell)] as const);
  const all = new Map([...stood, ...stand].map(([, value]) => [value.text, value]));
  const written = new Set([...stood.map(([, value]) => value.text), ...batch.stood.map(({ text }) => text)]);
  const byCell = new Map<string, KnownFence>(stood);
  const [saw, next] = [stoodAt(scope.cell), standsAt(scope.cell)];
  const giver = giverOf(batch);
  const beside = giver === undefined ? NOBODY : stoodAt(giver).text;
  const nextBeside = giver === undefined ? NOBODY : standsAt(giver).text;
  const decided = batch.decided ?? saw.text;
  const generations = new Set([...plansOf(state).keys()].map((key) => key.split(' ')[0]));
  return {
    ...{ all, saw, next },
    symbols: {
      ...seqSymbols(batch, saw, next, all),
      ...promiseSymbols(batch),
      gen: (fence) => all.get(fence)?.plan ?? '0',
      whole: (fence) => all.get(fence)?.isWhole === true,
      frozen: (fence) => all.get(fence)?.fence?.frozen === true,
      missing: (fence) => all.get(fence)?.fence === undefined,
      atMost: (plan = '', other = '') => generationOf(plan) <= generationOf(other),
      cellOf: (plan = '') =>
        generations.has(plan) || (/^\d+$/.test(plan) && Number(plan) <= state.highest) ? scope.cell : NOBODY,
      fence: (cell = '') => byCell.get(cell)?.text ?? NOBODY,
      written: (fence = '') => written.has(fence),
      next: () => next.text,
      plan: () => next.plan,
      writer: () => WRITER,
      at: () => scope.cell,
      saw: () => saw.text,
      // Nobody but the writer knows on which fence it has decided, unless a person does.
      decided: () => decided,
      giver: () => giver ?? NOBODY,
      beside: () => beside,
      nextBeside: () => nextBeside,
      change: () => THIS_CHANGE,
    },
  };
}

function seqSymbols(
  { stood, told }: RefinedBatch,
  saw: KnownFence,
  next: KnownFence,
  all: ReadonlyMap<string, KnownFence>,
): Structure['symbols'] {
  const seqOf = (text: string) => all.get(text)?.fence?.seq ?? 0;
  return {
    seq: (fence = '') => `${seqOf(fence)}`,
    // Of another cell nobody has read the log.
    precedes: (first = '', second = '') =>
      first === `${seqOf(saw.text)}` && second === `${seqOf(next.text)}`
        ? countsOn(told, { saw: saw.fence, next: next.fence }, Number(first), Number(second))
        : Number(second) === Number(first) + 1,
    follows: (first = '', second = '') => isAfter(stood, first, second),
  };
}

function promiseSymbols({ promised, scope }: RefinedBatch): Structure['symbols'] {
  return {
    promise: (cell = '', fence = '') => cell === scope.cell && fence === promised,
    breach: () => false,
  };
}

/**
 * A plan is named by its generation, and a digest that the log does not have with it is another plan's: of a rescue, or of
 * a hand. Nobody takes such a fence for one whose plan is applied, nor one of a rescue.
 */
function planAt(fence: Fence | undefined, state: CellState): Pick<KnownFence, 'plan' | 'isWhole'> {
  if (fence === undefined) return { plan: '0', isWhole: false };
  const { generation, plan } = fence;
  if (plan === NO_PLAN) return { plan: `${generation}`, isWhole: false };
  const isKnown = plansOf(state).has(`${generation} ${plan}`);
  return {
    plan: isKnown || isRescueFence(fence) ? `${generation}` : `${generation} ${plan}`,
    isWhole: isKnown && !isRescueFence(fence),
  };
}

function generationOf(plan: string): number {
  return Number(plan.split(' ')[0]);
}

/**
 * What the theory has no words for, a sentence each: whoever leaves a fence open goes on from one of the cell's own
 * ledger, and has read a log that lets it. A thaw has told the log before, and a fence of nobody's becomes the ledger's.
 */
export function strangeFence(batch: RefinedBatch): readonly string[] {
  const { scope, before, change, state, told } = batch;
  const { makes, drops, mends, moves, offers } = change;
  const saw = fenceAt(before, scope.cell, state.highest).fence;
  const next = fenceLeft(batch, scope.cell, state.highest).fence;
  if (saw === undefined || next === undefined || next.frozen) return [];
  const isAlone = makes.size + drops.size + mends.size + moves.size + offers.length === 0;
  return [
    ...(isAlone || saw.ledger === state.ledger ? [] : [`the fence is of ledger ${saw.ledger}`]),
    ...(told.isOpen ? [] : ['the log tells that the cell is frozen']),
  ];
}
