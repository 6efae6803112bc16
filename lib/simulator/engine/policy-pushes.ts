import { parseCellFleet } from '../../fleet/cell-fleet-codec.ts';
import { waitingLoosening } from '../../ledger/decider/loosening.ts';
import { decideLoosening } from '../../operator/decide-loosening.ts';
import { pushFleet } from '../../operator/push-fleet.ts';
import type { CellPolicy } from '../../plan/fleet-model.ts';
import type { ActorRole } from './actor-roles.ts';
import { SAMPLE_CELL } from './sample-fleet.ts';

type Workflow = Extract<ActorRole, { readonly type: 'workflow' }>;

/** A person pushes the fleet that stands with another policy, and with fewer targets of `api`. */
export function repushed(policy: Partial<CellPolicy>, drops: readonly string[] = []): Workflow {
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
      }));
      const after = { ...before, endpoints, policy: { ...before.policy, ...policy } };
      return pushFleet(deps, { cells: [after], apply: true });
    },
  };
}

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
