import type { Fence } from '../plan/fence.ts';
import type { CellName, DnsName } from '../plan/names.ts';
import type { CellScope } from '../plan/owned-names.ts';
import { cellOfName } from '../plan/owned-names.ts';
import type { TrailFinding } from './finding.ts';
import type { Journal } from './journal.ts';
import { put } from './journal.ts';
import type { KnownLog } from './known-log.ts';
import type { TrailEvent, TrailWriter } from './trail-event.ts';
import type { ZoneModel } from './zone-model.ts';
import { newZoneModel } from './zone-model.ts';

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

/** An alias that needs what is not there. */
export interface MissingAnswer {
  readonly since: TrailEvent;
  readonly cell: CellName;
  readonly target: DnsName;
  readonly byHand: boolean;
}

/** One hosted zone, as far as a trail was played. */
export interface ZoneTrail {
  readonly zone: Omit<CellScope, 'cell'>;
  readonly logs: ReadonlyMap<CellName, KnownLog>;
  /** Whether somebody is Pawl; undefined: nobody said who is, and whoever goes through the fence is. */
  readonly isOwn: ((who: TrailWriter) => boolean) | undefined;
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
  /** The log's PlanApplied, as {@link fenceKey} has them. */
  readonly applied: ReadonlySet<string>;
  /** What of them the trail has shown. */
  readonly stood: Map<string, true>;
  /** Marks that were said to be unknown, so that each is said once: `cell number digits`. */
  readonly said: Map<string, true>;
  /** Batches, `cell step`, and `cell by`. */
  readonly steps: Map<string, number>;
  readonly counts: { foreign: number; omitted: number };
  /** The names that are Pawl's outside of the cells' own. */
  readonly names: Map<DnsName, true>;
  /** True once a hand has changed anything of Pawl's. */
  readonly flags: Map<'hands' | 'omitted', true>;
  /** What was found and not handed on yet. */
  readonly findings: TrailFinding[];
}

/** So many fences are remembered by their nonces. */
const NONCES_MAX = 200_000;

export function newZoneTrail(
  zone: Omit<CellScope, 'cell'>,
  logs: readonly KnownLog[],
  isOwn: ZoneTrail['isOwn'],
): ZoneTrail {
  const journal: Journal = { undo: undefined };
  const names = new Map(logs.flatMap((log) => [...log.names]).map((name) => [name, true] as const));
  return {
    ...{ zone, isOwn, journal, names, findings: [] },
    applied: new Set(logs.flatMap(({ cell, applied }) => applied.map((each) => fenceKey(cell, each)))),
    logs: new Map(logs.map((log) => [log.cell, log])),
    model: newZoneModel(journal),
    ...{ chains: new Map(), nonces: new Map(), missing: new Map(), handGone: new Map() },
    ...{ handMade: new Map(), retired: new Map(), stood: new Map(), said: new Map() },
    ...{ steps: new Map(), counts: { foreign: 0, omitted: 0 }, flags: new Map() },
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
export function ownCell({ logs, zone }: ZoneTrail, name: DnsName): CellName | undefined {
  const cell = cellOfName(name, zone);
  return cell !== undefined && logs.has(cell) ? cell : undefined;
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
  if (journal.undo === undefined) trimOldest(nonces, NONCES_MAX);
}

/** A fence by what a PlanApplied says of it. */
export function fenceKey(
  cell: CellName,
  { generation, seq, plan }: Pick<Fence, 'plan'> & { readonly generation: number; readonly seq: number },
): string {
  return `${cell} ${generation} ${seq} ${plan}`;
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

export function count(trail: ZoneTrail, key: string): void {
  put(trail.journal, trail.steps, key, (trail.steps.get(key) ?? 0) + 1);
}

function trimOldest<Key>(map: Map<Key, true>, max: number): void {
  if (map.size <= max) return;
  for (const key of map.keys()) {
    if (map.size <= max / 2) return;
    map.delete(key);
  }
}
