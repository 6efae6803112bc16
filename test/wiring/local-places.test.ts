import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { InvalidValue } from '../../lib/plan/invariant.ts';
import { connectLocally } from '../../lib/wiring/local-world.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { worldFacts } from './world-facts.ts';

test('a local world knows clients by the places of its folder, and says when these cannot be read', async () => {
  const folder = await temporaryFolder();
  const world = connectLocally(folder, worldFacts());
  onTestFinished(() => world.close());
  expect(await world.clientAt?.('eu-west-1')).toBe('198.51.100.65');
  await writeFile(
    join(folder, 'places.json'),
    JSON.stringify({ subnets: { '10.1.0.0/16': { country: 'FR' } } }),
  );
  expect(await world.clientAt?.('FR')).toBe('10.1.0.1');
  expect(await world.clientAt?.('DE')).toBeUndefined();
  await writeFile(join(folder, 'places.json'), '{');
  await expect(world.clientAt?.('FR')).rejects.toThrow(InvalidValue);
});
