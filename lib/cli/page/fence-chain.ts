import type { LedgerEvent, RecordedEvent } from '../../ledger/decider/events.ts';
import type { Head, Ledger } from '../../ledger/ledger.ts';
import type { Fence } from '../../plan/fence.ts';
import { MARK_DIGITS, NO_PLAN } from '../../plan/fence.ts';
import { shortDigest } from '../../plan/plan.ts';
import type { FenceSeen } from '../look/cell-status.ts';
import { eventText } from '../printing/event-text.ts';
import { tame } from '../printing/paper.ts';

/** One link from the fence in the zone to the goal in the log. `not-yet`: an enactor is about to make it so; `not-known`: it could not be read, or nothing says. */
export interface ChainLink {
  readonly what: string;
  readonly says: string;
  readonly holds: 'yes' | 'not-yet' | 'no' | 'not-known';
}

/** Writes of the fence that are shown. */
const WRITES_MAX = 12;

/** The fence in the zone, what it remembers of the log, and what both say is applied and wanted. Pure. */
export function fenceChain(
  head: Head,
  seen: FenceSeen,
  newest: readonly RecordedEvent[],
): readonly ChainLink[] {
  if (seen.type === 'unreachable')
    return [{ what: 'Fence', says: `It cannot be read: ${seen.reason}`, holds: 'not-known' }];
  if (seen.type === 'missing')
    return [{ what: 'Fence', says: 'There is none in the zone yet.', holds: 'not-known' }];
  if (seen.type === 'malformed')
    return [{ what: 'Fence', says: 'What stands at its name is no fence.', holds: 'no' }];
  const { fence } = seen;
  const { state } = head;
  const says = `seq ${fence.seq}, generation @${fence.generation}, written by ${fence.by}${fence.frozen ? ', frozen' : ''}`;
  const isOwn = fence.ledger === state.ledger;
  return [
    { what: 'Fence', says, holds: 'yes' },
    {
      what: 'Ledger',
      says: isOwn ? `${fence.ledger}, this one` : `${fence.ledger}; this one is ${state.ledger}`,
      holds: isOwn ? 'yes' : 'no',
    },
    markLink(fence, head, newest),
    appliedLink(fence, head),
    goalLink(head),
  ];
}

function markLink(
  { head: mark }: Fence,
  { number, hash }: Head,
  newest: readonly RecordedEvent[],
): ChainLink {
  const what = 'Mark in the log';
  if (mark === undefined) return { what, says: 'This fence remembers no event.', holds: 'not-known' };
  const named = `event ${mark.number}, ${mark.digits}`;
  const found = mark.number === number ? hash : newest.find((event) => event.number === mark.number)?.hash;
  if (mark.number > number) return { what, says: `${named}, which the log does not reach`, holds: 'no' };
  if (found === undefined)
    return { what, says: `${named}, older than the events that are read here`, holds: 'not-known' };
  const isSame = found.slice(0, MARK_DIGITS) === mark.digits;
  return {
    what,
    says: isSame
      ? `${named}, as the log has it`
      : `${named}, and the log has ${found.slice(0, MARK_DIGITS)} there`,
    holds: isSame ? 'yes' : 'no',
  };
}

function appliedLink(fence: Fence, { state: { applied } }: Head): ChainLink {
  const what = 'Applied plan';
  if (fence.plan === NO_PLAN) return { what, says: 'None was applied under this fence.', holds: 'not-known' };
  if (applied === null) return { what, says: `${fence.plan}; the log has none`, holds: 'no' };
  const isSame = shortDigest(applied.digest) === fence.plan;
  const says = `@${applied.generation}, ${shortDigest(applied.digest)}${isSame ? '' : `; the fence says ${fence.plan}`}`;
  return { what, says, holds: isSame ? 'yes' : 'no' };
}

function goalLink({ state: { goal, applied } }: Head): ChainLink {
  const what = 'Goal';
  if (goal === null) return { what, says: 'There is none yet.', holds: 'not-known' };
  const isApplied = goal.digest === applied?.digest;
  const says = `@${goal.generation}, ${shortDigest(goal.digest)}${isApplied ? '' : ', not applied yet'}`;
  return { what, says, holds: isApplied ? 'yes' : 'not-yet' };
}

/** Whether the newest events follow one from the other, by their hashes. Pure. */
export function logLink(newest: readonly RecordedEvent[], { number, hash }: Head): ChainLink {
  const [first] = newest;
  const what = 'Log';
  if (first === undefined) return { what, says: 'It has no events.', holds: 'not-known' };
  const broken = newest.find((event, index) => {
    const before = newest[index - 1];
    return before !== undefined && event.previous !== before.hash;
  });
  const isWhole = broken === undefined && newest.at(-1)?.hash === hash;
  const says = isWhole
    ? `events ${first.number} to ${number} follow one from the other`
    : `event ${broken?.number ?? number} does not follow from the one before it`;
  return { what, says, holds: isWhole ? 'yes' : 'no' };
}

/** The newest writes of the fence that the log has, the newest first. Pure. */
export function fenceWrites(newest: readonly RecordedEvent[]) {
  return newest
    .toReversed()
    .flatMap(({ number, at, by, event }) => {
      const seq = fenceSeqOf(event);
      return seq === undefined ? [] : [{ number, at, by: tame(by), seq, text: eventText(event) }];
    })
    .slice(0, WRITES_MAX);
}

function fenceSeqOf(event: LedgerEvent): number | undefined {
  if ('seq' in event) return event.seq;
  return 'fenceSeq' in event ? event.fenceSeq : undefined;
}

/** Events of a cell that its chain is told from. */
const CHAIN_EVENTS = 100;

/** The newest events of a cell, oldest first. @throws what the ledger throws. */
export function chainEvents(ledger: Ledger, { cell, number }: Head): Promise<readonly RecordedEvent[]> {
  const after = Math.max(0, number - CHAIN_EVENTS);
  return ledger.events(cell, { after, limit: CHAIN_EVENTS, order: 'forward' });
}
