import { describe, expect, it } from 'vitest';
import { markOf } from '../../lib/ledger/head-mark.ts';
import { adoptCell } from '../../lib/operator/adopt.ts';
import { adoptRescue } from '../../lib/operator/adopt-rescue.ts';
import { freeze } from '../../lib/operator/freeze.ts';
import type { OperatorZoneDeps } from '../../lib/operator/operator.ts';
import { rescuePlan } from '../../lib/operator/rescue-plan.ts';
import { rescueToRollback } from '../../lib/operator/rescue-to-rollback.ts';
import type { Fence } from '../../lib/plan/fence.ts';
import { formatFence, NO_LEDGER } from '../../lib/plan/fence.ts';
import { fenceName } from '../../lib/plan/owned-names.ts';
import { instant } from '../../lib/runtime/clock.ts';
import type { SimulatedWorld } from '../../lib/simulator/engine/simulated-world.ts';
import { waitOf } from '../support/fence-wait.ts';
import { newPlan } from '../support/scenario.ts';
import { smallFleet } from '../support/small-fleet.ts';
import {
  convergedWorld,
  enactNow,
  eventsSince,
  fenceOf,
  freezing,
  livePlan,
  order,
  rescue,
  tamperFence,
  thawing,
} from './operator-world.ts';

const CELL = smallFleet().cell;
const OTHERS = { ledger: '0badcafe', head: { number: 12, digits: '0badf00d0bad' } };
const LOST = { number: 900, digits: 'badc0ffee000' };

const adoptingCell = (deps: OperatorZoneDeps) => adoptCell(deps, { cell: CELL, apply: true });
const freezingFence = (deps: OperatorZoneDeps) =>
  freeze(deps, { cell: CELL, reason: 'looking', fenceOnly: true, wait: waitOf(deps) });

function forge(world: SimulatedWorld, change: Partial<Fence>): void {
  tamperFence(world, formatFence({ ...fenceOf(world), nonce: 'byhand00', by: 'somebody', ...change }));
}

async function rescued(world: SimulatedWorld): Promise<void> {
  const plan = await livePlan(world);
  const settings = { insyncPollMs: 2_000, unknownChangeMs: 300_000 };
  const deadline = instant(world.time.now() + 600_000);
  await rescue(world, 'ana', (writer, clock) => rescuePlan(writer, clock, { plan, settings, deadline }));
}

async function moved(world: SimulatedWorld): Promise<void> {
  await newPlan(world, 2);
  await enactNow(world, 'enactor');
}

async function rescuedToRollback(world: SimulatedWorld): Promise<void> {
  await rescue(world, 'ana', (writer, clock) => rescueToRollback(writer, clock, { wait: waitOf({ clock }) }));
}

type Act = (world: SimulatedWorld) => Promise<unknown>;
/** `decided`: the mark of the log's newest event. `kept`: what the fence said before. */
type Mark = 'decided' | 'kept';

/** Everything by which a person writes a fence, with what came before it. */
const WRITES: readonly (readonly [what: string, mark: Mark, before: Act | undefined, write: Act])[] = [
  ['a freeze', 'decided', undefined, (world) => order(world, 'ana', freezing)],
  ['a freeze of the fence alone', 'kept', undefined, (world) => order(world, 'ana', freezingFence)],
  [
    'a freeze where no fence is',
    'decided',
    async (world) => tamperFence(world),
    (world) => order(world, 'ana', freezing),
  ],
  [
    "a freeze of another ledger's fence",
    'kept',
    async (world) => forge(world, OTHERS),
    (world) => order(world, 'ana', freezing),
  ],
  ['a thaw', 'decided', (world) => order(world, 'ana', freezing), (world) => order(world, 'bo', thawing)],
  [
    'a thaw of a fence that is nobody’s',
    'decided',
    async (world) => {
      const { head: _, ...fence } = fenceOf(world);
      tamperFence(world, formatFence({ ...fence, ledger: NO_LEDGER, frozen: true, by: 'rescue-ana' }));
    },
    (world) => order(world, 'bo', thawing),
  ],
  [
    'an adoption of a cell',
    'decided',
    async (world) => forge(world, OTHERS),
    (world) => order(world, 'ana', adoptingCell),
  ],
  ['a rescue by a plan', 'kept', undefined, rescued],
  ['a rescue to the rollback roots', 'kept', moved, rescuedToRollback],
];

describe('the fence after', () => {
  it.each(WRITES)('%s has the mark: %s', async (_, mark, before, write) => {
    const world = await convergedWorld();
    await before?.(world);
    const hasFence = world.records().some(({ name }) => name === fenceName(world.scope));
    const fence = hasFence ? fenceOf(world) : undefined;
    const read = markOf(world.ledger.peek(CELL));
    await write(world);
    const after = fenceOf(world);
    expect(after.seq).toBeGreaterThan(fence?.seq ?? 0);
    // A freeze is decided on the event that it has just appended, and a thaw on the head that it had read before.
    const decided = [read, markOf(world.ledger.peek(CELL))];
    const expected = mark === 'decided' ? decided : [fence?.head];
    expect(after.head).toBeDefined();
    expect(expected).toContainEqual(after.head);
  });
});

describe('under a fence that names an event that the log lost', () => {
  const adoptingRescue = async (world: SimulatedWorld, name: string) => {
    const plan = await livePlan(world);
    return order(world, name, (deps) => adoptRescue(deps, { cell: CELL, plan, apply: true }));
  };

  it.each([
    ['a thaw', (world: SimulatedWorld, name: string) => order(world, name, thawing)],
    ['an adoption of a rescue', adoptingRescue],
  ] as const)('%s appends nothing before the log says so', async (_, act) => {
    const world = await convergedWorld();
    await rescued(world);
    forge(world, { head: LOST, by: 'rescue-ana' });
    const { number } = world.ledger.peek(CELL);
    expect(await act(world, 'bo')).toMatchObject({
      type: 'refused',
      reason: expect.stringContaining(`event ${LOST.number}`),
    });
    expect(await eventsSince(world, number)).toEqual([]);
    await enactNow(world, 'enactor');
    expect((await eventsSince(world, number))[0]).toMatchObject({ type: 'LogContradicted', ...LOST });
    expect(await act(world, 'cy')).toMatchObject({ type: 'done' });
  });

  it('a freeze appends all the same, and keeps what it names', async () => {
    const world = await convergedWorld();
    forge(world, { head: LOST });
    expect(await order(world, 'ana', freezing)).toMatchObject({ type: 'done' });
    expect(fenceOf(world)).toMatchObject({ frozen: true, head: LOST });
  });

  it("a thaw is not held up by what another ledger's fence remembers", async () => {
    const world = await convergedWorld();
    forge(world, { ...OTHERS, head: LOST });
    expect(await order(world, 'bo', thawing)).toMatchObject({ type: 'done', wasFrozen: false });
  });
});
