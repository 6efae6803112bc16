import type { LedgerEvent, RecordedEvent } from '../../lib/ledger/decider/events.ts';
import type { Fence } from '../../lib/plan/fence.ts';
import { fenceRecord } from '../../lib/plan/fence.ts';
import { generation, seq } from '../../lib/plan/generation.ts';
import type { DnsName } from '../../lib/plan/names.ts';
import { dnsName } from '../../lib/plan/names.ts';
import type { CellScope } from '../../lib/plan/owned-names.ts';
import { planTreeLabel, rollbackName, treeName } from '../../lib/plan/owned-names.ts';
import { shortDigest } from '../../lib/plan/plan.ts';
import type { RecordSet } from '../../lib/plan/records.ts';
import { create, remove } from '../../lib/plan/records.ts';
import type { KnownLog } from '../../lib/trail/known-log.ts';
import { readKnownLog } from '../../lib/trail/known-log.ts';
import { verifyTrail } from '../../lib/trail/play-trail.ts';
import type { TrailChange, TrailContent, TrailEvent } from '../../lib/trail/trail-event.ts';
import type { TrailReport } from '../../lib/trail/trail-report.ts';
import { CELL, digestOf, fleetDeclared, LEDGER, planAppended, planApplied, ZONE } from './ledger-events.ts';

const SCOPE: CellScope = { cell: CELL, zone: ZONE, zoneId: 'Z1' };
export const API = dnsName('api.example.test');
export const BEGAN = Date.UTC(2026, 10, 28, 10);
const SECOND_MS = 1_000;

/** The name of generation `number`'s tree. */
export function tree(number: number): DnsName {
  return treeName(planTreeLabel(number), API, SCOPE);
}

export function leaf(number: number, target = 'api-1'): RecordSet {
  const values = [`192.0.2.${number}`];
  return { name: tree(number), type: 'A', ttl: 60, values, setIdentifier: target, weight: 1 };
}

export function root(number: number): RecordSet {
  return pointer(API, tree(number));
}

export function rollbackRoot(number: number): RecordSet {
  return pointer(rollbackName(API, SCOPE), tree(number));
}

export function pointer(name: DnsName, target: DnsName): RecordSet {
  return { name, type: 'A', alias: { zoneId: 'Z1', name: target, evaluateTargetHealth: false } };
}

/** Writes a trail as Pawl does: each batch compares the fence that the one before it left. */
export interface TrailAuthor {
  readonly events: TrailEvent[];
  /** The fence that stands. */
  fence(): Fence;
  /** A batch through the fence; a second later than the last event unless given. */
  write(change: Partial<Fence>, changes?: readonly TrailChange[], at?: number): TrailEvent;
  /** A batch of somebody else's. */
  hand(changes: readonly TrailChange[], at?: number): TrailEvent;
  /** Anything else. */
  say(content: TrailContent, at?: number): TrailEvent;
  stage(number: number): TrailEvent;
  /** @param before the generation that answered; 0: none. */
  flip(number: number, before: number): TrailEvent;
  retire(number: number): TrailEvent;
}

export function trailAuthor(): TrailAuthor {
  const events: TrailEvent[] = [];
  let stands: Fence | undefined;
  let nonces = 0;
  const add = (content: TrailContent, name: string, at?: number): TrailEvent => {
    const last = events.at(-1)?.at ?? BEGAN;
    const event = {
      id: `e${events.length + 1}`,
      at: at ?? last + SECOND_MS,
      zoneId: 'Z1',
      who: { name, names: [name] },
      content,
    };
    events.push(event);
    return event;
  };
  const changeId = () => `C${events.length + 1}`;
  const author: TrailAuthor = {
    events,
    fence: () => {
      if (stands === undefined) throw new Error('no fence stands');
      return stands;
    },
    write: (change, changes = [], at) => {
      nonces += 1;
      const before = stands;
      const first: Fence = {
        ...{
          generation: generation(1),
          seq: seq(0 + 1),
          plan: '0'.repeat(12),
          frozen: false,
          ledger: LEDGER,
        },
        ...{ by: 'enactor-a', nonce: '' },
      };
      const next = before === undefined ? first : { ...before, seq: seq(before.seq + 1) };
      stands = { ...next, nonce: `n${String(nonces).padStart(7, '0')}`, ...change };
      const swap = [
        ...(before === undefined ? [] : [remove(fenceRecord(before, SCOPE))]),
        create(fenceRecord(stands, SCOPE)),
      ];
      return add({ type: 'batch', changes: [...swap, ...changes], changeId: changeId() }, 'pawl', at);
    },
    hand: (changes, at) =>
      add({ type: 'batch', changes, changeId: changeId() }, 'arn:aws:iam::1:user/ana', at),
    say: (content, at) => add(content, 'somebody', at),
    stage: (number) => {
      const { seq: kept } = author.fence();
      return author.write({ seq: kept, by: 'enactor-a' }, [
        create(leaf(number)),
        create(leaf(number, 'api-2')),
      ]);
    },
    flip: (number, before) =>
      author.write({ generation: generation(number), plan: shortDigest(digestOf(number)), by: 'enactor-b' }, [
        ...(before === 0
          ? []
          : [remove(root(before)), remove(rollbackRoot(before < 2 ? before : before - 1))]),
        create(root(number)),
        create(rollbackRoot(before === 0 ? number : before)),
      ]),
    retire: (number) =>
      author.write({ by: 'janitor' }, [remove(leaf(number)), remove(leaf(number, 'api-2'))]),
  };
  return author;
}

/** Three generations, applied one after the other. */
export function appliedTrail(): TrailAuthor {
  const author = trailAuthor();
  author.say({ type: 'zone-made' });
  author.write({});
  for (const number of [1, 2, 3]) {
    author.stage(number);
    author.flip(number, number - 1);
  }
  return author;
}

/** The same, and the tree of the first goes in the end. */
export function cleanTrail(): TrailAuthor {
  const author = appliedTrail();
  author.retire(1);
  return author;
}

/** Fences of {@link cleanTrail}: the seq of the flip to a generation. */
export function flipSeq(number: number): number {
  return number + 1;
}

/** The log of {@link cleanTrail}. */
export function cleanLog(): readonly LedgerEvent[] {
  return [
    fleetDeclared(),
    ...[1, 2, 3].flatMap((number) => [planAppended(number), planApplied(number, flipSeq(number))]),
  ];
}

/** The digits with which the log's event of this number begins. */
export function digitsOf(number: number): string {
  return String(number).padStart(12, '0');
}

export async function logOf(events: readonly LedgerEvent[]): Promise<KnownLog> {
  const recorded = events.map(
    (event, index): RecordedEvent => ({
      ...{ cell: CELL, number: index + 1, at: BEGAN, by: 'somebody', event, previous: '' },
      hash: `${digitsOf(index + 1)}${'0'.repeat(52)}`,
    }),
  );
  return readKnownLog(
    { id: LEDGER, events: async (_, { after, limit }) => recorded.slice(after, after + limit) },
    CELL,
  );
}

/** What a trail shows beside a log. */
export async function shown(
  events: readonly TrailEvent[],
  log: readonly LedgerEvent[] = cleanLog(),
  own: readonly string[] | 'whoever' = ['pawl'],
): Promise<TrailReport> {
  const isOwn = own === 'whoever' ? undefined : ({ name }: { readonly name: string }) => own.includes(name);
  return verifyTrail(onePiece(events), [await logOf(log)], { isOwn });
}

async function* onePiece(events: readonly TrailEvent[]): AsyncGenerator<readonly TrailEvent[]> {
  yield events;
}
