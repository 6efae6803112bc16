import type { DnsName } from '../../plan/names.ts';
import type { RecordSet } from '../../plan/records.ts';

/** The number of targets that an endpoint answers with: those of the tree that its root points at, and of its nodes. */
export function servingTargets(name: DnsName, records: readonly RecordSet[]): number {
  const names = new Set(records.filter((record) => record.name === name).map(({ alias }) => alias?.name));
  const targets = new Set<string | undefined>();
  for (const node of names) {
    for (const { setIdentifier, alias } of records.filter((record) => record.name === node)) {
      if (alias !== undefined && records.some((record) => record.name === alias.name)) names.add(alias.name);
      else targets.add(setIdentifier);
    }
  }
  return targets.size;
}
