import type { FleetFile } from '../../fleet/declared-fleet.ts';
import { resolveFleet } from '../../fleet/resolve-fleet.ts';
import type { CellFleet } from '../../plan/fleet-model.ts';
import { comparedName, covers } from '../../plan/name-patterns.ts';
import type { DeployedCells } from '../../wiring/deployed-cells.ts';
import type { World } from '../../wiring/world.ts';
import { some } from '../printing/event-text.ts';
import { BadInput, Refused } from './failures.ts';

/**
 * The cells of a fleet file with the ids of their zones.
 *
 * @throws BadInput when there is no such zone; Refused when the stack does not serve a cell, or may not write a name.
 */
export async function placedFleet(world: World, declared: FleetFile): Promise<readonly CellFleet[]> {
  const { deployed } = world;
  const fleet = deployed === undefined ? declared : inDeployedZones(deployed, declared);
  const unknown = fleet.cells.filter(({ zoneId }) => zoneId === undefined).map(({ zone }) => zone);
  const ids = unknown.length === 0 ? new Map() : await world.zoneIds([...new Set(unknown)]);
  const resolved = resolveFleet(fleet, ids);
  if (resolved.type === 'resolved') {
    for (const cell of resolved.cells) checkNames(cell, world.deployedNames?.get(cell.cell));
    return resolved.cells;
  }
  throw new BadInput(
    `There is no hosted zone ${resolved.zones.join(', ')} here: create it, or mend the name in the file.`,
  );
}

/**
 * Checks that IAM lets the stack's functions write the endpoints, which it would refuse later and every minute.
 *
 * @throws Refused with the names that are outside.
 */
function checkNames({ cell, endpoints }: CellFleet, patterns: readonly string[] | undefined): void {
  if (patterns === undefined) return;
  const outside = endpoints
    .map(({ name }) => name)
    .filter((name) => !patterns.some((pattern) => covers(pattern, comparedName(name))));
  if (outside.length === 0) return;
  throw new Refused(
    `The functions of the stack may not write ${some(outside)} in the cell ${cell}. Deploy with this fleet file, or with the names in the deployment ("names"), then push.`,
  );
}

/**
 * The same fleet with the zone ids of the stack: where several zones have one name, the stack knows the right one.
 *
 * @throws Refused for a cell that no function serves: it would be declared, and no role would ever work on it.
 */
function inDeployedZones(deployed: DeployedCells, fleet: FleetFile): FleetFile {
  const cells = fleet.cells.map((declared) => {
    const { cell, zone, zoneId } = declared;
    const scope = deployed.get(cell);
    if (scope === undefined) {
      const served = [...deployed.keys()].join(', ');
      throw new Refused(
        `The cell ${cell} is not deployed: the stack serves ${served}. Add it to the deployment, deploy, then push.`,
      );
    }
    if (scope.zone === zone && (zoneId === undefined || zoneId === scope.zoneId)) {
      return { ...declared, zoneId: scope.zoneId };
    }
    const placed = zoneId === undefined ? zone : `${zone} (${zoneId})`;
    throw new Refused(
      `The stack serves the cell ${cell} in the zone ${scope.zone} (${scope.zoneId}), and the file puts it in ${placed}.`,
    );
  });
  return { ...fleet, cells };
}
