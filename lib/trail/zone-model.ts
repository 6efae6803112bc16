import type { DnsName } from '../plan/names.ts';
import type { RecordSet } from '../plan/records.ts';
import { sameRecord } from '../plan/records.ts';
import type { AnswerIndex, StandingAlias } from '../rules/alias-index.ts';
import type { Journal } from './journal.ts';
import { put } from './journal.ts';
import type { NamePlace } from './name-place.ts';
import type { TrailChange } from './trail-event.ts';

/**
 * What a trail tells of the records of a zone. Before its first event nobody knows what stood there: a name and type is
 * `unknown` until the trail shows all of it.
 */
export interface ZoneModel {
  readonly journal: Journal;
  /** So many names are remembered of which nothing stands any more. The oldest are forgotten first: they are unknown then. */
  readonly remembered: number;
  /** True once the trail has shown the zone being made: then what is not known is not there. */
  fromStart: boolean;
  /** The records that stand, by `name type`. */
  readonly sets: Map<string, readonly RecordSet[]>;
  /** Of what all is known: `name type`. */
  readonly whole: Map<string, true>;
  /** For each `name type`, the `name type` of the aliases that need it. */
  readonly pointers: Map<string, readonly string[]>;
  /** Of the records that were asked about last. */
  readonly facts: Map<RecordSet, RecordFacts>;
}

/** What is asked of a record again and again: while a batch waits, while it is played, and when it goes. */
export interface RecordFacts {
  /** `name type`. */
  readonly key: string;
  /** What it needs, where it is an alias. */
  readonly alias: StandingAlias | undefined;
}

/** A change with the `name type` that it is about, and where that stands. */
export interface KeyedChange extends TrailChange {
  readonly key: string;
  readonly place: NamePlace;
}

export function newZoneModel(journal: Journal, remembered: number): ZoneModel {
  const [sets, whole, pointers, facts] = [new Map(), new Map(), new Map(), new Map()];
  return { journal, remembered, fromStart: false, sets, whole, pointers, facts };
}

export type KeyStanding = 'there' | 'absent' | 'unknown';

const FACTS_MAX = 20_000;

/** What is asked of a record again and again. A trail says the same record as it comes and as it goes. */
export function factsOf({ facts, remembered }: ZoneModel, record: RecordSet): RecordFacts {
  const known = facts.get(record);
  if (known !== undefined) return known;
  const { name, type, alias } = record;
  const key = `${name} ${type}`;
  const found: RecordFacts = {
    key,
    alias:
      alias === undefined ? undefined : { key, name, target: alias.name, needs: `${alias.name} ${type}` },
  };
  if (facts.size >= Math.min(FACTS_MAX, remembered)) facts.clear();
  facts.set(record, found);
  return found;
}

export function standingAt(model: ZoneModel, key: string): KeyStanding {
  if (model.sets.has(key)) return 'there';
  return model.fromStart || model.whole.has(key) ? 'absent' : 'unknown';
}

/**
 * Whether Route 53 can have accepted these changes in this zone: a DELETE matches what stands, a CREATE finds nothing.
 * What is unknown fits.
 */
export function fits(model: ZoneModel, changes: readonly KeyedChange[]): boolean {
  const moved = new Map<string, RecordSet | null>();
  for (const { action, record, key } of changes) {
    const place = record.setIdentifier === undefined ? key : `${key} ${record.setIdentifier}`;
    const standing = moved.has(place) ? moved.get(place) : standingRecord(model, key, record);
    if (
      action === 'DELETE' &&
      (standing === null || (standing !== undefined && !sameRecord(standing, record)))
    )
      return false;
    if (action === 'CREATE' && standing !== null && standing !== undefined) return false;
    moved.set(place, action === 'DELETE' ? null : record);
  }
  return true;
}

/** The record that stands in a record's place; null where none does, undefined where nobody knows. */
function standingRecord(
  model: ZoneModel,
  key: string,
  { setIdentifier }: RecordSet,
): RecordSet | null | undefined {
  const found = model.sets.get(key)?.find((standing) => standing.setIdentifier === setIdentifier);
  if (found !== undefined) return found;
  return model.fromStart || model.whole.has(key) ? null : undefined;
}

const NOTHING: readonly RecordSet[] = [];

/**
 * Writes changes that were accepted.
 *
 * @param fenced whether Pawl wrote them: a tree that it makes is whole, because it makes each under a name of its own.
 * @returns each `name type` that was touched.
 */
export function applyChanges(
  model: ZoneModel,
  changes: readonly KeyedChange[],
  fenced: boolean,
): ReadonlyMap<string, DnsName> {
  const { journal, sets, whole } = model;
  const touched = new Map<string, DnsName>();
  const isReplaced = (key: string): boolean =>
    changes.some((change) => change.action === 'DELETE' && change.key === key);
  for (const { action, record, key } of changes) {
    const standing = sets.get(key) ?? NOTHING;
    const isFresh = fenced && standing.length === 0 && !touched.has(key) && !isReplaced(key);
    touched.set(key, record.name);
    const others = standing.filter(({ setIdentifier }) => setIdentifier !== record.setIdentifier);
    for (const gone of standing) if (gone.setIdentifier === record.setIdentifier) unpoint(model, gone);
    const now = action === 'DELETE' ? others : [...others, record];
    put(journal, sets, key, now.length === 0 ? undefined : now);
    if (action !== 'DELETE') point(model, record);
    // A plain record stands alone at its name and type. A weighted one may stand beside others that nobody has seen.
    if (!model.fromStart && (record.setIdentifier === undefined || (isFresh && action === 'CREATE')))
      put(journal, whole, key, true);
  }
  if (goneOf(model) > model.remembered && journal.undo === undefined) forgetGone(model);
  return touched;
}

/** The names of which all is known, and nothing stands: at least so many. */
export function goneOf({ whole, sets }: ZoneModel): number {
  return Math.max(0, whole.size - sets.size);
}

function forgetGone(model: ZoneModel): void {
  const { whole, sets, remembered } = model;
  for (const key of whole.keys()) {
    if (goneOf(model) <= remembered / 2) return;
    if (!sets.has(key)) whole.delete(key);
  }
}

function point(model: ZoneModel, record: RecordSet): void {
  const { journal, pointers } = model;
  const { alias } = factsOf(model, record);
  if (alias === undefined) return;
  const { key, needs } = alias;
  put(journal, pointers, needs, [...(pointers.get(needs) ?? []), key]);
}

function unpoint(model: ZoneModel, record: RecordSet): void {
  const { journal, pointers } = model;
  const { alias } = factsOf(model, record);
  if (alias === undefined) return;
  const { key, needs } = alias;
  const left = [...(pointers.get(needs) ?? [])];
  const at = left.indexOf(key);
  if (at >= 0) left.splice(at, 1);
  put(journal, pointers, needs, left.length === 0 ? undefined : left);
}

/** Nobody knows any more what stands in the zone. */
export function forgetZone(model: ZoneModel): void {
  const { journal, sets, whole, pointers } = model;
  for (const key of [...sets.keys()]) put(journal, sets, key, undefined);
  for (const key of [...whole.keys()]) put(journal, whole, key, undefined);
  for (const key of [...pointers.keys()]) put(journal, pointers, key, undefined);
  const { fromStart } = model;
  journal.undo?.push(() => {
    model.fromStart = fromStart;
  });
  model.fromStart = false;
}

/** A part of a zone: everything that leads to these, and all that it leads to. What is unknown counts as there. */
export interface ZonePart extends AnswerIndex {
  /** Every `name type` that was looked at. */
  readonly seen: ReadonlyMap<string, DnsName>;
}

/** So many names are looked at for one batch, at most. */
const PART_MAX = 20_000;

export function partAround(model: ZoneModel, touched: ReadonlyMap<string, DnsName>): ZonePart {
  const seen = new Map(touched);
  for (const key of seen.keys()) {
    if (seen.size > PART_MAX) break;
    for (const pointer of model.pointers.get(key) ?? []) {
      const [record] = model.sets.get(pointer) ?? [];
      if (record !== undefined) seen.set(pointer, record.name);
    }
  }
  const there = new Set<string>();
  const aliases: StandingAlias[] = [];
  for (const key of seen.keys()) {
    if (standingAt(model, key) !== 'absent') there.add(key);
    for (const record of model.sets.get(key) ?? []) {
      if (record.alias === undefined) continue;
      const { alias } = factsOf(model, record);
      if (alias === undefined) continue;
      aliases.push(alias);
      if (seen.size <= PART_MAX) seen.set(alias.needs, alias.target);
    }
  }
  return { seen, there, aliases };
}
