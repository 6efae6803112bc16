import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { OpenPawl } from '../../lib/exports/open-pawl.ts';
import { openPawl } from '../../lib/exports/open-pawl.ts';
import type { FleetFile } from '../../lib/fleet/declared-fleet.ts';
import { parseFleet } from '../../lib/fleet/parse-fleet.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { pawlStart } from './start-process.ts';

const EXAMPLE = 'examples/fleet.yaml';

function parsed(text: string): FleetFile {
  const read = parseFleet(text, EXAMPLE);
  if (read.type === 'invalid') throw new Error(read.mistakes.map(({ message }) => message).join('\n'));
  return read.fleet;
}

/** A local world that has converged, as a program opens it. */
async function opened(): Promise<OpenPawl> {
  const folder = await temporaryFolder();
  const world = pawlStart(folder, EXAMPLE);
  await world.prints('Ctrl-C ends this world');
  const pawl = await openPawl({ folder: join(folder, '.pawl') });
  onTestFinished(() => pawl.close());
  return pawl;
}

test('a program previews a fleet, pushes what it was shown, and reads what came of it', async () => {
  const pawl = await opened();
  expect(await pawl.cells()).toEqual(['apse2-a', 'euw1-a', 'use1-a']);
  const text = await readFile(EXAMPLE, 'utf8');
  const [target = ''] = /capacity: 100/.exec(text) ?? [];
  const fleet = parsed(text.replace(target, 'capacity: 90'));

  const before = await pawl.head('use1-a');
  const preview = await pawl.preview(fleet);
  if (preview.type !== 'done') throw new Error(preview.reason);
  const [changed] = preview.foreseen;
  expect(preview.foreseen).toHaveLength(1);
  expect(changed?.summary.changed.length).toBeGreaterThan(0);
  const cell = changed?.cell ?? '';
  expect((await pawl.head('use1-a')).state.fleet).toEqual(before.state.fleet);

  expect(await pawl.push(fleet, '000000000000')).toMatchObject({ type: 'refused' });
  expect(await pawl.push(fleet, preview.comparedWith)).toMatchObject({ type: 'done' });
  const events = await pawl.events(cell, { after: 0, limit: 1_000, order: 'forward' });
  expect(events.filter(({ event }) => event.type === 'FleetDeclared')).toHaveLength(2);

  // The planner of the world takes it from there.
  const applied = async (): Promise<number> => (await pawl.head(cell)).state.applied?.generation ?? 0;
  while ((await applied()) < 2) await new Promise((resolve) => setTimeout(resolve, 50));
  const plan = await pawl.plan(await pawl.head(cell), 'applied');
  expect(plan?.generation).toBe(2);
  const again = await pawl.preview(fleet);
  expect(again).toMatchObject({ type: 'done', foreseen: [] });
});

test('a program is told in a sentence where there is no such place', async () => {
  const folder = await temporaryFolder();
  await expect(openPawl({ folder })).rejects.toMatchObject({
    name: 'PlaceRefused',
    message: expect.stringContaining('No local world runs'),
  });
});
