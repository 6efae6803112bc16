import type { DnsName } from '../../plan/names.ts';
import type { RecordSet } from '../../plan/records.ts';

/** The number of targets that an endpoint answers with: those of the tree that its root points at, and of its nodes. */
export function servingTargets(name: DnsName, records: readonly RecordSet[]): number {
  return targetsBelow(aliasedBy(records.filter((record) => record.name === name)), records);
}

/** The same of one branch of its tree, by the branch's id. */
export function servingInBranch(name: DnsName, branch: string, records: readonly RecordSet[]): number {
  const trees = aliasedBy(records.filter((record) => record.name === name));
  const aliases = records.filter((record) => trees.has(record.name) && record.setIdentifier === branch);
  return targetsBelow(aliasedBy(aliases), records);
}

function aliasedBy(records: readonly RecordSet[]): Set<DnsName | undefined> {
  return new Set(records.map(({ alias }) => alias?.name));
}

function targetsBelow(names: Set<DnsName | undefined>, records: readonly RecordSet[]): number {
  const targets = new Set<string | undefined>();
  for (const node of names) {
    for (const { setIdentifier, alias } of records.filter((record) => record.name === node)) {
      if (alias !== undefined && records.some((record) => record.name === alias.name)) names.add(alias.name);
      else targets.add(setIdentifier);
    }
  }
  return targets.size;
}
