import { describe, expect, it } from 'vitest';
import { enact } from '../../lib/enactor/enact.ts';
import type { EnactOutcome } from '../../lib/enactor/enactor.ts';
import type { CrowdedCell } from '../support/crowded-zone.ts';
import { changed, crowdedCell } from '../support/crowded-zone.ts';
import { finish } from '../support/drive.ts';
import { letTimePass, runCalls } from '../support/scenario.ts';

// Four endpoints of five targets hold 31 records with the zone's own two and the fence; the change of all needs 20 more.
const CROWD = { endpoints: 4, targets: 5, dualStack: false, recordLimit: 200 };
const RUNS_MAX = 24;
/** What was left out is planned again after this. */
const RETRY_MS = 600_000;

const stateOf = ({ world }: CrowdedCell) => world.ledger.peek(world.scope.cell).state;

/** A cell of which the log says that its zone may hold 200 records, and whose next change needs 20. */
async function cellThatChanges(): Promise<CrowdedCell> {
  const cell = await crowdedCell(CROWD);
  await cell.readdress(1);
  await cell.plan();
  return cell;
}

/** The zone may hold so many records from now on; the log does not know it. */
function limit({ world }: CrowdedCell, recordLimit: number): void {
  world.route53.configure({ recordLimit });
  // No checker that looks at the zone's records sees it.
  world.portsRefuse();
}

async function startAsking({ world }: CrowdedCell, name: string): Promise<void> {
  const quota = { recordLimit: async () => world.route53.settings().recordLimit };
  await world.startActor(name, 'enactor', (deps) =>
    enact({ ...deps, quota }, { mode: 'hint', deadline: deps.deadline }),
  );
}

/** A run of an enactor that may ask how much the zone may hold. */
async function enactAsking(cell: CrowdedCell): Promise<EnactOutcome> {
  const name = `asking-${cell.world.scheduler.steps().length}`;
  await startAsking(cell, name);
  return (await finish(cell.world, name)) as EnactOutcome;
}

function stagings({ world }: CrowdedCell): number {
  return world.scheduler.steps().filter(({ site, detail }) => site === 'zone.change' && /stage/.test(detail))
    .length;
}

/** Everybody but the auditor, who would be told of another limit, until the condition holds. */
async function goOn(cell: CrowdedCell, isDone: () => boolean): Promise<void> {
  for (let runs = 0; runs < RUNS_MAX && !isDone(); runs += 1) {
    cell.world.time.advanceTo(cell.world.time.now() + RETRY_MS);
    await cell.plan();
    await enactAsking(cell);
    await cell.clean();
  }
}

describe('a zone that holds less than the log says', () => {
  it('refuses one batch: the run ends, says what Route 53 said, and the log knows the limit', async () => {
    const cell = await cellThatChanges();
    limit(cell, 40);
    const before = stagings(cell);
    expect(await enactAsking(cell)).toEqual({
      type: 'no-room',
      generation: 2,
      needs: 20,
      free: 9,
      refusal: expect.stringContaining('MAX_RRSETS_BY_ZONE'),
    });
    expect(stagings(cell) - before).toBe(1);
    expect(stateOf(cell)).toMatchObject({ facts: { records: 31, recordLimit: 40 }, refused: [] });
    await goOn(cell, () => changed(cell, 1) === CROWD.endpoints);
    expect(changed(cell, 1)).toBe(CROWD.endpoints);
    // What did not fit was counted before it was sent.
    expect(stateOf(cell).facts?.recordLimit).toBe(40);
  });

  it('has retained trees yield to a dead target', async () => {
    const cell = await cellThatChanges();
    await cell.enact();
    await cell.clean();
    limit(cell, 53);
    letTimePass(cell.world);
    cell.observe('t-2', 'unhealthy');
    await cell.plan();
    expect(await enactAsking(cell)).toMatchObject({ type: 'no-room', needs: 16 });
    await goOn(cell, () => cell.answering('t-2') === 0);
    expect(cell.answering('t-2')).toBe(0);
    expect(cell.answering('t-1')).toBe(CROWD.endpoints);
  });

  it('lets the change go on, whenever the enactor dies', async () => {
    const cell = await cellThatChanges();
    limit(cell, 40);
    for (let calls = 0; ; calls += 1) {
      const dies = cell.copy();
      await startAsking(dies, 'dies');
      await runCalls(dies.world, 'dies', calls);
      if (dies.world.scheduler.pending('dies') === undefined) break;
      await dies.world.scheduler.crash('dies');
      await goOn(dies, () => changed(dies, 1) === CROWD.endpoints);
      expect(changed(dies, 1)).toBe(CROWD.endpoints);
    }
  });

  it('is narrowed down as any refusal where nobody may ask', async () => {
    const cell = await cellThatChanges();
    limit(cell, 40);
    expect(await cell.enact()).toMatchObject({ type: 'blocked' });
    expect(stateOf(cell).facts?.recordLimit).toBe(200);
    expect(changed(cell, 1)).toBe(1);
  });
});
