import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { answer } from '../../lib/emulator/dns/answer.ts';
import type { AnswerSource } from '../../lib/emulator/dns/answer-source.ts';
import { clientIn } from '../../lib/emulator/dns/client.ts';
import { route53AnswerSource } from '../../lib/emulator/dns/route53-answer-source.ts';
import type { DnsServer } from '../../lib/emulator/dns/serve-dns.ts';
import { serveDns } from '../../lib/emulator/dns/serve-dns.ts';
import { zoneView } from '../../lib/emulator/dns/served-records.ts';
import { emulatedZone } from '../../lib/emulator/emulated-zone.ts';
import { BUILT_IN_PLACES } from '../../lib/emulator/places/built-in-places.ts';
import { clientAt } from '../../lib/emulator/places/client-at.ts';
import { ipBlock } from '../../lib/emulator/places/ip-block.ts';
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
import type { Question } from './taken-zone.ts';
import { mixedRecords, QUESTIONS, questionText, recordsOf, ZONE } from './taken-zone.ts';

const INSYNC_MS = 80;
/** Fractions at which the draw among weighted sets is tried: finer than the smallest share below. */
const DRAWS = Array.from({ length: 40 }, (_, index) => index / 40);

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
  core.setAliasTarget({ zoneId: 'Z35SXDOTRQ7X7K', name: 'sorry.us-east-1.elb.amazonaws.com' }, true);
  const all = [...recordsOf(zone.id), ...(await mixedRecords(zone.id))];
  // An alias comes after what it points at: the further in, the more labels.
  const rank = ({ alias, name }: RecordSet) => (alias === undefined ? 0 : 100 - name.split('.').length);
  const changes = all
    .sort((a, b) => rank(a) - rank(b))
    .map((record) => ({ action: 'CREATE' as const, record }));
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
function possibleAnswers(records: readonly RecordSet[], { name, type, from }: Question): readonly string[] {
  const view = zoneView(place.zoneId, ZONE, records);
  const source: AnswerSource = {
    zoneFor: () => view,
    zoneById: (id) => (id === place.zoneId ? view : undefined),
    isElsewhere: () => true,
    healthOf: () => true,
    places: BUILT_IN_PLACES,
    cidrBlocks: () => [],
  };
  const client = clientIn(BUILT_IN_PLACES, ipBlock(addressAt(from) ?? ''));
  const found = DRAWS.map((draw) => {
    const { answers } = answer(source, { name, type }, draw, client);
    return answers
      .filter((each) => each.type === type)
      .map(({ value }) => value.replace(/\.$/, ''))
      .sort()
      .join(' ');
  });
  return [...new Set(found)].sort();
}

function addressAt(from: string | undefined): string | undefined {
  return from === undefined ? undefined : clientAt(BUILT_IN_PLACES, from);
}

/** The zone port. After every write it checks everything that some name server may answer from. */
function watched(zone: Zone, before: ReadonlyMap<string, readonly string[]>, commits: string[]): Zone {
  return {
    ...zone,
    change: async (batch) => {
      const outcome = await zone.change(batch);
      commits.push(`${batch.kind} ${outcome.type}`);
      for (const records of place.core.answerable(place.zoneId)) {
        for (const question of QUESTIONS)
          expect(possibleAnswers(records, question)).toEqual(before.get(questionText(question)));
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
      for (const question of QUESTIONS) {
        const { host, port } = place.server;
        const { name, type, from } = question;
        const asked = { server: { host, port }, name, types: [type], count: 3, client: addressAt(from) };
        const counts = await resolveMany(deps, asked);
        expect([...counts.rcodes.keys()]).toEqual(['NOERROR']);
        expect([counts.empty, counts.errors.size]).toEqual([0, 0]);
        const answers = seen.get(questionText(question)) ?? new Set();
        for (const value of counts.answers.keys()) answers.add(value.replace(/\.$/, ''));
        seen.set(questionText(question), answers);
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
      QUESTIONS.map((each) => [questionText(each), possibleAnswers(core.records(zoneId), each)]),
    );
    for (const answers of before.values()) expect(answers).not.toContain('');
    const foreign = core.records(zoneId).filter(({ type }) => !['A', 'AAAA', 'CNAME'].includes(type));

    const { fleets, unexpressed } = imported(core.records(zoneId), { name: ZONE, id: zoneId });
    const inner = unexpressed.filter(({ reason }) => reason.includes('are in the route of tree-'));
    expect(inner.map(({ name }) => name)).toHaveLength(24);
    expect(
      unexpressed.filter((each) => !inner.includes(each)).map(({ name, type }) => `${name} ${type}`),
    ).toEqual(['example.com MX', 'api.example.com TXT']);
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
    expect(await pushFleet(operator, { cells: [fleet], apply: true, functionsRead: 5 })).toMatchObject({
      type: 'done',
    });
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
