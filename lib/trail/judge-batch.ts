import type { Fence } from '../plan/fence.ts';
import { isRescueFence, NO_LEDGER } from '../plan/fence.ts';
import type { CellName } from '../plan/names.ts';
import type { CellScope } from '../plan/owned-names.ts';
import { planProblem } from '../rules/approved-plan.ts';
import { fenceProblem } from '../rules/fence-step.ts';
import type { TrailFindingCode } from './finding.ts';
import { findingOf } from './finding.ts';
import { put } from './journal.ts';
import { endGivenUp, judgeAnswers, judgeRetired, standingBefore } from './judge-answers.ts';
import { lackingIn, tellStep } from './judge-step.ts';
import type { KnownLog } from './known-log.ts';
import type { TrailedSwap, TrailStep } from './trail-batch.ts';
import { contentsProblem, fenceSwaps, frozenProblem, kindOf, stepOf } from './trail-batch.ts';
import type { TrailChange, TrailEvent } from './trail-event.ts';
import type { KeyedChange } from './zone-model.ts';
import { applyChanges } from './zone-model.ts';
import type { ZoneTrail } from './zone-trail.ts';
import { beginAnew, chainOf, count, keyedChange, noteFence, ownCell, ownFence } from './zone-trail.ts';

/** A batch that Route 53 accepted, with what of it concerns Pawl. */
export interface JudgedBatch {
  readonly event: TrailEvent;
  /** What is in a cell's own subtree, at a name of Pawl's, or points there. */
  readonly changes: readonly KeyedChange[];
  readonly swaps: readonly TrailedSwap[];
  /** Whether it went through the fence as a batch of Pawl's does, and nobody says that its sender is not Pawl. */
  readonly isFenced: boolean;
}

/** What of a batch concerns Pawl; undefined where nothing does. */
export function concerning(trail: ZoneTrail, event: TrailEvent): JudgedBatch | undefined {
  if (event.content.type !== 'batch') return undefined;
  const changes: KeyedChange[] = [];
  for (const { action, record } of event.content.changes) {
    const change = keyedChange(trail, action, record);
    if (isOurs(trail, change)) changes.push(change);
  }
  if (changes.length === 0) return undefined;
  const swaps = fenceSwaps(changes, trail.zone);
  const isFenced = swaps.length > 0 && isOfPawls(trail, event, swaps);
  return { event, changes, swaps, isFenced };
}

function isOurs(trail: ZoneTrail, change: KeyedChange): boolean {
  const { alias } = change.record;
  if (isPawls(trail, change)) return true;
  if (alias !== undefined && ownCell(trail, alias.name) !== undefined) return true;
  return trail.model.sets.has(change.key);
}

const ROOT_TYPES: readonly string[] = ['A', 'AAAA', 'CNAME'];

/** Whether a record is Pawl's by where it is: in a cell's own subtree, or an answer at a name that Pawl has applied. */
function isPawls(
  { logs, names }: ZoneTrail,
  { record: { name, type }, place: { cell } }: KeyedChange,
): boolean {
  return (cell !== undefined && logs.has(cell)) || (names.has(name) && ROOT_TYPES.includes(type));
}

/** A batch of Pawl's leaves a fence of this ledger in the place of the one that was read, or ends a frozen cell. */
function isOfPawls(trail: ZoneTrail, { who }: TrailEvent, [own]: readonly TrailedSwap[]): boolean {
  if (trail.isOwn !== undefined && !trail.isOwn(who)) return false;
  if (own === undefined) return false;
  const { before, after } = own;
  if (after.type === 'fence') return true;
  return after.type === 'missing' && before.type === 'fence' && before.fence.frozen;
}

/** Plays one accepted batch, and holds it against the rules. */
export function judgeBatch(trail: ZoneTrail, batch: JudgedBatch): void {
  const { event, changes, swaps, isFenced } = batch;
  const before = standingBefore(trail.model, changes);
  const lacking = isFenced ? lackingIn(trail, event, changes, swaps) : undefined;
  const found = trail.findings.length;
  const step = isFenced ? judgeFenced(trail, batch) : judgeHand(trail, batch);
  const touched = applyChanges(trail.model, changes, isFenced);
  noteTouched(trail, changes, isFenced);
  if (isFenced) noteNames(trail, changes);
  const [own] = swaps;
  if (isFenced && own !== undefined) {
    judgeRetired(trail, event, own.scope, { before, touched, isRetirement: step === 'retire' });
  } else {
    for (const name of touched.values())
      if (trail.retired.has(name)) put(trail.journal, trail.retired, name, undefined);
  }
  const byHand = !isFenced && !isOfOwn(trail, event);
  judgeAnswers(trail, event, { touched, before, byHand, unfenced: isFenced ? [] : changes });
  if (isFenced && trail.missing.size > 0) endGivenUp(trail, event, swaps);
  if (lacking === undefined || own === undefined) return;
  const told = trail.findings.slice(found).filter((each) => each.event === event.id && !each.byHand);
  tellStep(
    trail,
    event,
    own,
    lacking,
    told.map(({ code }) => code),
  );
}

/** What was written past the fence is not Pawl's doing, until a batch of Pawl's has changed it. */
function noteTouched(
  { touched, journal }: ZoneTrail,
  changes: readonly TrailChange[],
  isFenced: boolean,
): void {
  if (isFenced && touched.size === 0) return;
  for (const { record } of changes)
    if (!isFenced || touched.has(record.name))
      put(journal, touched, record.name, isFenced ? undefined : true);
}

/** Whether somebody said that the sender is Pawl. */
function isOfOwn({ isOwn }: ZoneTrail, { who }: TrailEvent): boolean {
  return isOwn?.(who) === true;
}

/** Roots that a batch of Pawl's makes are at names of Pawl's. */
function noteNames({ names, journal }: ZoneTrail, changes: readonly KeyedChange[]): void {
  for (const { record, place } of changes) {
    const { name, alias } = record;
    if (alias === undefined || place.cell !== undefined || names.has(name)) continue;
    put(journal, names, name, true);
  }
}

function judgeHand(trail: ZoneTrail, { event, changes, swaps }: JudgedBatch): TrailStep {
  const { zone, journal, flags } = trail;
  const isOwnRole = isOfOwn(trail, event);
  if (!isOwnRole) put(journal, flags, 'hands', true);
  const cell = cellIn(trail, changes);
  count(trail, trail.steps, cell ?? '', 'hand');
  for (const { scope, after } of swaps) beginAnew(trail, scope.cell, ownFence(trail, scope, after), false);
  const touched = changes.filter((change) => isPawls(trail, change));
  // An alias of somebody else's may point at a tree: that touches nothing of Pawl's.
  if (touched.length === 0) return 'hand';
  trail.findings.push(
    findingOf(isOwnRole ? 'own-unfenced' : 'outside-fence', event, {
      ...{ zone: zone.zone, byHand: !isOwnRole, ...(cell === undefined ? {} : { cell }) },
      what: `${isOwnRole ? 'an identity of Pawl’s wrote' : 'somebody wrote'} without the fence: ${textOf(touched)}`,
    }),
  );
  return 'hand';
}

/** Records that a sentence names, at most. */
const NAMED_MAX = 3;

function textOf(changes: readonly TrailChange[]): string {
  const named = changes
    .slice(0, NAMED_MAX)
    .map(({ action, record }) => `${action} ${record.name} ${record.type}`);
  const more = changes.length - named.length;
  return `${named.join(', ')}${more === 0 ? '' : ` and ${more} more`}`;
}

function cellIn(trail: ZoneTrail, changes: readonly TrailChange[]): CellName | undefined {
  for (const { record } of changes) {
    const cell = ownCell(trail, record.name) ?? (record.alias && ownCell(trail, record.alias.name));
    if (cell !== undefined) return cell;
  }
  return undefined;
}

function judgeFenced(trail: ZoneTrail, { event, changes, swaps }: JudgedBatch): TrailStep {
  const [own] = swaps;
  if (own === undefined) return 'hand';
  const { scope, after } = own;
  const kind = kindOf(changes, swaps);
  const step = stepOf(kind, swaps);
  count(trail, trail.steps, scope.cell, step);
  if (after.type === 'fence') count(trail, trail.writers, scope.cell, after.fence.by);
  for (const swap of swaps) judgeSwap(trail, event, swap);
  // A frozen fence is said once, and better, than as what its kind of batch may not hold.
  const problem = frozenProblem(own) === undefined ? contentsProblem(kind, changes, swaps) : undefined;
  if (problem !== undefined && trail.logs.has(scope.cell)) tell(trail, event, scope, 'contents', problem);
  return step;
}

function judgeSwap(trail: ZoneTrail, event: TrailEvent, swap: TrailedSwap): void {
  const { scope, before, after } = swap;
  const log = trail.logs.get(scope.cell);
  if (log === undefined || after.type !== 'fence') return;
  const { fence } = after;
  const say = (code: TrailFindingCode, what: string): void => tell(trail, event, scope, code, what);
  if (fence.ledger !== log.ledger) {
    // A rescue that could read no fence does not know whose the cell is.
    if (fence.ledger !== NO_LEDGER) say('other-ledger', `the fence was given to ledger ${fence.ledger}`);
    return;
  }
  const chain = chainOf(trail, scope.cell);
  const stood = ownFence(trail, scope, before);
  const last = chain.last ?? (chain.first === undefined ? stood : undefined);
  const problem = fenceProblem(fence, {
    ...{ last, byHand: chain.byHand },
    hasStood: (nonce) => trail.nonces.has(`${scope.cell} ${nonce}`),
    isSettled: (mark) => log.eventAt(mark) !== 'unknown',
  });
  if (problem !== undefined) say('fence', problem);
  const frozen = frozenProblem(swap);
  if (frozen !== undefined) say('frozen', frozen);
  const plan = planProblem(fence, stood, (generation) => log.approvedAt(generation));
  if (plan !== undefined) say('unknown-plan', plan);
  judgeMark(trail, event, scope, { fence, stood, log });
  noteFence(trail, scope.cell, fence);
}

/** Holds the event that a fence names against the log: whether it is there, and whether the cell was frozen by then. */
function judgeMark(
  trail: ZoneTrail,
  event: TrailEvent,
  scope: CellScope,
  { fence, stood, log }: { fence: Fence; stood: Fence | undefined; log: KnownLog },
): void {
  const { head } = fence;
  if (head === undefined) return;
  if (log.eventAt(head) === 'unknown') {
    const key = `${scope.cell} ${head.number} ${head.digits}`;
    if (trail.said.has(key)) return;
    put(trail.journal, trail.said, key, true);
    const what = `the batch rests on event ${head.number} (${head.digits}), which the log does not have`;
    tell(trail, event, scope, 'unknown-event', what);
    return;
  }
  // Whoever keeps the mark has not read the log.
  const isDecidedOn = stood?.head !== undefined && stood.head.number < head.number;
  const isRole = /^(enactor|janitor)(-|$)/.test(fence.by);
  if (!isDecidedOn || fence.frozen || isRescueFence(fence) || !isRole || !log.isFrozenAt(head.number)) return;
  const what = `${fence.by} wrote on event ${head.number} of the log, which says that the cell is frozen`;
  tell(trail, event, scope, 'frozen', what);
}

function tell(
  trail: ZoneTrail,
  event: TrailEvent,
  { zone, cell }: CellScope,
  code: TrailFindingCode,
  what: string,
) {
  trail.findings.push(findingOf(code, event, { zone, cell, what }));
}
