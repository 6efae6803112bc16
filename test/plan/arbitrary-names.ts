import fc from 'fast-check';
import type { CellName, DnsName } from '../../lib/plan/names.ts';
import { cellName, dnsName } from '../../lib/plan/names.ts';
import type { CellScope } from '../../lib/plan/owned-names.ts';
import { RESERVED_LABELS } from '../../lib/plan/owned-names.ts';

/** The cell that these tests talk about. */
export const SCOPE: CellScope = { cell: cellName('use1-a'), zone: dnsName('example.test'), zoneId: 'Z1' };

/** Labels as Route 53 shows them, some with escapes and underscores, none that Pawl keeps for itself. */
const labels: fc.Arbitrary<string> = fc
  .stringMatching(/^[a-z0-9_]([a-z0-9_-]{0,12}[a-z0-9_])?$/)
  .map((label) => (label.length % 7 === 6 ? `${label}\\100` : label))
  .filter((label) => !RESERVED_LABELS.includes(label));

export const cells: fc.Arbitrary<CellName> = fc
  .stringMatching(/^[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?$/)
  .map(cellName);

/** Any endpoint of a zone: the apex, a wildcard, or up to four labels below it. */
export function endpointsOf(zone: DnsName): fc.Arbitrary<DnsName> {
  return fc
    .record({ wildcard: fc.boolean(), above: fc.array(labels, { maxLength: 4 }) })
    .map(({ wildcard, above }) => dnsName([...(wildcard ? ['*'] : []), ...above, zone].join('.')));
}
