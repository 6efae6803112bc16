import { describe, expect, it } from 'vitest';
import { eventText, eventTone } from '../../../lib/cli/printing/event-text.ts';
import { generation, seq } from '../../../lib/plan/generation.ts';
import { cellName, dnsName } from '../../../lib/plan/names.ts';
import { planAppended } from '../../support/ledger-events.ts';
import { blind, kept, keptBack, refusal, rejected, retried } from '../../support/obstacle-events.ts';

const name = dnsName('api.example.test');

describe('the sentence of an endpoint that is kept back', () => {
  it('says why in words for one, and by codes for several', () => {
    expect(eventText(keptBack(kept('api')))).toBe(
      'api.example.test is kept as it answers, and its change waits (aaaaaaaaaaaa). api.example.test would have 1 serving targets, fewer than its floor of 2.',
    );
    expect(eventText(keptBack({ ...kept('api'), findings: [] }))).toBe(
      'api.example.test is kept as it answers, and its change waits (aaaaaaaaaaaa).',
    );
    const five = ['a', 'b', 'c', 'd', 'e'].map((label) => kept(label));
    expect(eventText(keptBack(...five))).toBe(
      '5 endpoints are kept as they answer, and their changes wait: a.example.test (under-floor), b.example.test (under-floor), c.example.test (under-floor) and 2 more',
    );
    expect(eventText(keptBack())).toBe('no endpoint is kept back any more');
  });

  it('stands beside the plan without it', () => {
    expect(eventText(planAppended(4, { keptBack: [kept('web')] }))).toBe(
      'plan @4 appended by planner: 1 changed (api.example.test); web.example.test is kept as it answers, and its change waits (aaaaaaaaaaaa). web.example.test would have 1 serving targets, fewer than its floor of 2.',
    );
    expect(eventText(planAppended(4, { keptBack: [] }))).toBe(eventText(planAppended(4)));
  });

  it('says what a person declined', () => {
    expect(eventText(rejected(kept('api'), kept('web')))).toBe(
      'the change that waits was rejected for api.example.test, web.example.test: not today',
    );
  });
});

describe('the sentence of a refusal', () => {
  it('has the words of Route 53, the record sets, and what was tried', () => {
    expect(eventText(refusal('api', 7))).toBe(
      'api.example.test stays as it answers: Route 53 refused to point it at its plan, @7 (api.example.test A): It is protected.',
    );
    expect(eventText(refusal('api', 7, { step: 'repair', records: [], attempt: 3 }))).toBe(
      'api.example.test stays as it answers: Route 53 refused to repair it, @7, attempt 3: It is protected.',
    );
    expect(eventText(refusal('api', 7, { step: 'stage', records: [], attempt: 1 }))).toContain(
      "Route 53 refused to create its plan's records, @7: ",
    );
    expect(eventText(refusal('api', 7, { step: 'conflict' }))).toContain(
      'what stands in the zone forbids to write it',
    );
    expect(eventText(retried('api'))).toBe('api.example.test was refused and is to be tried again at once');
  });

  it('never lets what Route 53 said move the cursor', () => {
    expect(eventText(refusal('api', 7, { reason: 'a\u001b[2Jb\nc' }))).not.toMatch(/\p{Cc}/u);
    expect(eventText(blind('a\u001b[2J'))).not.toMatch(/\p{Cc}/u);
  });
});

it('says which sources cannot see, and why', () => {
  expect(eventText(blind('ec2', 'elbv2'))).toBe(
    '2 sources cannot see targets: ec2 (throttled), elbv2 (throttled)',
  );
  expect(eventText({ type: 'SourcesBlind', sources: [{ source: 'ec2', reason: '' }] })).toBe(
    '1 source cannot see targets: ec2',
  );
  expect(eventText(blind())).toBe('every source sees its targets again');
});

it('says which event of an anchor the log lost, or has another one of', () => {
  const lost = { type: 'LogContradicted', number: 151, digits: '5be1c07ad00d' } as const;
  expect(eventText(lost)).toBe(
    'events were lost or replaced: the fence named event 151 (5be1c07ad00d), which the log does not reach; the log goes on from here',
  );
  expect(eventText({ ...lost, found: '0badf00d0bad' })).toContain(
    'and the log has another one there (0badf00d0bad)',
  );
  expect(eventTone(lost)).toBe('bad');
});

it('names what was repaired and what went back', () => {
  const repaired = { type: 'DriftRepaired', seq: seq(9) } as const;
  expect(eventText({ ...repaired, count: 1, names: [name] })).toBe(
    'drift repaired at 1 name: api.example.test, fence seq 9',
  );
  expect(eventText({ ...repaired, count: 0, names: [] })).toBe('the zone is as planned again, fence seq 9');
  expect(
    eventText({
      ...{ type: 'ZoneRegressed', what: 'root', name, found: 'gone', expected: 'g000003' },
      fenceSeq: seq(8),
    }),
  ).toBe('root of api.example.test went back: found gone, expected g000003, fence seq 8');
});

it('colours what needs attention', () => {
  expect(eventTone(refusal('api', 7))).toBe('bad');
  expect([keptBack(kept('api')), keptBack()].map(eventTone)).toEqual(['careful', 'good']);
  expect([blind('ec2'), blind()].map(eventTone)).toEqual(['bad', 'good']);
  expect([rejected(kept('api')), retried('api')].map(eventTone)).toEqual(['careful', 'strong']);
  expect(eventTone({ type: 'PlanRejected', generation: generation(1), reason: 'no' })).toBe('careful');
});

it('says of endpoints that go over who gives and who takes, and when', () => {
  const other = cellName('euw1-a');
  const five = ['a', 'b', 'c', 'd', 'e'].map((label) => dnsName(`${label}.example.test`));
  const fenceSeq = seq(41);
  expect(
    [
      { type: 'EndpointsOffered', names: [name], to: other, ledger: '0123abcd' } as const,
      { type: 'OffersWithdrawn', names: [name] } as const,
      { type: 'OffersEnded', names: [name] } as const,
      { type: 'EndpointsGiven', names: five, to: other, fenceSeq } as const,
      { type: 'EndpointsAwaited', names: [name], from: other } as const,
      { type: 'EndpointsAwaited', names: [name], from: null } as const,
      { type: 'EndpointsTaken', names: [name], from: other, fenceSeq } as const,
    ].map((event) => [eventTone(event), eventText(event)]),
  ).toEqual([
    ['strong', 'api.example.test offered to cell euw1-a, ledger 0123abcd'],
    ['strong', 'the offer of api.example.test is withdrawn'],
    ['strong', 'no offer of api.example.test stands any more'],
    [
      'good',
      'a.example.test, b.example.test, c.example.test and 2 more given: cell euw1-a has taken it over, fence seq 41',
    ],
    ['strong', 'api.example.test awaited from cell euw1-a'],
    ['strong', 'api.example.test no longer awaited'],
    ['good', 'api.example.test taken over from cell euw1-a, fence seq 41'],
  ]);
});
