import type { DnsName } from '../../plan/names.ts';
import type { RecordSet } from '../../plan/records.ts';
import type { Hindrance } from './hindrance.ts';
import type { Choose, Tampering, TamperingInput, ZoneSurroundings } from './tampering-input.ts';
import { pawls, pick } from './tampering-input.ts';

type Input = TamperingInput & { readonly surroundings: ZoneSurroundings };
type Kind = (input: Input, choose: Choose) => Tampering | undefined;

/**
 * Every way of putting something in the way of an endpoint that Pawl cannot remove, and of taking it away again. A list
 * of choices names them by index, after the ways of changing records: their order never changes.
 */
export const OBSTACLES: readonly Kind[] = [
  protect,
  protectRoot,
  unprotect,
  takeName,
  putBesideHostname,
  putUnknownRouting,
  deleteHealthCheck,
  limitRecords,
  failTarget,
  listWrongly,
];

function hindered(what: string, hindrance: Hindrance): Tampering {
  return { what, deletes: [], creates: [], hindrance };
}

function protection(of: Pick<RecordSet, 'name' | 'type'> | undefined): Tampering | undefined {
  if (of === undefined) return undefined;
  const { name, type } = of;
  return hindered(`protect ${name} ${type}`, { type: 'protect', name, recordType: type });
}

/** Any record of Pawl's: a leaf, a rollback root, a root. */
function protect(input: Input, choose: Choose): Tampering | undefined {
  return protection(pick(pawls(input), choose));
}

/** What most changes need. */
function protectRoot(input: Input, choose: Choose): Tampering | undefined {
  return protection(pick(rootsIn(input), choose));
}

function unprotect({ surroundings }: Input, choose: Choose): Tampering | undefined {
  const there = pick(surroundings.protections, choose);
  if (there === undefined) return undefined;
  const { name, type } = there;
  return hindered(`unprotect ${name} ${type}`, { type: 'unprotect', name, recordType: type });
}

/** A record at an endpoint's name: not Pawl's, where the cell does not have the name yet. */
function takeName({ records, endpoints }: Input, choose: Choose): Tampering | undefined {
  const free = endpoints.filter((name) => !records.some((record) => record.name === name));
  const name = pick(free, choose);
  return name && { what: `take ${name}`, deletes: [], creates: [byHand(name, 'A', '198.51.100.9')] };
}

/** A TXT in the place of a CNAME root: the CNAME can never stand beside it again. */
function putBesideHostname(input: Input, choose: Choose): Tampering | undefined {
  const root = pick(
    rootsIn(input).filter(({ type }) => type === 'CNAME'),
    choose,
  );
  if (root === undefined) return undefined;
  const text = byHand(root.name, 'TXT', '"put here by hand"');
  return { what: `put a TXT in the place of ${root.name}`, deletes: [root], creates: [text] };
}

/** In the place of a root, a record that is routed by a policy which the SDK does not know. */
function putUnknownRouting(input: Input, choose: Choose): Tampering | undefined {
  const root = pick(
    rootsIn(input).filter(({ type }) => type === 'A'),
    choose,
  );
  if (root === undefined) return undefined;
  const record: RecordSet = {
    ...byHand(root.name, 'A', '198.51.100.10'),
    setIdentifier: 'by-another-tool',
    routing: { AZAffinity: { LocationId: 'global', LocationType: 'Global' } },
  };
  return { what: `route ${root.name} by another policy`, deletes: [root], creates: [record] };
}

function deleteHealthCheck({ surroundings }: Input, choose: Choose): Tampering | undefined {
  const id = pick([...surroundings.healthChecks], choose);
  return id === undefined
    ? undefined
    : hindered('delete a health check', { type: 'delete-health-check', id });
}

/** Leaves the zone little room, or the room that it had before. */
function limitRecords({ records, surroundings }: Input, choose: Choose): Tampering {
  const room = choose(3);
  const { recordLimit, ownLimit } = surroundings;
  const limit = recordLimit < ownLimit ? ownLimit : records.length + room;
  return hindered(`limit the zone to ${limit} records`, { type: 'limit', records: limit });
}

/** A target fails, or serves again. */
function failTarget({ surroundings }: Input, choose: Choose): Tampering | undefined {
  const { targets, failed } = surroundings;
  const id = pick(targets, choose);
  if (id === undefined) return undefined;
  const others = [...failed].filter((other) => other !== id);
  return failed.has(id)
    ? hindered(`${id} serves again`, { type: 'targets', failed: new Set(others) })
    : hindered(`${id} fails`, { type: 'targets', failed: new Set([...failed, id]) });
}

/** Listings leave a record out, or show one twice, or are right again. */
function listWrongly({ records, surroundings }: Input, choose: Choose): Tampering {
  if (surroundings.listingFault !== undefined)
    return hindered('list the zone rightly again', { type: 'listing', fault: undefined });
  const type = choose(4) === 0 ? 'repeats' : 'leaves-out';
  const fault = { type, place: choose(Math.max(1, records.length)) } as const;
  return hindered(`list the zone wrongly: ${type} ${fault.place}`, { type: 'listing', fault });
}

function rootsIn({ records, endpoints }: Input): readonly RecordSet[] {
  return records.filter(({ name, alias }) => endpoints.includes(name) && alias !== undefined);
}

function byHand(name: DnsName, type: string, value: string): RecordSet {
  return { name, type, ttl: 300, values: [value] };
}
