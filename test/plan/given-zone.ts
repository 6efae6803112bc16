import { dnsName } from '../../lib/plan/names.ts';
import { rollbackName } from '../../lib/plan/owned-names.ts';
import type { Plan } from '../../lib/plan/plan.ts';
import { aliasTo, rootRecords } from '../../lib/plan/plan.ts';
import type { RecordSet } from '../../lib/plan/records.ts';
import { treeRecords } from '../../lib/plan/tree-nodes.ts';
import { SCOPE } from './arbitrary-names.ts';

/** The records of a plan that is in place: trees, roots, and rollback roots that point at the same trees. */
export function inPlace(plan: Plan): readonly RecordSet[] {
  return plan.endpoints.flatMap((endpoint) => {
    const roots = rootRecords(endpoint, SCOPE);
    const rollbacks = roots.map((root) => ({ ...root, name: rollbackName(endpoint.name, SCOPE) }));
    return [...treeRecords(endpoint, SCOPE), ...roots, ...rollbacks];
  });
}

/** An alias of the shape of a root. */
export function aliased(name: string, to: string, type = 'A'): RecordSet {
  return aliasTo(dnsName(name), type, dnsName(to), SCOPE);
}

/** A plain record. */
export function plain(name: string, type = 'A', value = '203.0.113.9'): RecordSet {
  return { name: dnsName(name), type, ttl: 300, values: [value] };
}
