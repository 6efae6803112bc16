import type { CellName } from '../plan/names.ts';
import type { FunctionWorld } from './function-world.ts';
import type { OpenRole, RoleRunResult, RunGround, RunRequest } from './role-run.ts';
import { cellSettings } from './role-run.ts';

/** The cell is not this stack's, or its fleet names another zone than the stack: nothing was done. */
export interface NotServed {
  readonly type: 'not-served';
  readonly reason: string;
}

/** The runs of a role in a deployed function, in the cells of its stack; each gives its outcome. */
export function servedRuns(
  world: FunctionWorld,
  open: OpenRole,
): (request: RunRequest) => Promise<RoleRunResult['outcome'] | NotServed> {
  const run = open(world);
  return async (request) => {
    const ground = await served(world, request.cell);
    if ('type' in ground) return ground;
    const { outcome } = await run(ground, request);
    return outcome;
  };
}

/**
 * A function works for the cells that its stack was given and in the zones that it was given with them. Its permissions
 * allow no more; the refusal here explains it in a sentence.
 */
async function served(world: FunctionWorld, cell: CellName): Promise<RunGround | NotServed> {
  const scope = world.cells.get(cell);
  if (scope === undefined) {
    const known = [...world.cells.keys()].join(', ');
    return notServed(`The cell ${cell} is not deployed in this stack, which serves ${known}.`);
  }
  const ledger = await world.ledger();
  const head = await ledger.head(cell);
  const { fleet } = head.state;
  if (fleet === null || (fleet.zoneId === scope.zoneId && fleet.zone === scope.zone)) {
    return { ledger, head, settings: cellSettings(scope, head, world.insyncPollMs) };
  }
  return notServed(
    `The fleet of cell ${cell} is in the zone ${fleet.zone} (${fleet.zoneId}), and this stack serves it in ${scope.zone} (${scope.zoneId}).`,
  );
}

function notServed(reason: string): NotServed {
  return { type: 'not-served', reason };
}
