import type { DnsName } from '../../plan/names.ts';
import { isWithin } from '../../plan/names.ts';
import type { RecordSet, RecordType } from '../../plan/records.ts';
import { parseDomain } from '../domain-names.ts';
import type { AliasView } from './alias.ts';
import { healthView, resolveSets } from './alias.ts';
import type { AnswerSource, ServedZone } from './answer-source.ts';
import type { Routing } from './chosen-sets.ts';
import type { Client } from './client.ts';
import { clientIn } from './client.ts';
import { drawFrom } from './draw.ts';
import { nodeAt } from './node-lookup.ts';

/** The longest chain of CNAMEs that is followed within a zone. The answer ends with the last of them. */
const CNAME_CHAIN_MAX = 16;
/** Long enough that the answer is worth caching, as RFC 8482, 4.2 advises. */
const HINFO_TTL_SECONDS = 3600;

/** One resource record, its value in presentation form, its time to live in seconds. */
export interface ResourceRecord {
  readonly name: DnsName;
  readonly type: RecordType;
  readonly ttl: number;
  readonly value: string;
}

export interface DnsQuestion {
  readonly name: DnsName;
  readonly type: RecordType;
}

export interface DnsAnswer {
  readonly rcode: 'NOERROR' | 'NXDOMAIN' | 'REFUSED';
  /** False for a referral to another zone's name servers, and for a refusal. */
  readonly authoritative: boolean;
  readonly answers: readonly ResourceRecord[];
  readonly authorities: readonly ResourceRecord[];
  readonly additionals: readonly ResourceRecord[];
}

interface Lookup {
  readonly zone: ServedZone;
  readonly view: AliasView;
  readonly routing: Routing;
}

const REFUSED: DnsAnswer = {
  rcode: 'REFUSED',
  authoritative: false,
  answers: [],
  authorities: [],
  additionals: [],
};

/** Nobody may copy a zone over DNS: Route 53 refuses transfers. */
const TRANSFERS: ReadonlySet<string> = new Set(['AXFR', 'IXFR']);

/**
 * Answers one question as Route 53's name servers would. Pure: the same source, question and `fraction`
 * (in [0, 1), uniform for a fair choice among weighted sets) and client give the same answer. Without a client it is as for
 * one that is nowhere.
 *
 * @throws RangeError when the fraction is out of range.
 */
export function answer(
  source: AnswerSource,
  question: DnsQuestion,
  fraction: number,
  client: Client = clientIn(source.places, undefined),
): DnsAnswer {
  const draw = drawFrom(fraction);
  const zone = TRANSFERS.has(question.type) ? undefined : source.zoneFor(question.name);
  if (zone === undefined) return REFUSED;
  const view: AliasView = {
    zoneOf: (id) => (id === zone.id ? zone : source.zoneById(id)),
    isElsewhere: (target) => source.isElsewhere(target),
  };
  const isHealthy = healthView(view, source.healthOf);
  const cidrBlocks: AnswerSource['cidrBlocks'] = (id) => source.cidrBlocks(id);
  const routing = { isHealthy, draw, client, places: source.places, cidrBlocks };
  const lookup: Lookup = { zone, view, routing };

  const answers: ResourceRecord[] = [];
  const passed = new Set<DnsName>();
  let name = question.name;
  for (let hop = 0; hop <= CNAME_CHAIN_MAX && isWithin(name, zone.name) && !passed.has(name); hop += 1) {
    passed.add(name);
    const node = nodeAt(zone, name, question.type);
    if (node.type === 'delegated') return referral(lookup, node.cut, node.nameServers, answers);
    if (node.type === 'missing') return negative(lookup, 'NXDOMAIN', answers);
    if (question.type === 'ANY' && node.records.length > 0) return positive([...answers, minimalAny(name)]);

    const wanted = recordsOf(lookup, node.records, name, question.type);
    if (wanted.length > 0) return positive([...answers, ...wanted]);
    // The question is for the CNAME itself, or for a type that is there and resolves to nothing: no CNAME is followed.
    if (node.records.some((record) => record.type === question.type)) {
      return negative(lookup, 'NOERROR', answers);
    }
    const cname = recordsOf(lookup, node.records, name, 'CNAME')[0];
    if (cname === undefined) return negative(lookup, 'NOERROR', answers);
    answers.push(cname);
    const target = parseDomain(cname.value);
    if ('problem' in target) break;
    name = target.name;
  }
  // The chain leaves the zone, runs in a circle or is too long: the resolver goes on from the last CNAME.
  return positive(answers);
}

function recordsOf(
  lookup: Lookup,
  records: readonly RecordSet[],
  owner: DnsName,
  type: RecordType,
): readonly ResourceRecord[] {
  const sets = records.filter((record) => record.type === type);
  const resolved = resolveSets(lookup.view, sets, lookup.routing);
  // An alias answers under the name in the question, with the target's time to live.
  return (resolved?.values ?? []).map((value) => ({ name: owner, type, ttl: resolved?.ttl ?? 0, value }));
}

function positive(answers: readonly ResourceRecord[]): DnsAnswer {
  return { rcode: 'NOERROR', authoritative: true, answers, authorities: [], additionals: [] };
}

/** No such name, or no such type at the name; the SOA says how long that may be cached (RFC 2308, 3). */
function negative(
  lookup: Lookup,
  rcode: 'NOERROR' | 'NXDOMAIN',
  answers: readonly ResourceRecord[],
): DnsAnswer {
  const { zone } = lookup;
  const soa = zone.recordsAt(zone.name).find((record) => record.type === 'SOA');
  const value = soa?.values?.[0];
  const authorities =
    soa === undefined || value === undefined
      ? []
      : [{ name: zone.name, type: 'SOA', ttl: negativeTtlSeconds(soa.ttl ?? 0, value), value }];
  return { rcode, authoritative: true, answers, authorities, additionals: [] };
}

/** The smaller of the SOA's own time to live and its last field (RFC 2308, 5). */
function negativeTtlSeconds(ttl: number, soaValue: string): number {
  const minimum = Number.parseInt(soaValue.trim().split(/\s+/)[6] ?? '', 10);
  return Number.isNaN(minimum) ? ttl : Math.min(ttl, minimum);
}

/** ANY is answered with one small record instead of everything, so that nobody is flooded (RFC 8482, 4.2). */
function minimalAny(name: DnsName): ResourceRecord {
  return { name, type: 'HINFO', ttl: HINFO_TTL_SECONDS, value: '"RFC8482" ""' };
}

function referral(
  lookup: Lookup,
  cut: DnsName,
  nameServers: readonly RecordSet[],
  answers: readonly ResourceRecord[],
): DnsAnswer {
  const authorities = nameServers.flatMap((set) =>
    (set.values ?? []).map((value) => ({ name: cut, type: 'NS', ttl: set.ttl ?? 0, value })),
  );
  const additionals = authorities.flatMap((server) => glue(lookup, cut, server.value));
  // After a CNAME this answer is authoritative; only the rest of the chain is in another zone.
  return { rcode: 'NOERROR', authoritative: answers.length > 0, answers, authorities, additionals };
}

/** Addresses of a name server below the cut: without them nobody could ask it (RFC 1034, 4.2.1). */
function glue(lookup: Lookup, cut: DnsName, nameServer: string): readonly ResourceRecord[] {
  const server = parseDomain(nameServer);
  if ('problem' in server || !isWithin(server.name, cut)) return [];
  return lookup.zone
    .recordsAt(server.name)
    .filter((set) => (set.type === 'A' || set.type === 'AAAA') && set.values !== undefined)
    .flatMap((set) =>
      (set.values ?? []).map((value) => ({ name: server.name, type: set.type, ttl: set.ttl ?? 0, value })),
    );
}
