import type { Head, Ledger } from '../ledger/ledger.ts';
import { LedgerUnusable } from '../ledger/ledger.ts';
import type { CellAnchor } from '../ledger/verify-anchors.ts';
import type { HeadMark } from '../plan/fence.ts';
import type { CellName } from '../plan/names.ts';
import type { Zone } from '../zone/zone.ts';
import { ZoneNotFound, ZoneUnavailable } from '../zone/zone.ts';
import { readFence } from './fence-reader.ts';

/**
 * The fence of a cell as an anchor of its log: it knows one event, the head on which its last write was decided. Reads
 * the fence now, so before the log that is held against it.
 *
 * @throws LedgerUnavailable when the ledger, which says where the fence is, cannot be reached.
 */
export async function fenceAnchor(
  ledger: Ledger,
  zoneOf: (zoneId: string) => Zone,
  cell: CellName,
): Promise<CellAnchor> {
  const named = await markInFence(ledger, zoneOf, cell);
  const anchor = { name: 'the fence', isWhole: false };
  const nothing = async () => [];
  if (typeof named === 'string') return { ...anchor, unknown: named, marks: nothing };
  if ('unreached' in named) return { ...anchor, unknown: named.unreached, isUnreached: true, marks: nothing };
  return {
    ...anchor,
    marks: async (after, upTo) => (named.number > after && named.number <= upTo ? [named] : []),
  };
}

/** The event that the fence names, or why none can be told. */
async function markInFence(
  ledger: Ledger,
  zoneOf: (zoneId: string) => Zone,
  cell: CellName,
): Promise<HeadMark | { readonly unreached: string } | string> {
  const head = await readableHead(ledger, cell);
  if (head === undefined) return 'the newest event, which says where the fence is, cannot be read';
  const { fleet } = head.state;
  if (fleet === null) return 'no fleet has been pushed, so there is no fence';
  try {
    const { zone, zoneId } = fleet;
    const reading = await readFence(zoneOf(zoneId), { cell, zone, zoneId });
    if (reading.type !== 'fence') return `the fence is ${reading.type}`;
    const { fence } = reading;
    if (fence.ledger !== ledger.id) return `the fence belongs to ledger ${fence.ledger}`;
    return fence.head ?? 'the fence names no event, as before format 4 and until the first write in it';
  } catch (error) {
    if (!(error instanceof ZoneUnavailable || error instanceof ZoneNotFound)) throw error;
    const unreached = `its zone cannot be read (${error.message.replace(/\.$/, '')})`;
    return error instanceof ZoneNotFound ? unreached : { unreached };
  }
}

/** Undefined when the newest event is damaged, which is among the problems of the log. */
async function readableHead(ledger: Ledger, cell: CellName): Promise<Head | undefined> {
  try {
    return await ledger.head(cell);
  } catch (error) {
    if (error instanceof LedgerUnusable) return undefined;
    throw error;
  }
}
