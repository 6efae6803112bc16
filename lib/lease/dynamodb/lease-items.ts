import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { LeaseRow } from '../lease-row.ts';
import { rowProblem } from '../lease-row.ts';
import type { Tick } from '../lease-rule.ts';
import { tickProblem } from '../lease-rule.ts';
import type { HearingZone, ReadRow } from '../lease-table.ts';
import { LeasesAway } from '../lease-table.ts';
import { leasePartition } from './lease-partition.ts';

/** An item of the table. Names of attributes are short: a row with all of its members has to fit into one write unit. */
export type LeaseItem = Record<string, AttributeValue>;

/** The format of ticks and rows that this release reads and writes (docs/adr/0040-formats-of-what-is-stored.md). */
const FORMAT = 1;
/** Before every group: no group's name has its first character. */
export const TICK_KEY = '!tick';

export function tickItem(zone: HearingZone, { n, at, seen, every }: Tick): LeaseItem {
  return {
    ...{ pk: { S: leasePartition(zone) }, sk: { S: TICK_KEY } },
    ...{ f: numeral(FORMAT), n: numeral(n), at: numeral(at), seen: { BOOL: seen }, every: numeral(every) },
  };
}

/** @throws LeasesAway when the item is damaged or of a newer format: then nobody ages. */
export function tickOf(item: LeaseItem, table: string): Tick {
  const [n, at, every] = [numberIn(item, 'n'), numberIn(item, 'at'), numberIn(item, 'every')];
  const tick = { n, at, seen: item['seen']?.BOOL === true, every };
  const what = formatProblem(item) ?? tickProblem(tick);
  if (what === undefined) return tick;
  throw new LeasesAway(`The tick of ${item['pk']?.S} in the table "${table}" cannot be read: ${what}.`);
}

export function rowItem(zone: HearingZone, row: LeaseRow): LeaseItem {
  const { group, e, s, t, since, members, by, tries } = row;
  return {
    ...{ pk: { S: leasePartition(zone) }, sk: { S: group }, f: numeral(FORMAT), by: { S: by } },
    ...{ e: numeral(e), s: numeral(s), t: numeral(t), since: numeral(since), tries: numeral(tries) },
    // A released row says so, and is not taken for one that has lost its members.
    m: members.length === 0 ? { NULL: true } : { B: Uint8Array.from(members) },
  };
}

/** Total: a row that cannot be read says so, and the others can. */
export function rowOf(item: LeaseItem): ReadRow {
  const group = item['sk']?.S ?? '';
  const [e, s, t] = [numberIn(item, 'e'), numberIn(item, 's'), numberIn(item, 't')];
  const [since, tries] = [numberIn(item, 'since'), numberIn(item, 'tries')];
  const row = { group, e, s, t, since, members: [...(item['m']?.B ?? [])], by: item['by']?.S ?? '', tries };
  const what = formatProblem(item) ?? membersProblem(item) ?? rowProblem(row);
  return what === undefined
    ? { type: 'row', row }
    : { type: 'unreadable', group, what: `cannot be read: ${what}` };
}

function membersProblem({ m }: LeaseItem): string | undefined {
  return m?.NULL === true || (m?.B?.length ?? 0) > 0 ? undefined : 'its members are missing';
}

function formatProblem(item: LeaseItem): string | undefined {
  const format = numberIn(item, 'f');
  if (format === FORMAT) return undefined;
  return `its format is ${Number.isNaN(format) ? 'missing' : format}, and this Pawl reads format ${FORMAT}`;
}

function numberIn(item: LeaseItem, name: string): number {
  return Number(item[name]?.N ?? Number.NaN);
}

function numeral(value: number): AttributeValue {
  return { N: String(value) };
}
