import type { DnsName } from '../../plan/names.ts';
import type { RecordSet } from '../../plan/records.ts';
import type { ServedZone } from './answer-source.ts';
import { parentOf } from './answer-source.ts';

/** What a zone has at a name. */
export type Node =
  /** The name is at or below a delegation: the name servers of `cut` know. */
  | { readonly type: 'delegated'; readonly cut: DnsName; readonly nameServers: readonly RecordSet[] }
  /** Neither the name nor a wildcard for it exists. */
  | { readonly type: 'missing' }
  /** Record sets, at the name itself or at the wildcard that covers it; none at an empty non-terminal. */
  | { readonly type: 'found'; readonly records: readonly RecordSet[] };

const NOTHING_HERE: Node = { type: 'found', records: [] };

/**
 * Finds what answers for `name`, which lies in `zone`: a delegation above everything (RFC 1034, 4.3.2), the
 * name itself, or the wildcard directly below its closest encloser (RFC 4592, 3.3.1). A name that exists only
 * because others stand below it blocks the wildcard.
 */
export function nodeAt(zone: ServedZone, name: DnsName, type: string): Node {
  const delegation = delegationAbove(zone, name, type);
  if (delegation !== undefined) return delegation;
  const records = zone.recordsAt(name);
  if (records.length > 0) return { type: 'found', records };
  if (name === zone.name || zone.exists(name)) return NOTHING_HERE;
  const wildcard = `*.${closestEncloser(zone, name)}` as DnsName;
  const covering = zone.recordsAt(wildcard);
  if (covering.length > 0) return { type: 'found', records: covering };
  return zone.exists(wildcard) ? NOTHING_HERE : { type: 'missing' };
}

/** The topmost name below the apex, at or above `name`, that has NS records. */
function delegationAbove(zone: ServedZone, name: DnsName, type: string): Node | undefined {
  let topmost: Node | undefined;
  for (let at: DnsName | undefined = name; at !== undefined && at !== zone.name; at = parentOf(at)) {
    // A DS record belongs to the parent's side of the cut (RFC 4035, 3.1.4.1).
    if (at === name && type === 'DS') continue;
    const nameServers = zone.recordsAt(at).filter((record) => record.type === 'NS');
    if (nameServers.length > 0) topmost = { type: 'delegated', cut: at, nameServers };
  }
  return topmost;
}

function closestEncloser(zone: ServedZone, name: DnsName): DnsName {
  let at = parentOf(name);
  while (at !== undefined && at !== zone.name && !zone.exists(at)) at = parentOf(at);
  return at ?? zone.name;
}
