import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { route53AnswerSource } from '../../lib/emulator/dns/route53-answer-source.ts';
import { serveDns } from '../../lib/emulator/dns/serve-dns.ts';
import { emulatedZone } from '../../lib/emulator/emulated-zone.ts';
import { hearZone } from '../../lib/lease/hear-zone.ts';
import { memoryLeases } from '../../lib/lease/memory-leases.ts';
import { cellName, dnsName } from '../../lib/plan/names.ts';
import { create } from '../../lib/plan/records.ts';
import { systemClock } from '../../lib/runtime/clock.ts';
import type { World } from '../../lib/wiring/world.ts';
import type { Zone } from '../../lib/zone/zone.ts';
import { ZoneUnavailable } from '../../lib/zone/zone.ts';
import type { Rehearsal } from '../cli/rehearsal.ts';
import { converged, fleetText, rehearsal } from '../cli/rehearsal.ts';
import { workOnce } from '../rollout/working-cells.ts';
import { seededRandomness } from '../support/seeded-randomness.ts';

/** The small fleet with an endpoint of one target beside the others, and a third target of api. */
function withLab(): string {
  return fleetText()
    .replace('api-2: {', 'api-3: { az: az3, capacity: 100, ipv4: 192.0.2.3 }\n      api-2: {')
    .replace('web-1: {', 'lab-1: { az: az1, capacity: 10, ipv4: 198.51.100.1 }\n      web-1: {')
    .replace('[api-1, api-2]', '[api-1, api-2, api-3]')
    .replace('      www.', '      lab.example.test: { kind: addresses, targets: [lab-1] }\n      www.');
}

/** The small fleet whose second endpoint is another cell's. */
function movedText(): string {
  return fleetText().replace(
    '      www.example.test: { kind: addresses, targets: [web-1, web-2] }\n',
    `  use1-b:
    zone: example.test
    targets: { web-1: { az: az1, capacity: 50, ipv4: 192.0.2.11 } }
    endpoints: { www.example.test: { kind: addresses, targets: [web-1] } }
`,
  );
}

/** A zone that lists nothing any more once something was written to it. */
function deafZone(zone: Zone): Zone {
  let isDeaf = false;
  return {
    ...zone,
    change: (batch) => {
      isDeaf = true;
      return zone.change(batch);
    },
    listRecords: async (start, limit) => {
      if (isDeaf) throw new ZoneUnavailable('Route 53 does not list the records of this zone.');
      return await zone.listRecords(start, limit);
    },
  };
}

/** A zone whose names can be looked at, and that is not listed as a whole. */
function unlistedZone(zone: Zone): Zone {
  return {
    ...zone,
    listRecords: async (start, limit) => {
      if (start.name === 'example.test') throw new ZoneUnavailable('Route 53 does not list this zone.');
      return await zone.listRecords(start, limit);
    },
  };
}

async function expectTranscript(stage: Rehearsal, name: string): Promise<void> {
  await expect(stage.transcript()).toMatchFileSnapshot(`./${name}.txt`);
}

/** Three cells of example.test, each with an endpoint whose two targets are in this network. */
function wavedText(
  network: string,
  more = '',
  policy = 'coalesce_s: 0, capacity_removed_percent: 100',
): string {
  const cell = (name: string, index: number): string => `  ${name}:
    zone: example.test
    policy: { ${policy} }
    targets:
      api-1: { az: az1, capacity: 100, ipv4: ${network}.${index + 1}1 }
      api-2: { az: az2, capacity: 100, ipv4: ${network}.${index + 1}2 }
    endpoints:
      api.${name}.example.test: { kind: addresses, targets: [api-1, api-2] }
`;
  return `version: 1\n${more}cells:\n${['use1-a', 'euw1-a', 'apse2-a'].map(cell).join('')}`;
}

/** The roles of every cell work whenever a command waits. */
function working({ ledger, core, zoneId, clock }: Rehearsal): Partial<World> {
  const place = { ledger, core, zoneId, clock, randomness: seededRandomness() };
  const sleep = async (ms: number): Promise<void> => {
    clock.shift(ms);
    await workOnce(place);
  };
  return { clock: { now: () => clock.now(), sleep }, dns: undefined };
}

// What people see, word by word. After a change of words: vitest -u, and read what it changed.
describe('the transcript of', () => {
  it('leases: a group that is held, who is heard, and what is forgotten', async () => {
    const stage = await rehearsal();
    const leases = memoryLeases();
    const how = { world: { leases } };
    const leased = fleetText().replace('ipv4: 192.0.2.2 }', 'ipv4: 192.0.2.2, lease: { group: rack-7 } }');
    const path = await stage.file('fleet.yaml', leased);
    const members = await stage.file('rack-7.members', 'one\ntwo 50\nthree out\n');
    const hold = `lease hold use1-a rack-7 --az az2 --members ${members} --by me --lock ${stage.folder}`;
    const hear = () =>
      hearZone({ leases, clock: stage.clock }, { cell: cellName('use1-a'), az: 'az2' }, ['rack-7']);
    await stage.pawl(`fleet push ${path} --yes`);
    await stage.pawl('lease ls', how);
    await stage.pawl(hold, { ...how, interruptAtSleep: 2 });
    await hear();
    await stage.pawl(hold, { ...how, interruptAtSleep: 2 });
    await stage.pawl('lease ls use1-a --groups', how);
    await stage.pawl('lease forget use1-a rack-7 --az az2', how);
    await stage.pawl(`fleet push ${await stage.file('fleet.yaml', fleetText())} --yes`);
    await stage.pawl('lease forget use1-a rack-7 --az az2', how);
    for (let minute = 0; minute < 12; minute += 1) {
      await stage.clock.sleep(60_000);
      await hear();
    }
    await stage.pawl('lease forget use1-a rack-7 --az az2', how);
    await stage.pawl('lease forget use1-a rack-7 --az az2', how);
    await stage.pawl('lease ls', how);
    await stage.pawl('lease ls');
    await stage.pawl(`lease hold use1-a Rack --az az2 --members ${members}`, how);
    await expectTranscript(stage, 'leases');
  });

  it('a first day: push, plan, enact, status, history', async () => {
    const stage = await rehearsal();
    const path = await stage.file('fleet.yaml', fleetText());
    await stage.pawl('status');
    await stage.pawl(`fleet check ${path}`);
    await stage.pawl(`fleet push ${path} --dry-run`);
    await stage.pawl(`fleet push ${path}`);
    await stage.pawl(`fleet push ${path} --yes`);
    await stage.pawl('plan');
    await stage.pawl('plan --append');
    await stage.pawl('status');
    await stage.pawl('enact use1-a');
    await stage.pawl('enact use1-a');
    await stage.pawl('status');
    await stage.pawl('history');
    await stage.pawl('history --type PlanApplied --limit 1 --json');
    await stage.pawl('verify');
    await expectTranscript(stage, 'first-day');
  });

  it('a change: push, plan diff, enact, explain, retire', async () => {
    const stage = await converged();
    const path = await stage.file('changed.yaml', fleetText({ capacity: 80 }));
    await stage.pawl(`fleet push ${path} --yes`);
    await stage.pawl('plan --cell use1-a --append');
    await stage.pawl('plan diff use1-a@1 @2');
    await stage.pawl('plan diff use1-a@1 @2 --json');
    await stage.pawl('enact use1-a --dry-run');
    await stage.pawl('enact use1-a --sweep');
    await stage.pawl('explain api.example.test');
    await stage.pawl('retire use1-a --dry-run');
    await stage.pawl('retire use1-a');
    await stage.pawl('plan show use1-a@1');
    await stage.pawl('plan show use1-a@7');
    await expectTranscript(stage, 'a-change');
  });

  it('a freeze and a thaw', async () => {
    const stage = await converged();
    await stage.pawl('freeze use1-a --reason looking');
    await stage.pawl('status');
    await stage.pawl('enact use1-a');
    await stage.pawl('thaw use1-a --dry-run');
    await stage.pawl('thaw use1-a');
    await stage.pawl('thaw use1-a');
    await stage.pawl('enact use1-a');
    await stage.pawl('freeze use2-a');
    await expectTranscript(stage, 'freeze');
  });

  it('a cell that is half frozen, as every command says it', async () => {
    const stage = await converged();
    await stage.pawl('freeze use1-a --fence-only --zone example.test');
    await stage.pawl('status');
    await stage.pawl('audit --no-dns');
    await stage.pawl('thaw use1-a');
    await stage.pawl('audit --no-dns');
    await expectTranscript(stage, 'half-frozen');
  });

  it('a freeze and a rescue while the ledger is dead', async () => {
    const stage = await converged();
    const path = await stage.file('changed.yaml', fleetText({ capacity: 80 }));
    await stage.pawl(`fleet push ${path} --yes`);
    await stage.pawl('plan --append');
    await stage.pawl('enact use1-a');
    stage.killLedger();
    await stage.pawl('status');
    await stage.pawl('freeze use1-a');
    await stage.pawl('freeze use1-a --fence-only');
    await stage.pawl('freeze use1-a --fence-only --zone example.test');
    const out = join(stage.folder, 'rescued.json');
    await stage.pawl('rescue --export');
    await stage.pawl(`rescue --export --cell use1-a --zone example.test --out ${out} --dry-run`);
    await stage.pawl(`rescue --export --cell use1-a --zone example.test --out ${out}`);
    await stage.pawl(`rescue --export --cell use1-a --zone example.test --out ${out}`);
    await stage.pawl(`rescue --plan ${out} --dry-run`);
    await stage.pawl('rescue --to-rollback --cell use1-a --zone example.test --dry-run');
    await stage.pawl('rescue --to-rollback --cell use1-a --zone example.test');
    await stage.pawl(
      `rescue --to-rollback --cell use1-a --zone example.test --yes --out ${join(stage.folder, 'back.json')}`,
    );
    expect(await readFile(out, 'utf8')).toContain('"cell": "use1-a"');
    await expectTranscript(stage, 'rescue');
  });

  it('a rescue by a file, adopted and thawed', async () => {
    const stage = await converged();
    const { out: shown } = await stage.pawl('plan show use1-a --json');
    const path = await stage.file('edited.json', shown.replace('"192.0.2.1"', '"192.0.2.99"'));
    await stage.pawl(`rescue --plan ${path} --dry-run`);
    await stage.pawl(`rescue --plan ${path} --yes --out ${join(stage.folder, 'live.json')}`);
    await stage.pawl(`rescue --plan ${path} --dry-run`);
    await stage.pawl('enact use1-a');
    await stage.pawl('status');
    await stage.pawl(`rescue adopt ${path} --dry-run`);
    await stage.pawl(`rescue adopt ${path} --yes`);
    await stage.pawl('thaw use1-a');
    await stage.pawl('enact use1-a --sweep');
    await stage.pawl('status');
    await stage.pawl('explain api.example.test');
    await expectTranscript(stage, 'rescue-by-file');
  });

  it('an adoption of a name and of a fence', async () => {
    const stage = await rehearsal();
    const { core, zoneId } = stage;
    const config = { Type: 'TCP', IPAddress: '192.0.2.250', Port: '443' };
    const { id: healthCheckId } = core.createHealthCheck({ callerReference: 'api', config });
    const [name, shop] = [dnsName('api.example.test'), dnsName('shop.example.test')];
    const first = { name: shop, type: 'A', setIdentifier: 'first', routing: { Failover: 'PRIMARY' } };
    const second = { name: shop, type: 'A', setIdentifier: 'second', routing: { Failover: 'SECONDARY' } };
    const records = [
      { name, type: 'A', ttl: 300, values: ['192.0.2.250'], healthCheckId },
      { ...first, alias: { zoneId, name, evaluateTargetHealth: true } },
      { ...second, ttl: 300, values: ['192.0.2.251'] },
    ];
    core.changeResourceRecordSets(zoneId, { changes: records.map(create), comment: 'by hand' });
    const path = await stage.file('fleet.yaml', fleetText());
    await stage.pawl('adopt api.example.test');
    await stage.pawl(`fleet push ${path} --yes`);
    await stage.pawl('plan --append');
    await stage.pawl('enact use1-a');
    await stage.pawl('status');
    await stage.pawl('plan --append');
    await stage.pawl('enact use1-a');
    await stage.pawl('status');
    await stage.pawl('explain api.example.test');
    await stage.pawl('retry apj.example.test');
    await stage.pawl('retry api.example.test --dry-run');
    await stage.pawl('adopt api.example.test --dry-run');
    await stage.pawl('adopt api.example.test --dry-run --json');
    const zone = unlistedZone(emulatedZone(core, zoneId));
    await stage.pawl('adopt api.example.test --dry-run', { world: { zone: () => zone } });
    await stage.pawl('adopt apj.example.test');
    await stage.pawl('adopt api.example.test', { terminal: { answers: ['n'], width: 80 } });
    await stage.pawl('adopt api.example.test', { terminal: { answers: ['y'], width: 80 } });
    await stage.pawl('adopt api.example.test --yes');
    await stage.pawl('status');
    await stage.pawl('plan --append');
    await stage.pawl('enact use1-a');
    await stage.pawl('status');
    await stage.pawl('retry api.example.test');
    await stage.pawl('adopt --cell use1-a');
    await stage.pawl('adopt');
    await expectTranscript(stage, 'adopt');
  });

  it('an adoption of many names: all of a cell, and those of a file', async () => {
    const stage = await rehearsal();
    const { core, zoneId } = stage;
    const stands = (name: string, address: string) =>
      create({ name: dnsName(name), type: 'A', ttl: 60, values: [address] });
    const changes = [
      stands('api.example.test', '192.0.2.250'),
      stands('www.example.test', '192.0.2.251'),
      create({ name: dnsName('one.example.test'), type: 'A', ttl: 60, values: ['192.0.2.1'] }),
    ];
    core.changeResourceRecordSets(zoneId, { changes, comment: 'by hand' });
    const extra = ['one', 'new']
      .map((name) => `      ${name}.example.test: { kind: addresses, targets: [api-1] }\n`)
      .join('');
    const path = await stage.file('fleet.yaml', fleetText({ extra }));
    await stage.pawl(`fleet push ${path} --yes`);
    await stage.pawl('adopt --cell use1-a --all --dry-run');
    await stage.pawl('plan --append');
    await stage.pawl('adopt --all');
    await stage.pawl('adopt --file nothing.txt');
    await stage.pawl(`adopt --file ${await stage.file('bad.txt', 'apj.example.test\n')}`);
    const names = await stage.file('names.txt', '# the first\nwww.example.test\n\nwww.example.test\n');
    await stage.pawl(`adopt --file ${names} --yes`);
    await stage.pawl('enact use1-a');
    await stage.pawl('adopt --cell use1-a --all --dry-run');
    await stage.pawl('adopt --cell use1-a --all', { terminal: { answers: ['n'], width: 80 } });
    await stage.pawl('adopt --cell use1-a --all --yes');
    await stage.pawl('plan --append');
    await stage.pawl('enact use1-a');
    await stage.pawl('adopt --cell use1-a --all');
    await expectTranscript(stage, 'adopt-many');
  });

  it('a handover: shown, offered, taken, given; a cell that is renamed; the halves of two stacks', async () => {
    const stage = await converged();
    const moved = await stage.file('moved.yaml', movedText());
    const renamed = await stage.file('renamed.yaml', fleetText({ cell: 'west' }));
    await stage.pawl(`fleet push ${moved} --dry-run`);
    await stage.pawl(`fleet push ${moved} --yes`);
    await stage.pawl('status');
    for (const line of ['plan --append', 'enact use1-b', 'status', 'enact use1-a', 'retry www.example.test'])
      await stage.pawl(line);
    for (const line of ['plan --append', 'enact use1-b', 'enact use1-a', 'status', 'history --cell use1-a'])
      await stage.pawl(line);
    await stage.pawl(`fleet push ${renamed} --yes`);
    await stage.pawl(`fleet push ${renamed} --from use1-a,use1-b,use9-z --yes`);
    await stage.pawl(`fleet push ${renamed} --from use1-a,use1-b --dry-run`);
    await stage.pawl('handover offer api.example.test --cell use1-a --to far --ledger 12');
    await stage.pawl('handover offer lab.example.test --cell use1-a --to far --ledger 5be1c07b --yes');
    await stage.pawl('handover offer api.example.test --cell use1-a --to far --ledger 5be1c07b --yes');
    await stage.pawl('handover await new.example.test --cell use1-b --from far --yes');
    await stage.pawl('status');
    await stage.pawl('handover withdraw api.example.test --cell use1-a');
    await stage.pawl('handover withdraw new.example.test --cell use1-b');
    await expectTranscript(stage, 'hand-over');
  });

  it('a cell that is given back, and taken again', async () => {
    const stage = await converged();
    await stage.pawl('give-back --cell use1-a --dry-run');
    await stage.pawl('give-back --cell use1-a --yes');
    await stage.pawl('give-back --cell use1-a --yes');
    await stage.pawl('status');
    await stage.pawl('thaw use1-a');
    await stage.pawl('resume use1-a');
    await stage.pawl('enact use1-a');
    await stage.pawl('status');
    await expectTranscript(stage, 'give-back');
  });

  it('a zone that is taken over by one command, and given back by another', async () => {
    const stage = await rehearsal();
    const { core, zoneId } = stage;
    const stands = (name: string, type: string, more: object) =>
      create({ name: dnsName(name), type, ttl: 60, ...more });
    const changes = [
      stands('api.example.test', 'A', { setIdentifier: 'blue', weight: 30, values: ['192.0.2.1'] }),
      stands('api.example.test', 'A', { setIdentifier: 'green', weight: 10, values: ['192.0.2.2'] }),
      stands('docs.example.test', 'CNAME', { values: ['docs.elsewhere.test.'] }),
      stands('example.test', 'MX', { values: ['10 mail.example.test.'] }),
    ];
    core.changeResourceRecordSets(zoneId, { changes, comment: 'by hand' });
    const file = join(stage.folder, 'taken.yaml');
    const line = `take-over --zone example.test --cell taken --file ${file}`;
    const source = route53AnswerSource(core);
    const dns = await serveDns(source, { host: '127.0.0.1', port: 0, random: () => 0 });
    onTestFinished(() => dns.close());
    const { clock, ...world } = working(stage);
    const sleep: World['clock']['sleep'] = (ms, signal) =>
      // Who asks a DNS server waits on the machine's own time.
      signal === undefined ? (clock?.sleep(ms) ?? Promise.resolve()) : systemClock.sleep(ms, signal);
    const name = dnsName('ns-1.awsdns-01.com');
    const nameServers: World['nameServers'] = async () => [{ name, host: dns.host, port: dns.port }];
    const how = { world: { ...world, nameServers, clock: { now: () => stage.clock.now(), sleep } } };
    const nobody = { world: { dns: undefined } };
    const hidden = (id: string): Zone => {
      const zone = emulatedZone(core, id);
      return { ...zone, describe: async () => ({ ...(await zone.describe()), private: true }) };
    };
    await stage.pawl(`${line} --dry-run`, { world: { dns: undefined, zone: hidden } });
    await stage.pawl(`${line} --server 127.0.0.1:9`, nobody);
    await stage.pawl(line, { ...how, terminal: { answers: ['n'], width: 80 } });
    await stage.pawl(line, { ...how, terminal: { answers: ['y'], width: 80 } });
    await stage.pawl('status');
    await stage.pawl(line, how);
    await stage.pawl('give-back --zone example.test --yes', nobody);
    await stage.pawl(`${line} --yes`, how);
    await stage.pawl('give-back --zone example.test', nobody);
    await expectTranscript(stage, 'take-over');
  });

  it('an edited plan: proposed, held, approved', async () => {
    const stage = await converged();
    const { out } = await stage.pawl('plan show use1-a --json');
    stage.forget();
    const edited = await stage.file('edited.json', out.replace('"weight": 255', '"weight": 25'));
    const emptied = await stage.file('same.json', out);
    const other = await stage.file('other.json', out.replaceAll('use1-a', 'use9-z'));
    await stage.pawl(`plan --from ${emptied}`);
    await stage.pawl(`plan --from ${other}`);
    await stage.pawl(`plan --from ${edited} --cell use1-a`);
    await stage.pawl(`plan --from ${edited} --dry-run`);
    await stage.pawl(`plan --from ${edited}`);
    await stage.pawl(`plan --from ${edited} --yes`);
    await stage.pawl('status');
    await stage.pawl('plan');
    await stage.pawl('resume use1-a --dry-run');
    await stage.pawl('resume use1-a');
    await stage.pawl('resume use1-a');
    await stage.pawl('pause use1-a --reason incident');
    await stage.pawl('pause use1-a');
    await expectTranscript(stage, 'edited-plan');
  });

  it('waves: refused as typed, a wave that goes wrong, and a file that goes everywhere', async () => {
    const stage = await rehearsal();
    const how = { world: working(stage) };
    const settle = () => how.world.clock?.sleep(3_600_000);
    const rollout = 'rollout: { waves: [[use1-a], [euw1-a]], bake_s: 5 }\n';
    const first = await stage.file('first.yaml', wavedText('192.0.2'));
    const wrong = await stage.file('wrong.yaml', wavedText('203.0.113', rollout));
    const mended = await stage.file('mended.yaml', wavedText('198.51.100', rollout));
    const held = await stage.file(
      'held.yaml',
      wavedText('198.51.100').replaceAll('kind:', 'ttl_s: 7200, kind:'),
    );
    await stage.pawl(`fleet push ${first} --yes`);
    await settle();
    await settle();
    stage.forget();
    for (const waves of ['use1-b;euw1-a', 'use1-a;euw1-a,use1-a', 'use1-a;;euw1-a', 'use1-a,use1-a'])
      await stage.pawl(`fleet push ${first} --waves ${waves}`);
    await stage.pawl(`fleet push ${first} --waves use1-a --bake 2d`);
    await stage.pawl(`fleet push ${first} --bake 15m`);
    await stage.pawl(`fleet push ${mended} --all-at-once --waves use1-a`);
    await stage.pawl(`fleet push ${held} --waves use1-a;euw1-a --yes`, how);
    await stage.pawl(`fleet push ${mended} --all-at-once --dry-run`);
    await stage.pawl(`fleet push ${wrong} --yes`, how);
    await stage.pawl(`fleet push ${wrong} --yes`, how);
    await stage.pawl('fleet show use1-a', how);
    await stage.pawl('fleet show use1-a@5', how);
    await stage.pawl('fleet show use1-a@99', how);
    await stage.pawl('fleet show use1-a@x', how);
    await stage.pawl(`fleet push ${mended} --yes`, how);
    await stage.pawl('fleet push --from-ledger use1-a@5 --yes', how);
    await stage.pawl('resume use1-a', how);
    await stage.pawl(`fleet push ${mended} --yes`, how);
    await stage.pawl(`fleet push ${mended} --yes`, how);
    await stage.pawl(`fleet push ${first}`, how);
    await stage.pawl('fleet push');
    await stage.pawl(`fleet push ${first} --from-ledger use1-a@5`, how);
    await expectTranscript(stage, 'waves');
  });

  it('a rollback', async () => {
    const stage = await converged();
    const path = await stage.file('changed.yaml', fleetText({ capacity: 80 }));
    await stage.pawl('rollback use1-a');
    await stage.pawl(`fleet push ${path} --yes`);
    await stage.pawl('plan --append');
    await stage.pawl('enact use1-a');
    stage.forget();
    await stage.pawl('rollback use1-a --to 9');
    await stage.pawl('rollback use1-a --dry-run');
    await stage.pawl('rollback use1-a');
    await stage.pawl('rollback use1-a --to 1 --yes');
    await stage.pawl('enact use1-a');
    await stage.pawl('status');
    await stage.pawl('history --limit 4');
    await expectTranscript(stage, 'rollback');
  });

  it('a drain and an evacuation, kept back and let go', async () => {
    const stage = await converged();
    await stage.pawl('target drain api-3');
    await stage.pawl('target drain api-1 --dry-run');
    await stage.pawl('target drain api-1 --hold --dry-run');
    await stage.pawl('target drain api-1 --hold --yes --reason disk');
    await stage.pawl('plan --append');
    await stage.pawl('status');
    await stage.pawl('plan approve use1-a');
    await stage.pawl('plan approve use1-a --yes');
    await stage.pawl('plan approve use1-a www.example.test --dry-run');
    await stage.pawl('plan approve use1-a api.example.test', { terminal: { answers: ['no'] } });
    await stage.pawl('plan approve use1-a api.example.test --digest 000000000000 --yes');
    await stage.pawl('plan approve use1-a api.example.test --digest 18a67c25441d --yes');
    await stage.pawl('enact use1-a');
    await stage.pawl('status');
    await stage.pawl('target restore api-1 --yes');
    await stage.pawl('target restore api-1 --yes');
    await stage.pawl('plan --append');
    await stage.pawl('enact use1-a');
    await stage.pawl('evacuate az3');
    await stage.pawl('evacuate az2 --dry-run');
    await stage.pawl('evacuate az2 --hold --yes --reason packet-loss');
    await stage.pawl('plan --append');
    await stage.pawl('status');
    await stage.pawl('plan reject use1-a');
    await stage.pawl('plan reject use1-a --digest 6f0f1a2b3c4d');
    await stage.pawl('restore az2 --yes');
    await stage.pawl('restore az2 --yes');
    await stage.pawl('target observe api-1');
    await stage.pawl('target observe api-1 --health sick');
    await stage.pawl('target observe api-1 --health unhealthy');
    await expectTranscript(stage, 'interventions');
  });

  it('a branch that is evacuated and restored', async () => {
    const stage = await rehearsal();
    const api = 'api.example.test: { kind: addresses, targets: [api-1, api-2] }';
    const regions = 'latency: { eu-west-1: { targets: [api-1] }, us-east-1: { targets: [api-2] } }';
    const text = fleetText()
      .replace('    targets:', '    policy: { capacity_removed_percent: 50 }\n    targets:')
      .replace(api, `api.example.test: { kind: addresses, route: { ${regions} } }`);
    const path = await stage.file('fleet.yaml', text);
    await stage.pawl(`fleet push ${path} --yes`);
    await stage.pawl('plan --append');
    await stage.pawl('enact use1-a');
    stage.forget();
    await stage.pawl('evacuate');
    await stage.pawl('evacuate az1 --branch eu-west-1');
    await stage.pawl('evacuate --branch eu-west-2');
    await stage.pawl('evacuate --branch eu-west-1 --dry-run');
    await stage.pawl('evacuate --branch eu-west-1 --yes --reason packet-loss');
    await stage.pawl('evacuate --branch eu-west-1 --yes --json');
    await stage.pawl('evacuate --branch us-east-1');
    await stage.pawl('plan --append');
    await stage.pawl('enact use1-a');
    await stage.pawl('status');
    await stage.pawl('explain api.example.test');
    const flat = await stage.file(
      'flat.yaml',
      text.replace(`route: { ${regions} }`, 'targets: [api-1, api-2]'),
    );
    await stage.pawl(`fleet push ${flat} --dry-run`);
    await stage.pawl('restore');
    await stage.pawl('restore --branch us-east-1 --yes');
    await stage.pawl('restore --branch eu-west-1 --yes');
    await stage.pawl('history --limit 6');
    await expectTranscript(stage, 'branch-evacuation');
  });

  it('a dead endpoint beside one that lives, an order that acts in part, a removal that waits', async () => {
    const stage = await rehearsal();
    const path = await stage.file('fleet.yaml', withLab());
    await stage.pawl(`fleet push ${path} --yes`);
    await stage.pawl('plan --append');
    await stage.pawl('enact use1-a');
    stage.forget();
    await stage.pawl('target observe lab-1 --health unhealthy');
    await stage.pawl('plan --append');
    await stage.pawl('target observe api-1 --health unhealthy');
    await stage.pawl('status');
    await stage.pawl('plan --append');
    await stage.pawl('enact use1-a');
    await stage.pawl('status');
    await stage.pawl('explain lab.example.test');
    await stage.pawl('audit --no-dns');
    await stage.pawl('evacuate az1 --yes');
    await stage.pawl('plan approve use1-a');
    await stage.pawl('plan reject use1-a lab.example.test --digest 0b1c2d3e4f50');
    const { out } = await stage.pawl('status --json');
    const digest = /"digest": "([0-9a-f]{12})"/.exec(out)?.[1] ?? '';
    await stage.pawl(`plan reject use1-a lab.example.test --digest ${digest} --reason a-lab-may-be-dead`);
    await stage.pawl('status');
    const removed = await stage.file('removed.yaml', fleetText());
    await stage.pawl(`fleet check ${removed}`);
    await stage.pawl(`fleet push ${removed} --dry-run`);
    await stage.pawl(`fleet push ${removed} --yes`);
    await stage.pawl('plan --append');
    await stage.pawl('status');
    await stage.pawl('plan approve use1-a');
    await stage.pawl('retry lab.example.test');
    await stage.pawl('history --limit 8');
    await expectTranscript(stage, 'kept-back');
  });

  it('a push that loosens the policy that judges it, declined and let judge', async () => {
    const stage = await converged();
    const loose = `    policy: { capacity_removed_percent: 100, retain_min: 0, blind_percent: 10 }\n    targets:`;
    const without = fleetText()
      .replace('    targets:', loose)
      .replace('targets: [api-1, api-2]', 'targets: [api-1]');
    const path = await stage.file('looser.yaml', without);
    await stage.pawl(`fleet push ${path} --dry-run`);
    await stage.pawl(`fleet push ${path} --yes`);
    await stage.pawl('plan --append');
    await stage.pawl('status');
    await stage.pawl('plan approve use1-a --dry-run');
    await stage.pawl('plan approve use1-a policy --dry-run');
    await stage.pawl('plan approve use1-a policy api.example.test');
    await stage.pawl('plan approve use1-a policy --digest 000000000000 --yes');
    await stage.pawl('plan reject use1-a policy --reason too-much');
    await stage.pawl('explain api.example.test');
    const digest = /policy --digest ([0-9a-f]{12})/.exec(stage.transcript())?.[1] ?? '';
    await stage.pawl(`plan reject use1-a policy --digest ${digest} --reason too-much`);
    await stage.pawl('status');
    await stage.pawl(`plan approve use1-a policy --digest ${digest} --yes`);
    await stage.pawl('plan approve use1-a policy');
    await stage.pawl('plan --append');
    await stage.pawl('history --limit 8');
    await expectTranscript(stage, 'looser-policy');
  });

  it('a push that lowers the floor that judges it, and lets it judge', async () => {
    const stage = await rehearsal();
    const policy = `    policy: { capacity_removed_percent: 100 }\n    targets:`;
    const careful = fleetText().replace('    targets:', policy);
    const floored = careful.replace('targets: [api-1, api-2]', 'floor: 2, targets: [api-1, api-2]');
    const first = await stage.file('fleet.yaml', floored);
    await stage.pawl(`fleet push ${first} --yes`);
    await stage.pawl('plan --append');
    await stage.pawl('enact use1-a');
    stage.forget();
    const lower = careful.replace('targets: [api-1, api-2]', 'targets: [api-1]');
    const path = await stage.file('lower.yaml', lower);
    await stage.pawl(`fleet push ${path} --dry-run`);
    await stage.pawl(`fleet push ${path} --yes`);
    await stage.pawl('plan --append');
    await stage.pawl('status');
    await stage.pawl('explain api.example.test');
    const digest = /policy --digest ([0-9a-f]{12})/.exec(stage.transcript())?.[1] ?? '';
    await stage.pawl(`plan approve use1-a policy --digest ${digest} --yes`);
    await stage.pawl('plan --append');
    await stage.pawl('history --limit 4');
    await expectTranscript(stage, 'lower-floor');
  });

  it('a push that undoes what people ordered and recorded', async () => {
    const stage = await converged();
    await stage.pawl('target drain api-1 --hold --yes --reason disk');
    await stage.pawl('evacuate az2 --hold --yes --reason packet-loss');
    await stage.pawl('target observe web-1 --health unhealthy');
    const renamed = fleetText()
      .replaceAll('api-1', 'api-one')
      .replace(/az: az2/g, 'az: az-2');
    const path = await stage.file('renamed.yaml', renamed);
    await stage.pawl(`fleet push ${path} --dry-run`);
    await stage.pawl(`fleet push ${path}`, { terminal: { answers: ['no'] } });
    await stage.pawl('pause use1-a --reason a-release');
    await stage.pawl(`fleet push ${path} --yes`);
    await expectTranscript(stage, 'undoing-push');
  });

  it('a name resolved', async () => {
    const stage = await converged();
    let asked = 0;
    // Multiples of the golden ratio are spread evenly, however many are taken: so counts follow the weights closely.
    const random = () => (asked++ * 0.618_033_988_75) % 1;
    const dns = await serveDns(route53AnswerSource(stage.core), { host: '127.0.0.1', port: 0, random });
    onTestFinished(() => dns.close());
    await stage.pawl('resolve api.example.test --count 510', { dns });
    await stage.pawl('resolve www.example.test --count 383 --type A --json', { dns });
    await stage.pawl('resolve www.example.test --count 3 --type AAAA', { dns });
    await stage.pawl('resolve nothing.example.test --count 2', { dns });
    await stage.pawl('resolve api.example.test --server nowhere');
    stage.killLedger();
    await stage.pawl('resolve api.example.test --count 4', { dns });
    await expectTranscript(stage, 'resolve');
  });

  it('a log that is followed, and cells that are watched, until Ctrl-C', async () => {
    const stage = await converged();
    await stage.pawl('history --limit 2 --follow', { interruptAtSleep: 2 });
    await stage.pawl('history --limit 1 --follow --json', { interruptAtSleep: 1 });
    await stage.pawl('status --watch', { interruptAtSleep: 3 });
    await stage.pawl('status --watch --json', { interruptAtSleep: 3 });
    await expectTranscript(stage, 'until-ctrl-c');
  });

  it('a doctor', async () => {
    const stage = await rehearsal();
    await stage.pawl('doctor --zone example.test');
    await stage.pawl('doctor --zone example.com');
    await stage.pawl('doctor');
    await expectTranscript(stage, 'doctor');
  });

  it('a doctor on an endpoint that must not be trusted', async () => {
    const stage = await rehearsal({ weaknesses: new Set(['not-atomic', 'value-order-matters']) });
    await stage.pawl('doctor --zone example.test');
    await expectTranscript(stage, 'doctor-unsafe');
  });

  it('a doctor where nothing is listed, and where the table of the ledger is not protected', async () => {
    const stage = await rehearsal();
    const tableProtections = async () => ({
      table: 'pawl',
      deletionProtection: false,
      pointInTimeRecovery: false,
    });
    const zone = deafZone(emulatedZone(stage.core, stage.zoneId));
    await stage.pawl('doctor --zone example.test', { world: { zone: () => zone, tableProtections } });
    await expectTranscript(stage, 'doctor-deaf');
    expect(stage.core.records(stage.zoneId).map(({ type }) => type)).toEqual(['NS', 'SOA']);
  });

  it('a doctor on an endpoint that refuses re-assertion', async () => {
    const stage = await rehearsal({ weaknesses: new Set(['reassert-rejected']) });
    await stage.pawl('doctor --zone example.test');
    await expectTranscript(stage, 'doctor-reduced');
  });

  it('files that are not what they must be, with nothing written', async () => {
    const stage = await converged();
    const { out } = await stage.pawl('plan show use1-a --json');
    stage.forget();
    const before = stage.ledger.peek(cellName('use1-a')).number;
    const fleet = fleetText();
    const files = {
      'malformed.yaml': fleet.replace('cells:', 'cells: ['),
      'unknown-key.yaml': fleet.replace('az: az1,', 'az: az1, weight: 3,'),
      'twice.yaml': fleet.replace('www.example.test', 'API.example.test'),
      'outside.yaml': fleet.replace('www.example.test', 'www.example.org'),
      'family.yaml': fleet.replace('192.0.2.1 ', "'2001:db8::1' "),
      'no-zone.yaml': fleet.replaceAll('example.test', 'example.org'),
      'moved.yaml': fleet.replaceAll('example.test', 'example-eu.test'),
      'claimed.yaml': fleetText({ cell: 'use1-b' }),
    };
    for (const [name, text] of Object.entries(files))
      await stage.pawl(`fleet push ${await stage.file(name, text)} --yes`);
    const other = await stage.file('other-cell.json', out.replaceAll('use1-a', 'use1-b'));
    await stage.pawl(`rescue --plan ${other} --cell use1-a`);
    await stage.pawl(`plan --from ${await stage.file('cut.json', out.slice(0, 300))}`);
    await stage.pawl(`plan --from ${await stage.file('heavy.json', out.replace('255', '256'))}`);
    await stage.pawl(`rescue adopt ${await stage.file('as-is.json', out)}`);
    expect(stage.ledger.peek(cellName('use1-a')).number).toBe(before);
    expect(await stage.ledger.cells()).toEqual(['use1-a']);
    await expectTranscript(stage, 'bad-files');
  });

  it('what is typed wrongly', async () => {
    const stage = await converged();
    for (const line of [
      'statsu',
      'plan shwo',
      'plan show',
      'plan show use1-a@0',
      'plan show Use_1',
      'status --jsn',
      'status --cell use1-b',
      'history --limit many',
      'history --type PlanAplied',
      'resolve api.example.test --type AA',
      'explain nothing.example.test',
      'rescue --export --to-rollback',
      'fleet',
      'fleet check nowhere.yaml',
      'completion tcsh',
    ])
      await stage.pawl(line);
    await expectTranscript(stage, 'typed-wrongly');
  });

  it('a terminal: lines, colour and the width', async () => {
    const stage = await converged();
    const path = await stage.file('changed.yaml', fleetText({ capacity: 80 }));
    await stage.pawl(`fleet push ${path}`, { terminal: { answers: ['y'] } });
    await stage.pawl('plan', { terminal: { width: 72 } });
    await stage.pawl('status', { terminal: { width: 60 } });
    await stage.pawl('status --no-color', { terminal: {} });
    await stage.pawl('status', { terminal: {}, env: { NO_COLOR: '1' } });
    await expectTranscript(stage, 'terminal');
  });

  it('an audit: clean, then of a zone that somebody changed by hand, then repaired', async () => {
    const stage = await converged();
    const { core, zoneId } = stage;
    const source = route53AnswerSource(core);
    const server = await serveDns(source, { host: '127.0.0.1', port: 0, random: () => 0.5 });
    onTestFinished(() => server.close());
    await stage.pawl('audit', { dns: server });
    const root = core.records(zoneId).find(({ name, type }) => name === 'api.example.test' && type === 'A');
    if (root === undefined) throw new Error('there is no root');
    core.changeResourceRecordSets(zoneId, { changes: [{ action: 'DELETE', record: root }] });
    await stage.pawl('audit use1-a --no-dns');
    await stage.pawl('audit use1-a --no-dns --json');
    await stage.pawl('status');
    await stage.pawl('enact use1-a');
    await stage.pawl('audit use1-a --no-dns');
    await stage.pawl('audit use2-a');
    await expectTranscript(stage, 'audit');
  });

  it('an import: a zone described, pushed, adopted and taken over', async () => {
    const stage = await rehearsal();
    const { core, zoneId } = stage;
    const record = (name: string, type: string, more: object) => ({ name: dnsName(name), type, ...more });
    const records = [
      record('example.test', 'TXT', { ttl: 300, values: ['"hello"'] }),
      record('api.example.test', 'A', { ttl: 60, values: ['192.0.2.1'], setIdentifier: 'blue', weight: 3 }),
      record('api.example.test', 'A', { ttl: 60, values: ['192.0.2.2'], setIdentifier: 'green', weight: 1 }),
      record('geo.example.test', 'A', {
        ttl: 60,
        values: ['192.0.2.3'],
        setIdentifier: 'jp',
        routing: { GeoLocation: { CountryCode: 'JP' } },
      }),
      record('geo.example.test', 'AAAA', { ttl: 60, values: ['2001:db8::3'] }),
      record('www.example.test', 'CNAME', { ttl: 300, values: ['www.example.net.'] }),
    ];
    core.changeResourceRecordSets(zoneId, {
      changes: records.map((each) => ({ action: 'CREATE' as const, record: each })),
    });
    const out = join(stage.folder, 'fleet.yaml');
    await stage.pawl('import --zone example.test --name api.example.test');
    await stage.pawl(`import --zone example.test --cell use1-a --out ${out}`);
    await stage.pawl(`import --zone example.test --out ${out}`);
    await stage.pawl('import --zone example.test --name apl.example.test');
    await stage.pawl('import --zone example.test --name geo.example.test');
    await stage.pawl('import --zone example.test --name www.example.test --json');
    await stage.pawl(`fleet push ${out} --yes`);
    await stage.pawl('audit --no-dns');
    await stage.pawl('plan --append');
    await stage.pawl('enact use1-a');
    await stage.pawl('adopt api.example.test --yes');
    await stage.pawl('adopt www.example.test --yes');
    await stage.pawl('enact use1-a');
    await stage.pawl('audit --no-dns');
    const document = join(stage.folder, 'policy.json');
    const policy = `import --zone example.test --cell use1-b --name shop.example.test --traffic-policy ${document}`;
    await writeFile(document, trafficPolicy('Wieght'));
    await stage.pawl(policy);
    await writeFile(document, trafficPolicy('Weight'));
    await stage.pawl(policy);
    await stage.pawl(policy.replace('shop.example.test', 'shop.example.net'));
    await expectTranscript(stage, 'import');
  });

  it("an import of other tools' files, and what is wrong with them", async () => {
    const stage = await rehearsal();
    const file = async (name: string, text: string) => {
      await writeFile(join(stage.folder, name), text);
      return join(stage.folder, name);
    };
    const octodns = await file(
      'example.test.yaml',
      "www: {type: A, ttl: 60, value: 192.0.2.1}\nmail: {type: MX, values: []}\n'': {type: ALIAS, value: a.test.}\n",
    );
    const broken = await file('broken.test.yaml', 'www: {type: A, ttl: soon}\napi: {ttl: 60}\n');
    const zone = await file('db', '$TTL 60\n@ SOA ns me 1 2 3 4 5\nwww A 192.0.2.1\n');
    const out = join(stage.folder, 'fleet.yaml');
    await stage.pawl(`import --from octodns:${octodns} --out ${out}`);
    await stage.pawl(`fleet check ${out}`);
    await stage.pawl(`import --from octodns:${octodns} --name wwv.example.test`);
    await stage.pawl(`import --from octodns:${octodns} --name example.test`);
    await stage.pawl(`import --from octodns:${broken}`);
    await stage.pawl(`import --from bind:${zone}`);
    await stage.pawl(`import --from bind:${zone} --zone example.test --zone-id Z000001 --json`);
    await stage.pawl(`import --from bind:${zone} octodns:${octodns}`);
    await stage.pawl(`import --from ${zone}`);
    await stage.pawl(`import --from bind:${join(stage.folder, 'gone')}`);
    await stage.pawl(`import --from bind:${zone} --traffic-policy ${zone}`);
    await stage.pawl(`import --from bind:${zone} --zone-id example.test`);
    await stage.pawl('import --zone example.test --zone-id Z000001');
    await stage.pawl('import');
    await expectTranscript(stage, 'import-files');
  });
});

/** A document whose weighted rule has one of its keys under this name. */
function trafficPolicy(weight: string): string {
  const Items = [
    { EndpointReference: 'main', [weight]: '1', HealthCheck: 'abc-1' },
    { EndpointReference: 'sorry', Weight: '0' },
  ];
  return JSON.stringify({
    AWSPolicyFormatVersion: '2015-10-01',
    RecordType: 'A',
    StartRule: 'shares',
    Endpoints: { main: { Type: 'value', Value: '192.0.2.1' }, sorry: { Type: 'value', Value: '192.0.2.9' } },
    Rules: { shares: { RuleType: 'weighted', Items } },
  });
}
