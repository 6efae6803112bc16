import { describe, it } from 'vitest';
import { parseFleet } from '../../lib/fleet/parse-fleet.ts';
import { resolveInEmulator } from '../../lib/local/declare-fleet.ts';
import type { World } from '../../lib/wiring/world.ts';
import { account, alias, put } from '../emulator/account.ts';

const NAME = 'd-1.execute-api.us-east-1.amazonaws.com';
const FLEET = `version: 1
cells:
  use1-a:
    zone: example.test
    targets:
      api-1: { az: az1, capacity: 1, alias: { zone_id: Z1UJRXOUMOOFQ8, name: ${NAME} } }
    endpoints:
      api.example.test: { kind: alias, targets: [api-1] }
`;

describe('a fleet file that a local world declares', () => {
  it('brings its alias targets with it, of whatever service, but for one that was taken away', async () => {
    const parsed = parseFleet(FLEET, 'fleet.yaml');
    if (parsed.type !== 'fleet') throw new Error('This is no fleet.');
    for (const gone of [false, true]) {
      const { core, change, refused, zoneId } = account({ unregisteredTargets: 'accepted' });
      const zoneIds: World['zoneIds'] = async (names) => new Map(names.map((name) => [name, zoneId]));
      const target = put(alias('api.example.test', 'Z1UJRXOUMOOFQ8', NAME));
      refused('InvalidChangeBatch', target);
      if (gone) core.setAliasTarget({ zoneId: 'Z1UJRXOUMOOFQ8', name: NAME }, false);
      await resolveInEmulator(parsed.fleet, core, { zoneIds } as World);
      if (gone) refused('InvalidChangeBatch', target);
      else change(target);
    }
  });
});
