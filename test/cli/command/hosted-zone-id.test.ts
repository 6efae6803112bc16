import { expect, test, vi } from 'vitest';
import { hostedZoneId } from '../../../lib/cli/command/hosted-zone-id.ts';
import { dnsName } from '../../../lib/plan/names.ts';
import type { World } from '../../../lib/wiring/world.ts';

function worldWith(zones: Readonly<Record<string, string>>): World {
  const zoneIds: World['zoneIds'] = async () =>
    new Map(Object.entries(zones).map(([name, id]) => [dnsName(name), id]));
  return { zoneIds: vi.fn(zoneIds) } as Partial<World> as World;
}

test.each(['Z0123456789ABCDEFGHIJ', 'QX7K3M1', '7QX0', 'A'.repeat(32)])(
  'the id %s is taken as it is, also with its prefix, and nothing is asked',
  async (id) => {
    const world = worldWith({});
    expect(await hostedZoneId(world, id)).toBe(id);
    expect(await hostedZoneId(world, `/hostedzone/${id}`)).toBe(id);
    expect(world.zoneIds).not.toHaveBeenCalled();
  },
);

test.each(['example.test', 'EXAMPLE.TEST', 'test'])('%s is a name', async (name) => {
  const world = worldWith({ [name]: 'Q1' });
  expect(await hostedZoneId(world, name)).toBe('Q1');
});

test('a name that no public zone has is refused', async () => {
  await expect(hostedZoneId(worldWith({}), 'example.test')).rejects.toThrow(
    'There is no hosted zone example.test here: check the name.',
  );
});
