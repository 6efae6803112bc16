import { describe, expect, it } from 'vitest';
import { parseEvent as parse, SHAPES_6 } from '../../../lib/ledger/decider/event-shape.ts';
import type { EventType, LedgerEvent } from '../../../lib/ledger/decider/events.ts';
import { generation, seq } from '../../../lib/plan/generation.ts';
import { cellName, dnsName } from '../../../lib/plan/names.ts';
import { fleetDeclared, POLICY, planAppended, planApplied, planStaged } from '../../support/ledger-events.ts';

const name = dnsName('api.example.test');
const parseEvent = (text: string) => parse(text, SHAPES_6, 'refuse');

const other = cellName('euw1-a');

const KEPT = {
  name,
  digest: 'd',
  findings: [{ code: 'no-answer', severity: 'fatal' as const, subject: name }],
};

const FLOORS = { [name]: { floor: 3, declared: 1 }, 'gone.example.test': { floor: 2 } };

/** One event of every type, with every field. */
const EVENTS: { readonly [T in EventType]: LedgerEvent & { readonly type: T } } = {
  FleetDeclared: { ...fleetDeclared(), inEffect: POLICY, floors: FLOORS },
  TargetsObserved: { type: 'TargetsObserved', digest: 'd', changed: 1, healthy: 2 },
  TargetDrained: { type: 'TargetDrained', target: 'i-1', reason: 'maintenance' },
  TargetRestored: { type: 'TargetRestored', target: 'i-1' },
  AzEvacuated: { type: 'AzEvacuated', az: 'az1', reason: 'power' },
  AzRestored: { type: 'AzRestored', az: 'az1' },
  PlanAppended: planAppended(1, {
    keptBack: [KEPT],
    capacityRemoved: { api: 250 },
    capacityReturned: { web: 100 },
  }),
  PlanApproved: { type: 'PlanApproved', generation: generation(1), digest: 'd' },
  PlanRejected: { type: 'PlanRejected', generation: generation(1), reason: 'no' },
  PlanStaged: planStaged(1, 'g000001.api'),
  PlanApplied: { ...planApplied(1, 2), without: [name] },
  TreesRetired: { type: 'TreesRetired', trees: ['g000001.api'], fenceSeq: seq(2) },
  ZoneSurveyed: {
    type: 'ZoneSurveyed',
    facts: { records: 1, recordLimit: 2, negativeTtlS: 3, delegations: [], conflicts: [] },
  },
  DriftFound: { type: 'DriftFound', count: 1, names: [name] },
  DriftRepaired: { type: 'DriftRepaired', count: 1, names: [name], seq: seq(3) },
  ZoneRegressed: { type: 'ZoneRegressed', what: 'root', name, found: 'a', expected: 'b', fenceSeq: seq(3) },
  FenceAhead: {
    type: 'FenceAhead',
    fenceGeneration: generation(3),
    fenceSeq: seq(4),
    reissue: { generation: generation(4), parent: 1, digest: 'd' },
  },
  LogContradicted: { type: 'LogContradicted', number: 151, digits: '5be1c07ad00d', found: '0badf00d0bad' },
  PlannerPaused: { type: 'PlannerPaused', reason: 'release' },
  PlannerResumed: { type: 'PlannerResumed' },
  CellFrozen: { type: 'CellFrozen', reason: 'incident' },
  CellThawed: { type: 'CellThawed' },
  EndpointAdopted: { type: 'EndpointAdopted', name, was: ['192.0.2.1'] },
  RescueFound: { type: 'RescueFound', generation: generation(3), seq: seq(4), plan: 'abc', by: 'ana' },
  FormatRaised: { type: 'FormatRaised', format: 2 },
  EndpointsKeptBack: { type: 'EndpointsKeptBack', endpoints: [KEPT] },
  BranchEvacuated: { type: 'BranchEvacuated', branch: 'eu-west-1', reason: 'power' },
  BranchRestored: { type: 'BranchRestored', branch: 'eu-west-1' },
  LooseningApproved: { type: 'LooseningApproved', inEffect: POLICY, policy: POLICY, floors: FLOORS },
  LooseningRejected: {
    ...{ type: 'LooseningRejected', inEffect: POLICY, policy: POLICY, floors: FLOORS },
    reason: 'no',
  },
  KeptBackRejected: { type: 'KeptBackRejected', endpoints: [{ name, digest: 'd' }], reason: 'no' },
  EndpointRefused: {
    type: 'EndpointRefused',
    name,
    step: 'flip',
    generation: generation(3),
    records: ['api.example.test A'],
    reason: 'words',
    batches: 8,
    attempt: 2,
  },
  EndpointRetried: { type: 'EndpointRetried', name },
  SourcesBlind: { type: 'SourcesBlind', sources: [{ source: 'elbv2', reason: 'throttled' }] },
  EndpointsOffered: { type: 'EndpointsOffered', names: [name], to: other, ledger: '0123abcd' },
  OffersWithdrawn: { type: 'OffersWithdrawn', names: [name] },
  OffersEnded: { type: 'OffersEnded', names: [name] },
  EndpointsGiven: { type: 'EndpointsGiven', names: [name], to: other, fenceSeq: seq(7) },
  EndpointsAwaited: { type: 'EndpointsAwaited', names: [name], from: other },
  EndpointsTaken: { type: 'EndpointsTaken', names: [name], from: other, fenceSeq: seq(7) },
};
/** Fields in which null says something. */
const MAY_BE_NULL = ['EndpointsAwaited.from'];
const MAY_BE_ABSENT = [
  'FleetDeclared.inEffect',
  'FleetDeclared.floors',
  'LooseningApproved.floors',
  'LooseningRejected.floors',
  'PlanApplied.changeId',
  'PlanApplied.durationMs',
  'PlanApplied.without',
  'FenceAhead.reissue',
  'LogContradicted.found',
  'PlanAppended.keptBack',
  'PlanAppended.capacityRemoved',
  'PlanAppended.capacityReturned',
  'ZoneRegressed.fenceSeq',
  'EndpointRefused.attempt',
];

const fieldsOf = Object.values(EVENTS).flatMap((event) =>
  Object.entries(event)
    .filter(([key]) => key !== 'type')
    .map(([key, value]) => ({ event, key, value: value as unknown, place: `${event.type}.${key}` })),
);

function damagedBy(event: LedgerEvent, key: string, value: unknown): void {
  expect(parseEvent(JSON.stringify({ ...event, [key]: value }))).toEqual({
    type: 'damaged',
    what: `the field "${key}" of ${event.type} is not right`,
  });
}

describe.each(Object.values(EVENTS))('$type', (event) => {
  it('is read back as it was written', () => {
    expect(parseEvent(JSON.stringify(event))).toEqual({ type: 'event', event });
  });

  it('has no other field in its own format, and keeps one that a newer format has', () => {
    const more = { ...event, toString: 'later' };
    expect(parseEvent(JSON.stringify(more))).toEqual({
      type: 'damaged',
      what: `its format does not have the field "toString" of ${event.type}`,
    });
    expect(parse(JSON.stringify(more), SHAPES_6, 'keep')).toEqual({ type: 'event', event: more });
  });
});

describe.each(fieldsOf)('$place', ({ event, key, value, place }) => {
  it(MAY_BE_ABSENT.includes(place) ? 'may be absent' : 'may not be absent', () => {
    const { [key]: _, ...without } = event as unknown as Readonly<Record<string, unknown>>;
    const parsed = parseEvent(JSON.stringify(without));
    if (MAY_BE_ABSENT.includes(place)) expect(parsed).toEqual({ type: 'event', event: without });
    else
      expect(parsed).toEqual({ type: 'damaged', what: `the field "${key}" of ${event.type} is not right` });
  });

  it('holds nothing of another kind', () => {
    const kind = Array.isArray(value) ? 'list' : typeof value;
    const others = { string: 'text', number: 7, boolean: true, object: { a: 1 }, list: [] };
    for (const [other, wrong] of Object.entries(others)) if (other !== kind) damagedBy(event, key, wrong);
    if (!MAY_BE_NULL.includes(place)) return damagedBy(event, key, null);
    const withNull = { ...event, [key]: null };
    expect(parseEvent(JSON.stringify(withNull))).toEqual({ type: 'event', event: withNull });
  });
});

it('takes no number that is none, and no list of texts with anything else in it', () => {
  const endless = JSON.stringify(EVENTS.PlanRejected).replace('"generation":1', '"generation":1e999');
  expect(parseEvent(endless)).toMatchObject({ type: 'damaged', what: expect.stringMatching(/"generation"/) });
  damagedBy(EVENTS.TreesRetired, 'trees', ['g000001.api', 1]);
  damagedBy(EVENTS.EndpointAdopted, 'was', [null]);
});

it('takes the findings of every release, and no list with anything else in it', () => {
  const old = { code: 'no-answer', severity: 'held', subject: 'api', message: 'No answer.' } as const;
  const withData = { code: 'too-many-geese', severity: 'note', subject: 'api', geese: 7 } as const;
  const event = planAppended(1, { findings: [old, withData] });
  expect(parseEvent(JSON.stringify(event))).toEqual({ type: 'event', event });
  damagedBy(EVENTS.PlanAppended, 'findings', [old, 'No answer.']);
  damagedBy(EVENTS.PlanAppended, 'findings', [{ ...old, severity: 'mild' }]);
});

it('takes no list of endpoints, sources or shares with anything else in it', () => {
  const read = (event: object) => parseEvent(JSON.stringify(event)).type;
  const withItem = (item: unknown) => [
    { type: 'EndpointsKeptBack', endpoints: [KEPT, item] },
    planAppended(1, { keptBack: [item as typeof KEPT] }),
    { type: 'KeptBackRejected', endpoints: [{ name, digest: 'd' }, item], reason: 'no' },
    { type: 'SourcesBlind', sources: [{ source: 'ec2', reason: 'x' }, item] },
  ];
  for (const item of [
    null,
    'api',
    [],
    {},
    { name },
    { name: 7, digest: 'd', findings: [] },
    { source: 'ec2' },
  ])
    for (const event of withItem(item)) expect(read(event), JSON.stringify(event)).toBe('damaged');
  for (const findings of [undefined, 'none', [{ code: 'x' }]])
    expect(read({ type: 'EndpointsKeptBack', endpoints: [{ name, digest: 'd', findings }] })).toBe('damaged');
  // A later release may say more of each.
  const more = { name, digest: 'd', findings: [], source: 'ec2', reason: 'x', mood: 1 };
  for (const event of withItem(more)) expect(read(event), JSON.stringify(event)).toBe('event');
  for (const capacityRemoved of [{ api: '250' }, { api: null }, [250], 250])
    expect(read({ ...planAppended(1), capacityRemoved })).toBe('damaged');
});

it('says in one phrase why a text is no event', () => {
  expect(parseEvent('')).toEqual({ type: 'damaged', what: 'its event is not JSON' });
  for (const text of ['null', '[]', '7', '"CellThawed"'])
    expect(parseEvent(text)).toEqual({ type: 'damaged', what: 'its event is not an object' });
  for (const text of ['{}', '{"type":7}', '{"type":null}'])
    expect(parseEvent(text)).toEqual({ type: 'damaged', what: 'its event has no type' });
  for (const type of ['CellPainted', 'toString', '__proto__'])
    expect(parseEvent(`{"type":"${type}"}`)).toEqual({
      type: 'damaged',
      what: `its format does not have the event type "${type}"`,
    });
  expect(parse('{"type":"CellPainted"}', SHAPES_6, 'keep')).toEqual({
    type: 'newer',
    what: 'the event type "CellPainted"',
  });
});
