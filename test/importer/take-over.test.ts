import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { answer } from '../../lib/emulator/dns/answer.ts';
import type { AnswerSource } from '../../lib/emulator/dns/answer-source.ts';
import { route53AnswerSource } from '../../lib/emulator/dns/route53-answer-source.ts';
import type { DnsServer } from '../../lib/emulator/dns/serve-dns.ts';
import { serveDns } from '../../lib/emulator/dns/serve-dns.ts';
import { zoneView } from '../../lib/emulator/dns/served-records.ts';
import { emulatedZone } from '../../lib/emulator/emulated-zone.ts';
import { BUILT_IN_PLACES } from '../../lib/emulator/places/built-in-places.ts';
import type { Route53 } from '../../lib/emulator/route53.ts';
import { createRoute53 } from '../../lib/emulator/route53.ts';
import { enact } from '../../lib/enactor/enact.ts';
import type { EnactOutcome } from '../../lib/enactor/enactor.ts';
import { staticSource } from '../../lib/fleet/sources/static-source.ts';
import type { MemoryLedger } from '../../lib/ledger/memory-ledger.ts';
import { memoryLedger } from '../../lib/ledger/memory-ledger.ts';
import { adoptEndpoint } from '../../lib/operator/adopt.ts';
import type { OperatorZoneDeps } from '../../lib/operator/operator.ts';
import { pushFleet } from '../../lib/operator/push-fleet.ts';
import type { WriterRole } from '../../lib/plan/batch-kinds.ts';
import type { DnsName } from '../../lib/plan/names.ts';
import { dnsName } from '../../lib/plan/names.ts';
import type { CellScope } from '../../lib/plan/owned-names.ts';
import type { RecordSet } from '../../lib/plan/records.ts';
import { planCell } from '../../lib/planner/plan-cell.ts';
import { resolveMany } from '../../lib/resolve/resolve.ts';
import { socketTransport } from '../../lib/resolve/socket-transport.ts';
import { instant, systemClock } from '../../lib/runtime/clock.ts';
import { systemRandomness } from '../../lib/runtime/ids.ts';
import { silentTelemetry } from '../../lib/telemetry/telemetry.ts';
import { guardedZone } from '../../lib/zone/guarded-zone.ts';
import type { Zone } from '../../lib/zone/zone.ts';
import { imported } from '../support/imported.ts';

const ZONE = dnsName('example.com');
const INSYNC_MS = 80;
/** Fractions at which the draw among weighted sets is tried: finer than the smallest share below. */
const DRAWS = Array.from({ length: 40 }, (_, index) => index / 40);

function at(name: string, type: string, more: Partial<RecordSet>): RecordSet {
  return { name: dnsName(name), type, ...(more.alias === undefined ? { ttl: 60 } : {}), ...more };
}

function weighted(name: string, type: string, key: string, weight: number, value: string): RecordSet {
  return at(name, type, { setIdentifier: key, weight, values: [value] });
}

/** Every kind of record that can be taken over, and some that stay. */
function recordsOf(zoneId: string): readonly RecordSet[] {
  const elb = (name: string) => ({
    zoneId: 'Z35SXDOTRQ7X7K',
    name: dnsName(`${name}.us-east-1.elb.amazonaws.com`),
    evaluateTargetHealth: true,
  });
  return [
    at('example.com', 'A', { values: ['192.0.2.1', '192.0.2.2'] }),
    at('example.com', 'AAAA', { values: ['2001:db8::1'] }),
    at('example.com', 'MX', { values: ['10 mail.example.net.'] }),
    weighted('api.example.com', 'A', 'blue', 90, '192.0.2.10'),
    weighted('api.example.com', 'A', 'green', 30, '192.0.2.11'),
    weighted('api.example.com', 'A', 'old', 0, '192.0.2.12'),
    weighted('api.example.com', 'AAAA', 'blue', 1, '2001:db8::10'),
    weighted('api.example.com', 'AAAA', 'green', 1, '2001:db8::11'),
    at('api.example.com', 'TXT', { values: ['"stays"'] }),
    weighted('login.example.com', 'CNAME', 'one', 3, 'one.login.example.net.'),
    weighted('login.example.com', 'CNAME', 'two', 1, 'two.login.example.net.'),
    at('*.apps.example.com', 'A', { values: ['192.0.2.20'] }),
    at('shop.example.com', 'A', { alias: elb('shop') }),
    at('shop.example.com', 'AAAA', { alias: elb('shop') }),
    at('www.example.com', 'A', { alias: { zoneId, name: ZONE, evaluateTargetHealth: false } }),
    at('docs.example.com', 'CNAME', { values: ['www.example.com.'] }),
  ];
}

/** What clients ask. */
const QUESTIONS: readonly (readonly [name: DnsName, type: 'A' | 'AAAA' | 'CNAME'])[] = [
  [ZONE, 'A'],
  [ZONE, 'AAAA'],
  [dnsName('api.example.com'), 'A'],
  [dnsName('api.example.com'), 'AAAA'],
  [dnsName('login.example.com'), 'CNAME'],
  [dnsName('any.apps.example.com'), 'A'],
  [dnsName('shop.example.com'), 'A'],
  [dnsName('shop.example.com'), 'AAAA'],
  [dnsName('www.example.com'), 'A'],
  [dnsName('docs.example.com'), 'A'],
];

interface Place {
  readonly core: Route53;
  readonly zoneId: string;
  readonly ledger: MemoryLedger;
  readonly server: DnsServer;
}

let place: Place;

beforeEach(async () => {
  let ids = 0;
  const core = createRoute53(
    { insyncDelayMs: INSYNC_MS, recordLimit: 10_000 },
    {
      now: () => systemClock.now(),
      id: (prefix) => {
        ids += 1;
        return `${prefix}${String(ids).padStart(8, '0')}`;
      },
    },
  );
  core.setAliasTarget({ zoneId: 'Z35SXDOTRQ7X7K', name: 'shop.us-east-1.elb.amazonaws.com' }, true);
  const { zone } = core.createHostedZone({ name: ZONE, callerReference: 'test' });
  const changes = recordsOf(zone.id).map((record) => ({ action: 'CREATE' as const, record }));
  const { id } = core.changeResourceRecordSets(zone.id, { changes });
  core.settle(id);
  const server = await serveDns(route53AnswerSource(core), {
    host: '127.0.0.1',
    port: 0,
    random: () => systemRandomness.fraction(),
  });
  place = { core, zoneId: zone.id, ledger: memoryLedger('5be1c07a'), server };
});

afterEach(() => place.server.close());

/** Everything that a name server with these records may answer to a question, each once. */
function possibleAnswers(records: readonly RecordSet[], name: DnsName, type: string): readonly string[] {
  const view = zoneView(place.zoneId, ZONE, records);
  const source: AnswerSource = {
    zoneFor: () => view,
    zoneById: (id) => (id === place.zoneId ? view : undefined),
    isElsewhere: () => true,
    healthOf: () => true,
    places: BUILT_IN_PLACES,
    cidrBlocks: () => [],
  };
  const found = DRAWS.map((draw) => {
    const { answers } = answer(source, { name, type }, draw);
    return answers
      .filter((each) => each.type === type)
      .map(({ value }) => value.replace(/\.$/, ''))
      .sort()
      .join(' ');
  });
  return [...new Set(found)].sort();
}

/** The zone port. After every write it checks everything that some name server may answer from. */
function watched(zone: Zone, before: ReadonlyMap<string, readonly string[]>, commits: string[]): Zone {
  return {
    ...zone,
    change: async (batch) => {
      const outcome = await zone.change(batch);
      commits.push(`${batch.kind} ${outcome.type}`);
      for (const records of place.core.answerable(place.zoneId)) {
        for (const [name, type] of QUESTIONS)
          expect(possibleAnswers(records, name, type)).toEqual(before.get(`${name} ${type}`));
      }
      return outcome;
    },
  };
}

function writer(role: WriterRole, scope: CellScope, zone: Zone) {
  return { zone: guardedZone(zone, role, scope), scope, randomness: systemRandomness, role, name: role };
}

/** Asks every question repeatedly until it is stopped; returns the answers by question. */
function askThroughout(): { stop(): Promise<ReadonlyMap<string, ReadonlySet<string>>> } {
  const seen = new Map<string, Set<string>>();
  let isOver = false;
  const deps = { clock: systemClock, randomness: systemRandomness, connect: socketTransport };
  const asking = (async () => {
    while (!isOver) {
      for (const [name, type] of QUESTIONS) {
        const { host, port } = place.server;
        const counts = await resolveMany(deps, { server: { host, port }, name, types: [type], count: 3 });
        expect([...counts.rcodes.keys()]).toEqual(['NOERROR']);
        expect([counts.empty, counts.errors.size]).toEqual([0, 0]);
        const answers = seen.get(`${name} ${type}`) ?? new Set();
        for (const value of counts.answers.keys()) answers.add(value.replace(/\.$/, ''));
        seen.set(`${name} ${type}`, answers);
      }
    }
    return seen;
  })();
  return {
    stop: () => {
      isOver = true;
      return asking;
    },
  };
}

describe('a zone that is imported, pushed, adopted and enacted', () => {
  it('is taken over name by name as each is adopted, with no moment without an answer that it gave before', async () => {
    const { core, zoneId, ledger } = place;
    const before = new Map(
      QUESTIONS.map(([name, type]) => [`${name} ${type}`, possibleAnswers(core.records(zoneId), name, type)]),
    );
    for (const answers of before.values()) expect(answers).not.toContain('');
    const foreign = core.records(zoneId).filter(({ type }) => !['A', 'AAAA', 'CNAME'].includes(type));

    const { fleets, unexpressed } = imported(core.records(zoneId), { name: ZONE, id: zoneId });
    expect(unexpressed.map(({ name, type }) => `${name} ${type}`)).toEqual([
      'example.com MX',
      'api.example.com TXT',
    ]);
    const [fleet] = fleets;
    if (fleet === undefined) throw new Error('nothing was described');
    const scope = { cell: fleet.cell, zone: ZONE, zoneId };
    const commits: string[] = [];
    const zone = watched(emulatedZone(core, zoneId), before, commits);
    const common = { ledger, clock: systemClock, telemetry: silentTelemetry };
    const operator: OperatorZoneDeps = {
      ...common,
      randomness: systemRandomness,
      name: 'operator-ana',
      writer: writer('operator', scope, zone),
    };
    const enactNow = (): Promise<EnactOutcome> =>
      enact(
        {
          ...common,
          writer: writer('enactor', scope, zone),
          settings: { insyncPollMs: 10, unknownChangeMs: 300_000 },
        },
        { mode: 'hint', deadline: instant(systemClock.now() + 30_000) },
      );

    const throughout = askThroughout();
    expect(await pushFleet(operator, { cells: [fleet], apply: true })).toMatchObject({ type: 'done' });
    const planned = await planCell(
      { ...common, source: staticSource(), name: 'planner' },
      { cell: scope.cell, append: true },
    );
    expect(planned).toMatchObject({ type: 'appended', proposed: { disposition: 'approved' } });
    // Nothing is touched before it is adopted.
    const names = fleet.endpoints.map(({ name }) => name);
    const asksFor = (name: string) => ({ name, reason: expect.stringContaining('pawl adopt') });
    expect(await enactNow()).toMatchObject({
      type: 'blocked',
      endpoints: expect.arrayContaining(names.map(asksFor)),
    });
    expect(commits.filter((commit) => !commit.startsWith('fence'))).toEqual([]);
    for (const name of names.slice(1))
      expect(await adoptEndpoint(operator, { cell: scope.cell, name, apply: true })).toMatchObject({
        change: 'adopted',
      });
    expect(await enactNow()).toMatchObject({
      type: 'blocked',
      endpoints: names.slice(0, 1).map(asksFor),
    });
    for (const name of names.slice(0, 1))
      expect(await adoptEndpoint(operator, { cell: scope.cell, name, apply: true })).toMatchObject({
        change: 'adopted',
      });
    expect(await enactNow()).toMatchObject({ type: 'applied', generation: 1, reason: 'flip' });
    const seen = await throughout.stop();

    expect(commits).toEqual([
      'fence accepted',
      ...['stage accepted', 'flip accepted'],
      ...['stage accepted', 'flip accepted'],
    ]);
    for (const [question, answers] of seen) {
      const possible = new Set(before.get(question)?.flatMap((values) => values.split(' ')));
      for (const value of answers) expect(possible, question).toContain(value);
    }
    expect([...seen.keys()]).toHaveLength(QUESTIONS.length);
    const after = core.records(zoneId);
    for (const record of foreign) expect(after).toContainEqual(record);
    for (const name of names) {
      const roots = after.filter((each) => each.name === name && ['A', 'AAAA', 'CNAME'].includes(each.type));
      expect(roots.map(({ alias }) => alias?.name.split('.')[0])).toEqual(roots.map(() => 'g000001'));
    }
    // Once Pawl owns it, no record of it is foreign.
    expect(await enactNow()).toMatchObject({ type: 'converged', generation: 1 });
  });
});
