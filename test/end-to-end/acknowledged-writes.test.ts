import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { pawl, pawlStart } from './start-process.ts';

/** How often a world is killed: each time right after a command was told that its change is applied. */
const KILLS = 3;

function fleet(address: string): string {
  return `version: 1
defaults: { policy: { coalesce_s: 0, capacity_removed_percent: 100 } }
cells:
  use1-a:
    zone: example.test
    targets: { api-1: { az: az1, capacity: 100, ipv4: ${address} } }
    endpoints: { api.example.test: { kind: addresses, targets: [api-1] } }
`;
}

it('a world that is killed right after "applied" has lost nothing of it', async () => {
  const folder = await temporaryFolder();
  const file = join(folder, 'fleet.yaml');
  const run = async (...words: readonly string[]) => {
    const child = pawl(...words, '--folder', join(folder, '.pawl'));
    const { code } = await child.ended();
    return { code, out: child.stdout(), err: child.stderr() };
  };
  await writeFile(file, fleet('192.0.2.1'));
  for (let kill = 1; kill <= KILLS; kill += 1) {
    const world = pawlStart(folder, file);
    await world.prints('Try, in another terminal:');
    await writeFile(file, fleet(`192.0.2.${kill + 1}`));
    const pushed = await run('fleet', 'push', file, '--yes');
    expect(pushed, pushed.err).toMatchObject({ code: 0 });
    // The world says it as soon as the enactor was answered.
    await world.prints(new RegExp(`plan @${kill + 1} applied`));
    world.child.kill('SIGKILL');
    await world.ended();
  }
  const world = pawlStart(folder, file);
  await world.prints('Try, in another terminal:');
  const { out } = await run('history', '--json', '--limit', '200');
  const events = JSON.parse(out).events.map(({ event }: { event: { type: string } }) => event.type);
  expect(events.filter((type: string) => /Regressed|FenceAhead|Contradicted|Drift/.test(type))).toEqual([]);
  expect(events.filter((type: string) => type === 'PlanApplied')).toHaveLength(KILLS + 1);
});
