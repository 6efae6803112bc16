import type { Fence, FenceReading } from '../plan/fence.ts';
import { isRescueFence, NO_PLAN } from '../plan/fence.ts';
import { shortDigest } from '../plan/plan.ts';
import type { Structure } from '../proof/evaluate.ts';
import type { KnownLog } from './known-log.ts';
import type { TrailedSwap } from './trail-batch.ts';

/** Stands for no cell and no fence. */
export const NOBODY = '';
const WRITER = 'writer';

/** A fence in the words of the proof. */
interface SaidFence {
  readonly fence: Fence | undefined;
  readonly plan: string;
  /** It names a plan that the log has approved. */
  readonly isWhole: boolean;
}

/** A swap of the fence of one cell, with the log of that cell. */
export interface LoggedSwap {
  readonly swap: TrailedSwap;
  readonly log: KnownLog;
}

/** The fences of a batch: what its writer read and left, and of the cell that gives what was listed and is left. */
export interface SaidFences {
  readonly cell: string;
  readonly log: KnownLog;
  readonly saw: SaidFence;
  readonly next: SaidFence;
  readonly giver: string;
  readonly beside: SaidFence | undefined;
  readonly nextBeside: SaidFence | undefined;
}

export function saidFences({ swap: own, log }: LoggedSwap, giver: LoggedSwap | undefined): SaidFences {
  return {
    ...{ cell: own.scope.cell, log, saw: saidFence(own.before, log), next: saidFence(own.after, log) },
    giver: giver?.swap.scope.cell ?? NOBODY,
    beside: giver && saidFence(giver.swap.before, giver.log),
    nextBeside: giver && saidFence(giver.swap.after, giver.log),
  };
}

const NO_FENCE: SaidFence = { fence: undefined, plan: '0', isWhole: false };

/**
 * What a fence says. A plan that the log has not approved at its generation is another one than that generation's; a fence of
 * a rescue names none of the log's.
 */
function saidFence(reading: FenceReading, log: KnownLog): SaidFence {
  if (reading.type !== 'fence') return NO_FENCE;
  const { fence } = reading;
  const { generation, plan } = fence;
  if (plan === NO_PLAN) return { fence, plan: String(generation), isWhole: false };
  const isKnown = log.approvedAt(generation).some(({ digest }) => shortDigest(digest) === plan);
  const isRescue = isRescueFence(fence);
  const text = isKnown || isRescue ? String(generation) : `${generation} ${plan}`;
  return { fence, plan: text, isWhole: isKnown && !isRescue };
}

/** What the proof calls a fence of a batch. Each is another value than the others: its nonce is fresh. */
type FenceText = 'saw' | 'next' | 'beside' | 'next beside';

/** The fence that a cell has once the batch is accepted. */
export function fenceAfter({ cell, giver }: SaidFences, of: string): string {
  return textAt(cell, giver, of, 'next', 'next beside');
}

function textAt(cell: string, giver: string, of: string, own: FenceText, theirs: FenceText): string {
  if (of === cell) return own;
  return of === giver ? theirs : NOBODY;
}

/** The symbols of the proof that speak of fences. */
export function fenceSymbols(now: () => SaidFences): Structure['symbols'] {
  const fenceOf = (text: string): SaidFence | undefined => {
    const { next, saw, beside, nextBeside } = now();
    if (text === 'next') return next;
    if (text === 'saw') return saw;
    return text === 'beside' ? beside : nextBeside;
  };
  return {
    writer: () => WRITER,
    gen: (fence = '') => fenceOf(fence)?.plan ?? '0',
    whole: (fence = '') => fenceOf(fence)?.isWhole === true,
    frozen: (fence = '') => fenceOf(fence)?.fence?.frozen === true,
    missing: (fence = '') => fenceOf(fence)?.fence === undefined,
    atMost: (plan = '', limit = '') => generationOf(plan) <= generationOf(limit),
    cellOf: (plan = '') => (isPlanOf(now().log, plan) ? now().cell : NOBODY),
    fence: (of = '') => textAt(now().cell, now().giver, of, 'saw', 'beside'),
    next: () => 'next',
    plan: () => now().next.plan,
    at: () => now().cell,
    saw: () => 'saw',
    giver: () => now().giver,
    beside: () => 'beside',
    nextBeside: () => 'next beside',
  };
}

function generationOf(plan: string): number {
  return Number(plan.split(' ', 1)[0]);
}

/** Whether it is a generation of the cell. A fence that is made before any plan has the first. */
function isPlanOf(log: KnownLog, plan: string): boolean {
  const number = Number(plan);
  return number <= Math.max(1, log.highest) || log.approvedAt(number).length > 0;
}
