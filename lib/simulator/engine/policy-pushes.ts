import { parseCellFleet } from '../../fleet/cell-fleet-codec.ts';
import { waitingLoosening } from '../../ledger/decider/loosening.ts';
import { decideLoosening } from '../../operator/decide-loosening.ts';
import { pushFleet } from '../../operator/push-fleet.ts';
import type { CellPolicy } from '../../plan/fleet-model.ts';
import type { DnsName } from '../../plan/names.ts';
import { dnsName } from '../../plan/names.ts';
import type { ActorRole } from './actor-roles.ts';
import { SAMPLE_CELL, SAMPLE_ZONE } from './sample-fleet.ts';

type Workflow = Extract<ActorRole, { readonly type: 'workflow' }>;

/** The endpoint of which a push drops targets, or changes the floor. */
const API = dnsName(`api.${SAMPLE_ZONE}`);

/** A person pushes the fleet that stands with another policy, and with fewer targets of `api` and another floor of it. */
export function repushed(
  policy: Partial<CellPolicy>,
  drops: readonly string[] = [],
  floor?: number,
): Workflow {
  return {
    type: 'workflow',
    writer: 'operator',
    perform: async (deps) => {
      const { fleet } = (await deps.ledger.head(SAMPLE_CELL)).state;
      if (fleet === null) return undefined;
      const before = parseCellFleet(JSON.parse(await deps.ledger.getBody(SAMPLE_CELL, fleet.digest)));
      const endpoints = before.endpoints.map((endpoint) => ({
        ...endpoint,
        targets: endpoint.targets.filter((id) => !drops.includes(id)),
        floor: endpoint.name === API ? (floor ?? endpoint.floor) : endpoint.floor,
      }));
      const after = { ...before, endpoints, policy: { ...before.policy, ...policy } };
      return pushFleet(deps, { cells: [after], apply: true });
    },
  };
}

/** The policy lets a target in two of `api` go, and only its floor keeps it. */
export const floorOfTwo = repushed({ capacityRemovedPercent: 60 }, [], 2);
/** Lowers that floor, loosens the policy beside it, and drops what the floor guards. */
export const lowerFloor = repushed({ capacityRemovedPercent: 100 }, ['api-2'], 1);
/** How many targets each endpoint has at least after `floorOfTwo`, until a person accepts a lower floor. */
export const FLOORS: ReadonlyMap<DnsName, number> = new Map([[API, 2]]);

/** A person lets a looser policy judge, if one waits. */
export const letLoose: Workflow = {
  type: 'workflow',
  writer: 'operator',
  perform: async (deps) => {
    const waiting = waitingLoosening((await deps.ledger.head(SAMPLE_CELL)).state);
    if (waiting === null) return undefined;
    const { digest } = waiting;
    const decision = 'approve';
    return decideLoosening(deps, { cell: SAMPLE_CELL, digest, decision, reason: 'simulated' });
  },
};
