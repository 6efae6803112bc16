import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Route53Server } from '../../lib/emulator/wire/http-server.ts';
import { serveRoute53 } from '../../lib/emulator/wire/http-server.ts';
import { dnsName } from '../../lib/plan/names.ts';
import type { RecordSet } from '../../lib/plan/records.ts';
import type { Rehearsal } from '../cli/rehearsal.ts';
import { rehearsal } from '../cli/rehearsal.ts';
import { documentedSettings, NO_FILTER, octoDnsPlan, writeZoneFile } from './octodns-run.ts';

const FLEET = `version: 1
cells:
  use1-a:
    zone: example.test
    targets:
      a: { az: use1-az1, capacity: 1, ipv4: 192.0.2.1, ipv6: '2001:db8::1' }
      b: { az: use1-az2, capacity: 2, ipv4: 192.0.2.2, ipv6: '2001:db8::2' }
      c: { az: use1-az2, capacity: 2, hostname: lb.example.net }
    endpoints:
      example.test: { kind: addresses, targets: [a] }
      api.example.test: { kind: addresses, targets: [a, b] }
      '*.apps.example.test': { kind: addresses, targets: [a] }
      www.example.test: { kind: hostname, targets: [c] }
      geo.example.test:
        kind: addresses
        route: { geolocation: { default: { targets: [a] }, EU: { targets: [b] } } }
`;
const OTHERS = `mail: {ttl: 300, type: A, value: 192.0.2.9}\n`;
const MX = `'': {ttl: 300, type: MX, value: {exchange: mx.example.net., preference: 10}}\n`;
const ROOTS = ['', '*.apps', 'api', 'geo', 'www'];

let stage: Rehearsal;
let server: Route53Server;

beforeEach(async () => {
  stage = await rehearsal();
  await stage.pawl(`fleet push ${await stage.file('fleet.yaml', FLEET)} --yes`);
  await stage.pawl('plan --append');
  expect((await stage.pawl('enact use1-a')).out).toContain('is applied (flip)');
  stage.core.changeResourceRecordSets(stage.zoneId, {
    changes: [
      { name: dnsName('example.test'), type: 'MX', ttl: 300, values: ['10 mx.example.net.'] },
      { name: dnsName('mail.example.test'), type: 'A', ttl: 300, values: ['192.0.2.9'] },
    ].map((record) => ({ action: 'CREATE' as const, record })),
  });
  server = await serveRoute53(stage.core, { port: 0 });
  await writeZoneFile(stage.folder, MX + OTHERS);
});

afterEach(async () => {
  await server.close();
});

async function plan(settings: string, isApplied = false) {
  const changes = await octoDnsPlan({ folder: stage.folder, url: server.url, settings, isApplied });
  return changes.map(({ type, name, record_type: of }) => `${type} ${name} ${of}`).sort();
}

/** Pawl's own records: those below `_pawl`, and the roots. */
function pawls(): readonly RecordSet[] {
  const zone = stage.core.listResourceRecordSets(stage.zoneId, { maxItems: 1000 });
  return zone.records.filter(
    ({ name, alias }) => name.includes('._pawl.') || alias?.name.includes('._pawl.') === true,
  );
}

async function expectHealthy() {
  expect((await stage.pawl('audit --no-dns')).exit).toBe(0);
}

describe('in a zone that Pawl governs, OctoDNS', () => {
  it('without a setting deletes everything of Pawl', async () => {
    const deletes = await plan(NO_FILTER);
    // docs/beside-others.md names this number.
    expect(deletes).toHaveLength(23);
    expect(deletes.every((change) => change.startsWith('delete '))).toBe(true);
    expect(deletes).toEqual(
      expect.arrayContaining([
        ...ROOTS.map((name) => `delete ${name} Route53Provider/ALIAS`),
        'delete fence.use1-a._pawl TXT',
      ]),
    );
    const sets = new Set(pawls().map(({ name }) => name));
    expect(new Set(deletes.map((change) => change.split(' ')[1])).size).toBe(sets.size);
  });

  it('with the first setting of the page plans nothing', async () => {
    const [named = ''] = await documentedSettings();
    expect(await plan(named)).toEqual([]);
    // A name of the list that the files still declare is left alone too.
    await writeZoneFile(stage.folder, `${MX}api: {ttl: 60, type: A, value: 192.0.2.77}\n${OTHERS}`);
    expect(await plan(named)).toEqual([]);
  });

  it('with the first setting without the names deletes the roots', async () => {
    const [named = ''] = await documentedSettings();
    const unnamed = named.replaceAll(/^ {6}- (api|geo|www|'\*[.]apps'|'')\n/gm, '');
    expect(await plan(unnamed)).toEqual(ROOTS.map((name) => `delete ${name} Route53Provider/ALIAS`).sort());
  });

  it('with the second setting plans nothing, and goes on with its own records', async () => {
    const [, untyped = ''] = await documentedSettings();
    expect(await plan(untyped)).toEqual([]);
    const before = pawls();
    await writeZoneFile(stage.folder, MX.replace('10', '20') + OTHERS.replace('.9}', '.8}'));
    expect(await plan(untyped, true)).toEqual(['update  MX', 'update mail A']);
    expect(await plan(untyped)).toEqual([]);
    expect(pawls()).toEqual(before);
    await expectHealthy();
  });

  it('with the second setting cannot write over a root that its files still declare', async () => {
    const [, untyped = ''] = await documentedSettings();
    const before = pawls();
    await writeZoneFile(stage.folder, `${MX}api: {ttl: 60, type: A, value: 192.0.2.77}\n${OTHERS}`);
    expect(await plan(untyped)).toEqual(['create api A']);
    await expect(plan(untyped, true)).rejects.toThrow(/InvalidChangeBatch/);
    expect(pawls()).toEqual(before);
    await expectHealthy();
  });

  it('with its own ownership processor touches nothing of Pawl', async () => {
    const owned = NO_FILTER.replace(
      'processors: {}',
      'processors:\n  owned: {class: octodns.processor.ownership.OwnershipProcessor}',
    ).replace('targets: [route53]}', 'targets: [route53], processors: [owned]}');
    const before = pawls();
    expect(await plan(owned, true)).toEqual(['create _owner.a.mail TXT', 'create _owner.mx TXT']);
    expect(await plan(owned)).toEqual([]);
    expect(pawls()).toEqual(before);
    await expectHealthy();
  });
});
