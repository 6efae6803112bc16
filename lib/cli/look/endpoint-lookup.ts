import type { Head, Ledger } from '../../ledger/ledger.ts';
import { getPlan } from '../../ledger/plan-bodies.ts';
import type { DnsName } from '../../plan/names.ts';
import { wildcardCovers } from '../../plan/names.ts';
import type { Plan, PlannedEndpoint } from '../../plan/plan.ts';
import { plannedEndpoint } from '../../plan/plan.ts';

/** An endpoint as the applied plan of its cell has it. */
export interface AppliedEndpoint {
  readonly head: Head;
  readonly plan: Plan;
  readonly endpoint: PlannedEndpoint;
}

/** The endpoint that answers for a name: the one of that name, else the nearest wildcard above it. */
export async function appliedEndpoint(ledger: Ledger, name: DnsName): Promise<AppliedEndpoint | undefined> {
  let covering: AppliedEndpoint | undefined;
  for (const cell of await ledger.cells()) {
    const head = await ledger.head(cell);
    const { applied, owned } = head.state;
    const wanted = bestName(owned, name);
    if (applied === null || wanted === undefined) continue;
    const plan = await getPlan(ledger, cell, applied.digest);
    const endpoint = plannedEndpoint(plan, wanted);
    if (endpoint === undefined) continue;
    if (wanted === name) return { head, plan, endpoint };
    if (covering === undefined || wanted.length > covering.endpoint.name.length)
      covering = { head, plan, endpoint };
  }
  return covering;
}

function bestName(owned: readonly DnsName[], name: DnsName): DnsName | undefined {
  if (owned.includes(name)) return name;
  return owned.filter((each) => wildcardCovers(each, name)).sort((a, b) => b.length - a.length)[0];
}
