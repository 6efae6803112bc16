import type { DnsName } from '../plan/names.ts';
import type { RecordSet } from '../plan/records.ts';
import { hasUnknownRouting } from '../plan/records.ts';
import type { EndpointDraft, Surroundings, Unexpressed } from './described-zone.ts';
import { addressesDraft, aliasDraft, hostnameDraft } from './drafts.ts';
import { foreignReason } from './foreign-reason.ts';

/** Record types that an endpoint answers with. */
const ANSWERS: ReadonlySet<string> = new Set(['A', 'AAAA', 'CNAME']);

/** The description of one name: an endpoint, if its answers can be described, and the records that cannot. */
export interface Expression {
  readonly endpoint?: EndpointDraft;
  readonly unexpressed: readonly Unexpressed[];
}

/**
 * Describes the records at one name. An endpoint has all addresses of its name, so one record that cannot be described
 * leaves out the others of its name. Pure, except that it takes ids.
 */
export function expressName(name: DnsName, records: readonly RecordSet[], around: Surroundings): Expression {
  const others = records.filter(({ type }) => !ANSWERS.has(type));
  const answers = records.filter(({ type }) => ANSWERS.has(type));
  const left = others
    .filter(({ type }) => !(name === around.zone.name && (type === 'NS' || type === 'SOA')))
    .map(({ type }): Unexpressed => ({ name, type, reason: otherReason(type) }));
  const unexpressed = (reasons: readonly Unexpressed[]): Expression => ({
    unexpressed: onceEach([...left, ...reasons]),
  });
  const [first] = answers;
  if (first === undefined) return unexpressed([]);
  const foreign = foreignReason(name, answers, around);
  if (foreign !== undefined) return unexpressed(answers.map(({ type }) => ({ name, type, reason: foreign })));
  const odd = answers.map((record) => ({ name, type: record.type, reason: oddReason(record) }));
  const culprits = odd.flatMap(({ reason, ...where }) =>
    reason === undefined ? [] : [{ ...where, reason }],
  );
  if (culprits.length > 0) {
    const reason = `an endpoint is all of a name's addresses, and its ${culprits[0]?.type} record cannot be described`;
    const beside = odd.filter((each) => each.reason === undefined);
    return unexpressed([...culprits, ...beside.map(({ type }) => ({ name, type, reason }))]);
  }
  const draft = draftOf(name, answers, around);
  if (typeof draft === 'string')
    return unexpressed(answers.map(({ type }) => ({ name, type, reason: draft })));
  return { endpoint: draft, unexpressed: onceEach(left) };
}

function draftOf(
  name: DnsName,
  answers: readonly RecordSet[],
  { zone, ids }: Surroundings,
): EndpointDraft | string {
  if (answers.every(({ type }) => type === 'CNAME')) return hostnameDraft(name, answers, zone, ids);
  const aliases = answers.filter(({ alias }) => alias !== undefined);
  if (aliases.length === 0) return addressesDraft(name, answers, zone, ids);
  if (aliases.length < answers.length)
    return 'some of its records are aliases and some hold addresses, and an endpoint is one or the other';
  return aliasDraft(name, answers, zone, ids);
}

function otherReason(type: string): string {
  return type === 'NS'
    ? 'it delegates the name to other name servers'
    : 'Pawl answers with A, AAAA and CNAME records alone, and leaves all others to whoever made them';
}

/** Why one record cannot be a leaf of a tree; undefined when it can. */
function oddReason({ type, alias, routing, setIdentifier, weight, values }: RecordSet): string | undefined {
  if (routing !== undefined)
    return `it is routed by ${policyOf(routing)}, and Pawl's answers by weight alone`;
  if (hasUnknownRouting({ setIdentifier, weight, routing })) return 'its routing policy is not known';
  if (type === 'CNAME' && alias !== undefined)
    return 'it is an alias of type CNAME, and a target has a hostname of its own';
  if (type === 'CNAME' && values?.length !== 1) return 'it does not have one value';
  return undefined;
}

/** The routing policies that Pawl never writes, by the field that says so (ResourceRecordSet, API reference). */
const POLICIES: Readonly<Record<string, string>> = {
  Region: 'latency',
  Failover: 'failover',
  GeoLocation: 'geolocation',
  GeoProximityLocation: 'geoproximity',
  MultiValueAnswer: 'multivalue answers',
  CidrRoutingConfig: "the client's network",
};

function policyOf(routing: NonNullable<RecordSet['routing']>): string {
  const [field = ''] = Object.keys(routing);
  return Object.hasOwn(POLICIES, field) ? (POLICIES[field] ?? field) : `the policy ${field}`;
}

/** Weighted records of one name and type share a reason, which is listed once. */
function onceEach(found: readonly Unexpressed[]): readonly Unexpressed[] {
  const seen = new Set<string>();
  return found.filter(({ type, reason }) => {
    const key = `${type} ${reason}`;
    return seen.has(key) ? false : seen.add(key) !== undefined;
  });
}
