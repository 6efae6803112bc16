import { ASKED_GUARDS } from './asked-guards.ts';
import { partsOf } from './batch-parts.ts';
import type { TrailFindingCode } from './finding.ts';
import { findingOf } from './finding.ts';
import type { LackingStep, StepAsker } from './proof-steps.ts';
import { sentenceOf, stepAsker } from './proof-steps.ts';
import { saidBatch } from './said-batch.ts';
import type { LoggedSwap } from './said-fences.ts';
import type { TrailedSwap } from './trail-batch.ts';
import type { TrailEvent } from './trail-event.ts';
import type { KeyedChange } from './zone-model.ts';
import type { ZoneTrail } from './zone-trail.ts';
import { chainOf, keyedChange, ownFence } from './zone-trail.ts';

// See docs/adr/0086-a-trail-is-asked-the-guards-of-the-proof.md.
/**
 * What a batch lacks to be a step of the proof, asked of what stood before it. Nothing is said where a hand was at the fence,
 * or nobody knows which one stood.
 *
 * @param changes of the batch that concern Pawl.
 */
export function lackingIn(
  trail: ZoneTrail,
  event: TrailEvent,
  changes: readonly KeyedChange[],
  swaps: readonly TrailedSwap[],
): LackingStep | undefined {
  const [own, giver, ...more] = swaps.map((swap) => loggedSwap(trail, swap));
  const isKnown = own !== undefined && more.length === 0 && (swaps.length === 1 || giver !== undefined);
  if (!isKnown) return undefined;
  const parts = partsOf(trail, allOf(trail, event, changes));
  const lacking = askerOf(trail).lacking(saidBatch(trail, parts, own, giver));
  const beyond = [
    ...(parts.altered.length === 0 ? [] : [`it changes what stands at ${parts.altered.join(', ')}`]),
    ...(parts.others.length === 0 ? [] : [`it changes ${parts.others.join(', ')}, which is not Pawl’s`]),
  ];
  if (beyond.length === 0) return lacking;
  return { step: '', guards: [], ...lacking, beyond: [...(lacking?.beyond ?? []), ...beyond] };
}

const askers = new WeakMap<ZoneTrail, StepAsker>();

/** Formulas are read once for each zone. */
function askerOf(trail: ZoneTrail): StepAsker {
  const known = askers.get(trail);
  if (known !== undefined) return known;
  const asker = stepAsker(trail);
  askers.set(trail, asker);
  return asker;
}

/** All changes of a batch: what is not Pawl's is no step's either. */
function allOf(
  trail: ZoneTrail,
  { content }: TrailEvent,
  changes: readonly KeyedChange[],
): readonly KeyedChange[] {
  if (content.type !== 'batch' || content.changes.length === changes.length) return changes;
  return content.changes.map(({ action, record }) => keyedChange(trail, action, record));
}

/** A swap of fences that are known to be the cell's own; undefined for any other. */
function loggedSwap(trail: ZoneTrail, swap: TrailedSwap): LoggedSwap | undefined {
  const { scope, before, after } = swap;
  const log = trail.logs.get(scope.cell);
  const chain = chainOf(trail, scope.cell);
  if (log === undefined || chain.byHand) return undefined;
  for (const reading of [before, after])
    if (reading.type !== 'missing' && ownFence(trail, scope, reading) === undefined) return undefined;
  return { swap, log };
}

/** What says of a whole batch that it is none of Pawl's. */
const OF_THE_BATCH: readonly TrailFindingCode[] = ['contents', 'other-ledger'];

/**
 * Tells that a batch is no step of the proof, unless what was found of it says so already.
 *
 * @param told what was found of the batch otherwise.
 */
export function tellStep(
  trail: ZoneTrail,
  event: TrailEvent,
  { scope: { zone, cell } }: TrailedSwap,
  lacking: LackingStep,
  told: readonly TrailFindingCode[],
): void {
  if (told.some((code) => OF_THE_BATCH.includes(code))) return;
  const guards = lacking.guards.filter((guard) => {
    const entry = ASKED_GUARDS[guard];
    return entry?.isAsked !== true || !entry.toldAs?.some((code) => told.includes(code));
  });
  const why = [...guards.map((guard) => `${guard} does not hold (${sentenceOf(guard)})`), ...lacking.beyond];
  if (why.length === 0) return;
  const step = lacking.step === '' ? 'no step of the proof' : `no "${lacking.step}" of the proof`;
  trail.findings.push(
    findingOf('no-step', event, { zone, cell, guards, what: `the batch is ${step}: ${why.join('; ')}` }),
  );
}
