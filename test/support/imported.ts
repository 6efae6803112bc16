import { canonicalIpv6 } from '../../lib/fleet/addresses.ts';
import { parseFleet } from '../../lib/fleet/parse-fleet.ts';
import { resolveFleet } from '../../lib/fleet/resolve-fleet.ts';
import type { DescribeOptions } from '../../lib/importer/describe-zone.ts';
import { describeZone } from '../../lib/importer/describe-zone.ts';
import type { DescribedZone, ImportedZone } from '../../lib/importer/described-zone.ts';
import { desiredEndpoints } from '../../lib/plan/desired.ts';
import type { CellFleet } from '../../lib/plan/fleet-model.ts';
import type { DnsName } from '../../lib/plan/names.ts';
import { dnsName } from '../../lib/plan/names.ts';
import type { RecordSet } from '../../lib/plan/records.ts';
import type { DesiredEndpoint } from '../../lib/plan/tree-nodes.ts';

/** An imported zone, with what its file is planned as. */
export interface Imported extends DescribedZone {
  readonly fleets: readonly CellFleet[];
  readonly planned: ReadonlyMap<DnsName, DesiredEndpoint>;
}

/** Imports the records, and reads the file again as "pawl fleet push" and the planner do. */
export function imported(
  records: readonly RecordSet[],
  zone: ImportedZone,
  options: DescribeOptions = {},
): Imported {
  const described = describeZone(records, zone, options);
  if (described.yaml === undefined) return { ...described, fleets: [], planned: new Map() };
  const parsed = parseFleet(described.yaml, 'imported.yaml');
  if (parsed.type === 'invalid')
    throw new Error(`${parsed.mistakes.map(({ message }) => message).join('\n')}\n${described.yaml}`);
  const resolved = resolveFleet(parsed.fleet, new Map([[zone.name, zone.id]]));
  if (resolved.type !== 'resolved') throw new Error('the zone is not known');
  const planned = resolved.cells.flatMap((fleet) =>
    desiredEndpoints({ fleet, observations: {}, drained: [], evacuated: [], base: undefined }),
  );
  return { ...described, fleets: resolved.cells, planned: new Map(planned.map((each) => [each.name, each])) };
}

/** Each answer with its share of the largest weight, 0 to 1, in an order of its own. */
export type Shares = readonly (readonly [answer: string, share: number])[];

/** The answers of a name and type, from the records. It uses none of the importer's own code. */
export function sharesOfRecords(records: readonly RecordSet[]): Shares {
  const isEqual = records.every(({ weight = 0 }) => weight === 0);
  const weighed = records
    .map((record) => [answerOf(record), isEqual ? 1 : (record.weight ?? 1)] as const)
    .filter(([, weight]) => weight > 0);
  return shares(weighed);
}

/** The answers of an endpoint's leaves of one type. */
export function sharesOfLeaves({ leaves }: DesiredEndpoint, type: string): Shares {
  return shares(leaves.filter((leaf) => leaf.type === type).map((leaf) => [answerOf(leaf), leaf.weight]));
}

function shares(weighed: readonly (readonly [string, number])[]): Shares {
  const largest = Math.max(...weighed.map(([, weight]) => weight));
  return weighed
    .map(([answer, weight]) => [answer, weight / largest] as const)
    .sort(([a, share], [b, other]) => (a === b ? share - other : a < b ? -1 : 1));
}

function answerOf({
  values,
  alias,
  healthCheckId,
}: Pick<RecordSet, 'values' | 'alias' | 'healthCheckId'>): string {
  const answer = alias ?? values?.map(canonicalValue).sort();
  return JSON.stringify([answer, healthCheckId ?? '']);
}

function canonicalValue(value: string): string {
  return value.endsWith('.') ? dnsName(value) : (canonicalIpv6(value) ?? value);
}
