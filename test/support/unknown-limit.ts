import { enact } from '../../lib/enactor/enact.ts';
import type { EnactOutcome } from '../../lib/enactor/enactor.ts';
import type { CrowdedCell } from './crowded-zone.ts';
import { crowdedCell } from './crowded-zone.ts';
import { finish } from './drive.ts';

// Four endpoints of five targets hold 31 records with the zone's own two and the fence; the change of all needs 20 more.
export const CROWD = { endpoints: 4, targets: 5, dualStack: false, recordLimit: 200 };
/** A cell of which the log says that its zone may hold 200 records, and whose next change needs 20. */
export async function cellThatChanges(): Promise<CrowdedCell> {
  const cell = await crowdedCell(CROWD);
  await cell.readdress(1);
  await cell.plan();
  return cell;
}

/** The zone may hold so many records from now on; the log does not know it. */
export function limit({ world }: CrowdedCell, recordLimit: number): void {
  world.route53.configure({ recordLimit });
  // No checker that looks at the zone's records sees it.
  world.portsRefuse();
}

export async function startAsking({ world }: CrowdedCell, name: string): Promise<void> {
  const quota = { recordLimit: async () => world.route53.settings().recordLimit };
  await world.startActor(name, 'enactor', (deps) =>
    enact({ ...deps, quota }, { mode: 'hint', deadline: deps.deadline }),
  );
}

/** A run of an enactor that may ask how much the zone may hold. */
export async function enactAsking(cell: CrowdedCell): Promise<EnactOutcome> {
  const name = `asking-${cell.world.scheduler.steps().length}`;
  await startAsking(cell, name);
  return (await finish(cell.world, name)) as EnactOutcome;
}

export function stagings({ world }: CrowdedCell): number {
  return world.scheduler.steps().filter(({ site, detail }) => site === 'zone.change' && /stage/.test(detail))
    .length;
}

/**
 * Has an enactor meet a limit that the log does not know, and judges that the first refusal ends its run, is named, and
 * is known to the log from then on.
 *
 * @throws Error saying which of it is not so.
 */
export async function judgeUnknownLimit(): Promise<void> {
  const recordLimit = 40;
  const cell = await cellThatChanges();
  limit(cell, recordLimit);
  const before = stagings(cell);
  const outcome = await enactAsking(cell);
  if (outcome.type !== 'no-room') throw new Error(`a full zone is not named: ${outcome.type}`);
  if (stagings(cell) - before !== 1) throw new Error('a batch was sent into a full zone again');
  const { facts } = cell.world.ledger.peek(cell.world.scope.cell).state;
  if (facts?.recordLimit !== recordLimit) throw new Error('the log does not learn the limit');
}
