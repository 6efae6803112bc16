import { parseFleet } from '../../lib/fleet/parse-fleet.ts';
import { resolveFleet } from '../../lib/fleet/resolve-fleet.ts';
import type { DescribeOptions } from '../../lib/importer/describe-zone.ts';
import type { DescribedZone } from '../../lib/importer/described-zone.ts';
import type { AskedZone } from '../../lib/importer/readers/declared-zone.ts';
import { describeDeclared } from '../../lib/importer/readers/describe-declared.ts';
import type { Tool } from '../../lib/importer/readers/read-declared.ts';
import { readDeclared } from '../../lib/importer/readers/read-declared.ts';
import type { CellFleet } from '../../lib/plan/fleet-model.ts';
import type { DnsName } from '../../lib/plan/names.ts';

/** What another tool's files declare, described, and the described file read again as "pawl fleet push" does. */
export interface Declared extends DescribedZone {
  readonly zone: DnsName;
  readonly fleets: readonly CellFleet[];
}

/** Files by path. @throws Error with the mistakes when there are some. */
export function declared(
  tool: Tool,
  files: Readonly<Record<string, string>>,
  wanted: AskedZone = {},
  options: DescribeOptions = {},
): Declared {
  const read = readDeclared(
    tool,
    Object.entries(files).map(([path, text]) => ({ path, text })),
    wanted,
  );
  if (read.type === 'invalid') throw new Error(read.mistakes.join('\n'));
  const { zone, origin } = read;
  const described = describeDeclared(zone, { origin, ...options });
  if (described.yaml === undefined) return { ...described, zone: zone.name, fleets: [] };
  const parsed = parseFleet(described.yaml, 'imported.yaml');
  if (parsed.type === 'invalid')
    throw new Error(`${parsed.mistakes.map(({ message }) => message).join('\n')}\n${described.yaml}`);
  const resolved = resolveFleet(parsed.fleet, new Map([[zone.name, zone.id ?? 'Z0123456789ABCDEFGHIJ']]));
  if (resolved.type !== 'resolved') throw new Error('the zone is not known');
  return { ...described, zone: zone.name, fleets: resolved.cells };
}

/** The mistakes of the files; empty when there are none. */
export function mistakesOf(
  tool: Tool,
  files: Readonly<Record<string, string>>,
  wanted: AskedZone = {},
): readonly string[] {
  const read = readDeclared(
    tool,
    Object.entries(files).map(([path, text]) => ({ path, text })),
    wanted,
  );
  return read.type === 'invalid' ? read.mistakes : [];
}

/** The fleet file's part with the endpoints, without its indentation. */
export function endpointsOf({ yaml = '' }: DescribedZone): string {
  const [, text = ''] = yaml.split('    endpoints:\n');
  return text.split('\n\n')[0]?.replaceAll(/^ {6}/gm, '').trimEnd() ?? '';
}

/** What is left, a line each. */
export function leftOf({ unexpressed }: DescribedZone): readonly string[] {
  return unexpressed.map(({ name, type, reason }) => `${name} ${type}: ${reason}`);
}
