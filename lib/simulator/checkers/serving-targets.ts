import type { DnsName } from '../../plan/names.ts';
import type { RecordSet } from '../../plan/records.ts';

/** The number of targets that an endpoint answers with: those of the tree that its root points at. */
export function servingTargets(name: DnsName, records: readonly RecordSet[]): number {
  const tree = records.find((record) => record.name === name)?.alias?.name;
  const leaves = records.filter((record) => record.name === tree);
  return new Set(leaves.map(({ setIdentifier }) => setIdentifier)).size;
}
