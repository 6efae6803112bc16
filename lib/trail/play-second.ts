import type { TrailFinding } from './finding.ts';
import { findingOf } from './finding.ts';
import { put, takeBack } from './journal.ts';
import { missingFinding } from './judge-answers.ts';
import type { JudgedBatch } from './judge-batch.ts';
import { concerning, judgeBatch } from './judge-batch.ts';
import type { TrailEvent } from './trail-event.ts';
import type { WaitingEvent } from './waiting-events.ts';
import { fencesOf } from './waiting-events.ts';
import { fits, forgetZone } from './zone-model.ts';
import type { ZoneTrail } from './zone-trail.ts';
import { beginAnew, chainOf, trimMemories } from './zone-trail.ts';

/** Orders of one second's batches that are tried, and steps that are taken for them, at most. */
const ORDERS_MAX = 16;
const STEPS_MAX = 400;

/** A batch with the values of fences that it takes away and leaves. */
interface Linked extends Pick<WaitingEvent, 'takes' | 'leaves'> {
  readonly batch: JudgedBatch;
}

/**
 * Plays the events of one second. The fences tell the order of Pawl's batches: each deletes what the one before it has
 * left. Where no fence tells, every order is considered that Route 53 can have accepted. What is found in all of them is
 * found; what is found in some is said to depend on the order.
 *
 * @returns false where no order fits, and then nothing was played. With `forced` something is: events are missing.
 */
export function playSecond(trail: ZoneTrail, events: readonly WaitingEvent[], forced: boolean): boolean {
  const units: Linked[] = [];
  let foreign = 0;
  for (const each of events) {
    const { content } = each.event;
    const batch = concerning(trail, each.event);
    if (batch !== undefined) units.push(linked(batch, each));
    else if (content.type === 'batch') foreign += 1;
    if (content.type === 'zone-made') trail.model.fromStart = true;
    if (content.type === 'omitted') put(trail.journal, trail.flags, 'omitted', true);
  }
  const isLoose = units.some(({ batch }) => !batch.isFenced);
  const isPlayed = isLoose && units.length > 1 ? playAnyOrder(trail, units) : playChain(trail, units, forced);
  if (!isPlayed && !forced) return false;
  if (!isPlayed) playChain(trail, units, true);
  trail.counts.foreign += foreign;
  for (const { event } of events) if (event.content.type === 'omitted') playOmitted(trail, event);
  trimMemories(trail);
  return true;
}

/** The fences of what concerns Pawl: those of the whole event, where all of it does. */
function linked(batch: JudgedBatch, { event, takes, leaves }: WaitingEvent): Linked {
  const { content } = event;
  if (content.type === 'batch' && content.changes.length === batch.changes.length)
    return { batch, takes, leaves };
  return { batch, ...fencesOf({ content: { type: 'batch', changes: batch.changes } }) };
}

/** Whether none of the others leaves what this one takes away. */
function isFirst(unit: Linked, others: readonly Linked[]): boolean {
  return !unit.takes.some((value) => others.some((other) => other !== unit && other.leaves.includes(value)));
}

/** Plays batches whose fences say their order. */
function playChain(trail: ZoneTrail, units: readonly Linked[], forced: boolean): boolean {
  const left = [...units];
  let played = 0;
  while (left.length > 0) {
    const at = Math.max(
      0,
      left.findIndex((unit) => isFirst(unit, left)),
    );
    const [unit] = left.splice(at, 1);
    if (unit === undefined) break;
    const { batch } = unit;
    const gap = gapBefore(trail, batch);
    if (gap !== undefined) {
      // Nothing of this second was played yet, so that the next second's events may come first.
      if (!forced && played === 0) return false;
      sayGap(trail, batch, gap);
    }
    judgeBatch(trail, batch);
    played += 1;
  }
  return true;
}

/** Why events are missing before a batch; undefined where none need be. */
function gapBefore(trail: ZoneTrail, { changes, swaps, isFenced }: JudgedBatch): string | undefined {
  for (const { scope, before } of isFenced ? swaps : []) {
    const { last } = chainOf(trail, scope.cell);
    if (before.type !== 'fence' || last === undefined || before.fence.nonce === last.nonce) continue;
    return `the writes of cell ${scope.cell} between its fence of seq ${last.seq} and the one of seq ${before.fence.seq}`;
  }
  return fits(trail.model, changes) ? undefined : 'what made the records as this batch found them';
}

function sayGap(trail: ZoneTrail, { event, swaps }: JudgedBatch, gap: string): void {
  const cell = swaps[0]?.scope.cell;
  const isExplained = trail.flags.has('omitted');
  put(trail.journal, trail.flags, 'omitted', undefined);
  if (!isExplained) {
    trail.findings.push(
      findingOf('trail-lacks', event, {
        ...{ zone: trail.zone.zone, ...(cell === undefined ? {} : { cell }) },
        what: `the trail lacks ${gap}`,
      }),
    );
  }
  forget(trail);
  for (const { scope } of swaps) beginAnew(trail, scope.cell, undefined, true);
}

/** Nobody knows any more what stands, and until when an answer was missing. */
function forget(trail: ZoneTrail): void {
  const { missing, journal } = trail;
  for (const [key, found] of [...missing]) {
    put(journal, missing, key, undefined);
    const finding = missingFinding(trail, key, found, null);
    trail.findings.push({ ...finding, what: `${finding.what}, and the trail does not tell until when` });
  }
  forgetZone(trail.model);
}

function playOmitted(trail: ZoneTrail, event: TrailEvent): void {
  trail.counts.omitted += 1;
  trail.findings.push(
    findingOf('omitted', event, {
      zone: trail.zone.zone,
      what: 'a batch was accepted whose contents the trail left out, because they are too large for it',
    }),
  );
  forget(trail);
  for (const cell of trail.logs.keys()) beginAnew(trail, cell, undefined, true);
}

interface Order {
  readonly units: readonly Linked[];
  readonly findings: readonly TrailFinding[];
}

/** Plays batches among which no fence tells the place of some. */
function playAnyOrder(trail: ZoneTrail, units: readonly Linked[]): boolean {
  const orders = [...ordersOf(trail, units, 'fence first'), ...ordersOf(trail, units, 'hands first')];
  const [first] = orders;
  if (first === undefined) return false;
  const told = trail.findings.length;
  for (const { batch } of first.units) judgeBatch(trail, batch);
  trail.findings.splice(told);
  trail.findings.push(...inEvery(orders));
  return true;
}

/** Every order that Route 53 can have accepted, up to a bound, with what each shows. The state stays as it was. */
function ordersOf(
  trail: ZoneTrail,
  units: readonly Linked[],
  way: 'fence first' | 'hands first',
): readonly Order[] {
  const orders: Order[] = [];
  const { journal, findings } = trail;
  const told = findings.length;
  let steps = 0;
  journal.undo = [];
  const go = (done: readonly Linked[], left: readonly Linked[]): void => {
    if (left.length === 0) {
      orders.push({ units: done, findings: findings.slice(told) });
      return;
    }
    for (const unit of nextOf(trail, left, way)) {
      steps += 1;
      if (steps > STEPS_MAX || orders.length >= ORDERS_MAX / 2) return;
      const mark = journal.undo?.length ?? 0;
      const found = findings.length;
      judgeBatch(trail, unit.batch);
      go(
        [...done, unit],
        left.filter((other) => other !== unit),
      );
      takeBack(journal, mark);
      findings.splice(found);
    }
  };
  go([], units);
  journal.undo = undefined;
  return orders;
}

/** What may come next: the first batch of Pawl's whose fence stands, and each of the others that fits. */
function nextOf(
  trail: ZoneTrail,
  left: readonly Linked[],
  way: 'fence first' | 'hands first',
): readonly Linked[] {
  const ready = left.filter((unit) => isFirst(unit, left) && gapBefore(trail, unit.batch) === undefined);
  const fenced = ready.filter(({ batch }) => batch.isFenced).slice(0, 1);
  const loose = ready.filter(({ batch }) => !batch.isFenced);
  return way === 'fence first' ? [...fenced, ...loose] : [...loose, ...fenced];
}

/** What every order shows, and one finding for each event of which only some show something. */
function inEvery(orders: readonly Order[]): readonly TrailFinding[] {
  const keyOf = ({ code, event, what, cell }: TrailFinding): string =>
    `${code} ${event} ${cell ?? ''} ${what}`;
  const counts = new Map<string, { readonly finding: TrailFinding; orders: number }>();
  for (const { findings } of orders) {
    for (const finding of new Map(findings.map((each) => [keyOf(each), each])).values()) {
      const seen = counts.get(keyOf(finding)) ?? { finding, orders: 0 };
      seen.orders += 1;
      counts.set(keyOf(finding), seen);
    }
  }
  return [...counts.values()].map(({ finding, orders: shown }) =>
    shown === orders.length ? finding : unclear(finding),
  );
}

function unclear(finding: TrailFinding): TrailFinding {
  return {
    ...finding,
    code: 'order',
    byHand: true,
    what: `cannot be told: ${finding.what}, if the batches of this second came in one order, and not in another`,
    next: 'look at the batches of this second: the trail tells whole seconds, and no fence tells more',
  };
}
