import type { Fence, FenceReading } from '../plan/fence.ts';
import { boundedReading } from '../plan/fence.ts';
import type { CellName, DnsName } from '../plan/names.ts';
import type { CellScope } from '../plan/owned-names.ts';
import type { RecordSet } from '../plan/records.ts';
import type { TrailFinding } from './finding.ts';
import type { Journal } from './journal.ts';
import { put } from './journal.ts';
import type { KnownLog } from './known-log.ts';
import type { NamePlace } from './name-place.ts';
import { findPlace } from './name-place.ts';
import type { TrailEvent, TrailWriter } from './trail-event.ts';
import type { KeyedChange, ZoneModel } from './zone-model.ts';
import { factsOf, goneOf, newZoneModel } from './zone-model.ts';

/** The fences of one cell, as a trail shows them. */
export interface FenceChain {
  /** The fence that stands; undefined where nobody can say. */
  readonly last: Fence | undefined;
  readonly highest: number;
  /** True after a hand changed the fence, or events are missing, until a fence stands above all earlier ones. */
  readonly byHand: boolean;
  /** The seq of the first fence that the trail shows. */
  readonly first: number | undefined;
  /** Whether fences may have stood that the trail does not show. */
  readonly hasGap: boolean;
}

/** An alias that needs what is not there, or an endpoint's root that somebody has deleted past the fence. */
export interface MissingAnswer {
  readonly since: TrailEvent;
  readonly cell: CellName;
  readonly name: DnsName;
  readonly target: DnsName;
  readonly byHand: boolean;
  readonly isDeleted: boolean;
}

type Tallies = Map<CellName | '', Map<string, number>>;

/** One hosted zone, as far as a trail was played. */
export interface ZoneTrail {
  readonly zone: Omit<CellScope, 'cell'>;
  readonly logs: ReadonlyMap<CellName, KnownLog>;
  /** Whether somebody is Pawl; undefined: nobody said who is, and whoever goes through the fence is. */
  readonly isOwn: ((who: TrailWriter) => boolean) | undefined;
  /** So many of each are remembered of what would grow with the trail. */
  readonly remembered: number;
  readonly journal: Journal;
  readonly model: ZoneModel;
  readonly chains: Map<CellName, FenceChain>;
  /** Nonces that have stood, `cell nonce`, the oldest first. */
  readonly nonces: Map<string, true>;
  readonly missing: Map<string, MissingAnswer>;
  /** `name type` that a hand has deleted, and nobody has made since. */
  readonly handGone: Map<string, true>;
  /** Aliases that a hand made, `name type target`. */
  readonly handMade: Map<string, true>;
  /** Trees that a janitor has deleted. */
  readonly retired: Map<DnsName, true>;
  /** The names that a cell owns since the log's PlanApplied, by {@link fenceKey}. */
  readonly applied: ReadonlyMap<string, readonly DnsName[]>;
  /** What of them the trail has shown. */
  readonly stood: Map<string, true>;
  /** Marks that were said to be unknown, so that each is said once: `cell number digits`. */
  readonly said: Map<string, true>;
  /** Names that a hand has changed, and no batch of Pawl's since. */
  readonly touched: Map<DnsName, true>;
  /** The number of batches of each kind, and of each writer, by cell; without a cell, of none. */
  readonly steps: Tallies;
  readonly writers: Tallies;
  readonly counts: { foreign: number; omitted: number };
  /** Where names stand that were looked at last. */
  readonly places: Map<DnsName, NamePlace>;
  /** The names that are Pawl's outside of the cells' own. */
  readonly names: Map<DnsName, true>;
  /** True once a hand has changed anything of Pawl's. */
  readonly flags: Map<'hands' | 'omitted', true>;
  /** What was found and not handed on yet. */
  readonly findings: TrailFinding[];
}

export function newZoneTrail(
  zone: Omit<CellScope, 'cell'>,
  logs: readonly KnownLog[],
  { isOwn, remembered }: Pick<ZoneTrail, 'isOwn' | 'remembered'>,
): ZoneTrail {
  const journal: Journal = { undo: undefined };
  const names = new Map(logs.flatMap((log) => [...log.names]).map((name) => [name, true] as const));
  return {
    ...{ zone, isOwn, remembered, journal, names, places: new Map(), findings: [] },
    applied: new Map(
      logs.flatMap(({ cell, applied }) => applied.map((each) => [fenceKey(cell, each), each.names] as const)),
    ),
    logs: new Map(logs.map((log) => [log.cell, log])),
    model: newZoneModel(journal, remembered),
    ...{ chains: new Map(), nonces: new Map(), missing: new Map(), handGone: new Map() },
    ...{ handMade: new Map(), retired: new Map(), stood: new Map(), said: new Map(), touched: new Map() },
    ...{ steps: new Map(), writers: new Map(), counts: { foreign: 0, omitted: 0 }, flags: new Map() },
  };
}

const NO_CHAIN: FenceChain = {
  last: undefined,
  highest: 0,
  byHand: false,
  first: undefined,
  hasGap: false,
};

/** The cell of this ledger that a name belongs to; undefined for every other name. */
export function ownCell(trail: ZoneTrail, name: DnsName): CellName | undefined {
  const { cell } = placeOf(trail, name);
  return cell !== undefined && trail.logs.has(cell) ? cell : undefined;
}

const PLACES_MAX = 20_000;

/** Where a name stands. A trail says the same names again and again, so the last of them are kept. */
export function placeOf({ zone, places, remembered }: ZoneTrail, name: DnsName): NamePlace {
  const known = places.get(name);
  if (known !== undefined) return known;
  const found = findPlace(zone, name);
  if (places.size >= Math.min(PLACES_MAX, remembered)) places.clear();
  places.set(name, found);
  return found;
}

export function keyedChange(trail: ZoneTrail, action: KeyedChange['action'], record: RecordSet): KeyedChange {
  return { action, record, key: factsOf(trail.model, record).key, place: placeOf(trail, record.name) };
}

export function chainOf({ chains }: ZoneTrail, cell: CellName): FenceChain {
  return chains.get(cell) ?? NO_CHAIN;
}

/** A fence stands now. */
export function noteFence(
  trail: ZoneTrail,
  cell: CellName,
  fence: Fence,
  change: Partial<FenceChain> = {},
): void {
  const { journal, chains, nonces, stood, applied } = trail;
  const chain = { ...chainOf(trail, cell), ...change };
  const { seq, nonce } = fence;
  put(journal, chains, cell, {
    last: fence,
    highest: Math.max(chain.highest, seq),
    byHand: chain.byHand && seq <= chain.highest,
    first: chain.first ?? seq,
    hasGap: chain.hasGap,
  });
  put(journal, nonces, `${cell} ${nonce}`, true);
  const key = fenceKey(cell, fence);
  if (applied.has(key)) put(journal, stood, key, true);
}

/** A fence by what a PlanApplied says of it. */
export function fenceKey(
  cell: CellName,
  { generation, seq, plan }: Pick<Fence, 'plan'> & { readonly generation: number; readonly seq: number },
): string {
  return `${cell} ${generation} ${seq} ${plan}`;
}

/** A fence of this cell's ledger that can be read; undefined for any other. */
export function ownFence({ logs }: ZoneTrail, { cell }: CellScope, reading: FenceReading): Fence | undefined {
  const log = logs.get(cell);
  if (log === undefined) return undefined;
  const bounded = boundedReading(reading, log.highest);
  return bounded.type === 'fence' && bounded.fence.ledger === log.ledger ? bounded.fence : undefined;
}

/** Whatever stands at the fence's name now is not what a writer of Pawl's left. */
export function beginAnew(trail: ZoneTrail, cell: CellName, fence: Fence | undefined, hasGap: boolean): void {
  const chain = chainOf(trail, cell);
  const anew = { ...chain, byHand: true, last: undefined, hasGap: chain.hasGap || hasGap };
  if (fence === undefined) put(trail.journal, trail.chains, cell, anew);
  else {
    noteFence(trail, cell, fence, anew);
    put(trail.journal, trail.chains, cell, { ...chainOf(trail, cell), byHand: true });
  }
}

export function count({ journal }: ZoneTrail, tallies: Tallies, cell: CellName | '', word: string): void {
  let tally = tallies.get(cell);
  if (tally === undefined) {
    tally = new Map();
    tallies.set(cell, tally);
  }
  put(journal, tally, word, (tally.get(word) ?? 0) + 1);
}

/**
 * Forgets the oldest of what would grow with a trail. What returns after it was forgotten is not found; and what rests on a
 * change by hand that was forgotten counts as Pawl's doing.
 */
export function trimMemories(trail: ZoneTrail): void {
  const { nonces, retired, said, handGone, handMade, touched, remembered } = trail;
  for (const memory of [nonces, retired, said, handGone, handMade, touched]) trimOldest(memory, remembered);
}

function trimOldest(memory: Map<string, true>, max: number): void {
  if (memory.size <= max) return;
  for (const key of memory.keys()) {
    if (memory.size <= max / 2) return;
    memory.delete(key);
  }
}

/** How many of each are kept. `records` are what stands in the zone at names of Pawl's, and `gone` what stood there. */
export function keptOf(trail: ZoneTrail): Readonly<Record<string, number>> {
  const { nonces, retired, said, handGone, handMade, names, missing, model } = trail;
  const { places, touched } = trail;
  return {
    ...{ nonces: nonces.size, retired: retired.size, said: said.size, names: names.size },
    ...{ hands: handGone.size + handMade.size, missing: missing.size },
    ...{ places: places.size, touched: touched.size, facts: model.facts.size },
    ...{ records: model.sets.size, gone: goneOf(model), pointers: model.pointers.size },
  };
}
