import { describe, expect, test } from 'vitest';
import { audit } from '../../lib/auditor/audit.ts';
import type { AuditReport } from '../../lib/auditor/auditor.ts';
import type { Resolver } from '../../lib/auditor/resolver.ts';
import { answer } from '../../lib/emulator/dns/answer.ts';
import { clientIn } from '../../lib/emulator/dns/client.ts';
import { route53AnswerSource } from '../../lib/emulator/dns/route53-answer-source.ts';
import { BUILT_IN_PLACES } from '../../lib/emulator/places/built-in-places.ts';
import { clientAt } from '../../lib/emulator/places/client-at.ts';
import { ipBlock } from '../../lib/emulator/places/ip-block.ts';
import type { FleetRoute } from '../../lib/plan/fleet-model.ts';
import { COUNTRIES } from '../../lib/plan/geo-codes.ts';
import { dnsName } from '../../lib/plan/names.ts';
import { remove } from '../../lib/plan/records.ts';
import { instant } from '../../lib/runtime/clock.ts';
import type { SimulatedWorld } from '../../lib/simulator/engine/simulated-world.ts';
import { simulatedWorld } from '../../lib/simulator/engine/simulated-world.ts';
import { branches, latency, to } from '../plan/given-routes.ts';
import { auditNow, auditorDeps, reportOf } from '../support/auditing.ts';
import { applyNewest } from '../support/scenario.ts';
import { smallFleet } from '../support/small-fleet.ts';

const API = dnsName('api.example.test');
const HOUR_MS = 3_600_000;

/** A world in which `api.example.test` has this route, and nothing is on its way any more. */
async function routedWorld(route: FleetRoute): Promise<SimulatedWorld> {
  const fleet = smallFleet(1);
  const endpoints = fleet.endpoints.map((each) => (each.name === API ? { ...each, route } : each));
  const world = await simulatedWorld({ fleet: { ...fleet, endpoints } });
  await world.plan();
  await applyNewest(world, 'enactor-1');
  world.time.advanceTo(world.time.now() + HOUR_MS);
  return world;
}

/** Answers as the emulator's name server does to a client, whose places are those of the built-in table. */
function resolverIn({ route53 }: SimulatedWorld): Resolver {
  const source = route53AnswerSource(route53);
  return {
    answers: async (name, type, client) => {
      const from = clientIn(BUILT_IN_PLACES, client === undefined ? undefined : ipBlock(client));
      return answer(source, { name, type }, 0, from).answers.length > 0 ? 'answer' : 'empty';
    },
  };
}

/** Removes what stands at the names that contain this label. */
function hollow(world: SimulatedWorld, label: string): void {
  const gone = world.records().filter(({ name }) => name.split('.').includes(label));
  expect(gone).not.toEqual([]);
  world.tamper(gone.map(remove));
  world.time.advanceTo(world.time.now() + HOUR_MS);
}

const inTable = async (place: string) => clientAt(BUILT_IN_PLACES, place);

/** Without a default: Route 53 would answer with it in the place of a branch that has nothing. */
const CONTINENTS = branches('geolocation', {
  eu: [{ GeoLocation: { ContinentCode: 'EU' } }, to('api-1')],
  jp: [{ GeoLocation: { CountryCode: 'JP' } }, to('api-2')],
});

describe('a branch that answers nothing', () => {
  test.each([
    ['eu', 'EU'],
    ['jp', 'JP'],
  ])('%s is found from its own place, %s, and from no other', async (label, place) => {
    const world = await routedWorld(CONTINENTS);
    const resolver = resolverIn(world);
    expect(reportOf(await auditNow(world, { resolver, clientAt: inTable }))).toMatchObject({
      empty: [],
      unasked: [],
    });
    hollow(world, label);
    expect(reportOf(await auditNow(world, { resolver, clientAt: inTable })).empty).toEqual([
      { name: API, type: 'A', from: place },
    ]);
    // Without a client there nothing shows it, and the place is named.
    const blind = reportOf(await auditNow(world, { resolver }));
    expect(blind.empty).toEqual([]);
    expect(blind.unasked).toContainEqual({ place, why: 'no-client' });
  });
});

describe('places from which nobody asked', () => {
  const unaskedOf = async (route: FleetRoute, resolver: Resolver): Promise<AuditReport> =>
    reportOf(await auditNow(await routedWorld(route), { resolver, clientAt: inTable }));
  const answering: Resolver = { answers: async () => 'answer' };

  test('are named where a Region may be outside of what the fleet answers', async () => {
    const eu = branches('geolocation', {
      eu: [
        { GeoLocation: { ContinentCode: 'EU' } },
        latency({ 'eu-west-1': to('api-1'), 'us-east-1': to('api-2') }),
      ],
    });
    expect(await unaskedOf(eu, answering)).toMatchObject({
      empty: [],
      unasked: [
        { place: 'eu-west-1', why: 'not-owed' },
        { place: 'us-east-1', why: 'not-owed' },
      ],
    });
  });

  test('are named where the name servers are silent, and are not waited for again and again', async () => {
    const regions = [
      'eu-west-1',
      'eu-west-2',
      'eu-west-3',
      'us-east-1',
      'us-east-2',
      'us-west-1',
      'us-west-2',
    ];
    const route = latency(Object.fromEntries(regions.map((region) => [region, to('api-1')])));
    const silent: Resolver = {
      answers: async (_name, _type, client) => (client === undefined ? 'answer' : 'unreachable'),
    };
    expect(await unaskedOf(route, silent)).toMatchObject({
      unanswered: 6,
      asked: 8,
      unasked: [{ place: 'us-west-2', why: 'not-reached' }],
    });
  });

  test('are named where an endpoint has more than an audit asks from', async () => {
    const countries = [...COUNTRIES].map(String).slice(20, 70);
    const route = branches(
      'geolocation',
      Object.fromEntries(
        countries.map((CountryCode) => [
          CountryCode.toLowerCase(),
          [{ GeoLocation: { CountryCode } }, to('api-1')],
        ]),
      ),
    );
    const clientAt = async () => '198.51.100.1';
    const report = reportOf(await auditNow(await routedWorld(route), { resolver: answering, clientAt }));
    expect(report.asked).toBe(1 + 48);
    expect(report.unasked).toEqual(countries.slice(48).map((place) => ({ place, why: 'too-many' })));
  });

  test('are named where the time was over', async () => {
    const world = await routedWorld(CONTINENTS);
    const deadline = instant(world.time.now() + 700);
    const slow: Resolver = {
      answers: async () => {
        world.time.advanceTo(world.time.now() + 400);
        return 'answer';
      },
    };
    const outcome = await audit(auditorDeps(world, { resolver: slow, clientAt: inTable }), { deadline });
    expect(reportOf(outcome)).toMatchObject({ asked: 2, unasked: [{ place: 'JP', why: 'not-reached' }] });
  });

  test('are none where nothing was asked', async () => {
    expect(reportOf(await auditNow(await routedWorld(CONTINENTS))).unasked).toEqual([]);
  });
});
