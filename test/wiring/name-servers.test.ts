import { expect, it } from 'vitest';
import { dnsName } from '../../lib/plan/names.ts';
import { NotAsked } from '../../lib/preflight/survey.ts';
import { serversOfZone } from '../../lib/wiring/name-servers.ts';
import { surveyed } from '../preflight/surveyed.ts';

const ZONE = { zone: dnsName('example.test'), zoneId: 'Z1' };
const addresses: Readonly<Record<string, readonly string[]>> = {
  'ns-1.awsdns-01.com': ['192.0.2.53', '192.0.2.54'],
};

function surveys(zone: 'public' | 'private' | 'none') {
  const { zones, names } = surveyed({
    zone: zone === 'none' ? 'none' : zone === 'private' ? { private: true, nameServers: [] } : {},
  });
  return { zones, names: { ...names, addresses: async (name: string) => addresses[name] ?? [] } };
}

it('the name servers of a zone are those of its delegation set that have an address', async () => {
  expect(await serversOfZone(surveys('public'), ZONE)).toEqual([
    { name: 'ns-1.awsdns-01.com', host: '192.0.2.53', port: 53 },
  ]);
});

it('a private zone has none, and of a zone that is not there nobody knows any', async () => {
  expect(await serversOfZone(surveys('private'), ZONE)).toEqual([]);
  await expect(serversOfZone(surveys('none'), ZONE)).rejects.toThrow(NotAsked);
});
