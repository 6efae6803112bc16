import { describe, expect, it } from 'vitest';
import type { LedgerEvent, ZoneFacts } from '../../../lib/ledger/decider/events.ts';
import { DRAINED_MAX, EVACUATED_MAX, HISTORY_MAX } from '../../../lib/ledger/decider/state.ts';
import { sha256 } from '../../../lib/plan/canonical.ts';
import { generation, seq } from '../../../lib/plan/generation.ts';
import { dnsName } from '../../../lib/plan/names.ts';
import {
  asking,
  digestOf,
  drained,
  fleetDeclared,
  planAppended,
  planApplied,
  planStaged,
} from '../../support/ledger-events.ts';
import { given, stateAfter } from './given.ts';

const held = (generation: number) => planAppended(generation, { disposition: 'held' });
const approve = (number: number): LedgerEvent => ({
  type: 'PlanApproved',
  generation: generation(number),
  digest: digestOf(number),
});
const reject = (number: number): LedgerEvent => ({
  type: 'PlanRejected',
  generation: generation(number),
  reason: 'no',
});
const evacuated = (az: string): LedgerEvent => ({ type: 'AzEvacuated', az, reason: 'power' });
const paused: LedgerEvent = { type: 'PlannerPaused', reason: 'release' };
const frozen: LedgerEvent = { type: 'CellFrozen', reason: 'incident' };
const name = dnsName('api.example.test');
/** Names of 70 characters: 57 of them fit in 4,000. */
const names = Array.from({ length: 1_000 }, (_, index) =>
  dnsName(`n${String(index).padStart(3, '0')}.${'a'.repeat(60)}.test`),
);
const FITTING = names.slice(0, 57);

describe('what is declared and observed', () => {
  it('takes a fleet, once', () => {
    given().when(asking(fleetDeclared())).thenAppended();
    given(fleetDeclared()).when(asking(fleetDeclared())).thenRecorded();
    given(fleetDeclared())
      .when(asking(fleetDeclared(sha256('other'))))
      .thenAppended();
  });

  it('refuses to move a cell to another zone', () => {
    given(fleetDeclared())
      .when(asking({ ...fleetDeclared(), zone: dnsName('other.test') }))
      .thenRefused(/^Cell use1-a lives in the zone example.test \(Z1\); a cell cannot move to other.test/);
    given(fleetDeclared())
      .when(asking({ ...fleetDeclared(), zoneId: 'Z2' }))
      .thenRefused(/cannot move/);
  });

  it('takes observations that are new', () => {
    const observed = { type: 'TargetsObserved', digest: sha256('o'), changed: 1, healthy: 2 } as const;
    given().when(asking(observed)).thenAppended();
    given(observed).when(asking(observed)).thenRecorded();
  });

  it('drains a target once and restores it once', () => {
    given()
      .when(asking(drained('i-1')))
      .thenAppended();
    given(drained('i-1'))
      .when(asking(drained('i-1')))
      .thenRecorded();
    given(drained('i-1')).when({ type: 'RestoreTarget', target: 'i-1' }).thenAppended();
    given().when({ type: 'RestoreTarget', target: 'i-1' }).thenRecorded();
  });

  it('evacuates a zone once and restores it once', () => {
    given()
      .when(asking(evacuated('az1')))
      .thenAppended();
    given(evacuated('az1'))
      .when(asking(evacuated('az1')))
      .thenRecorded();
    given(evacuated('az1')).when({ type: 'RestoreAz', az: 'az1' }).thenAppended();
    given().when({ type: 'RestoreAz', az: 'az1' }).thenRecorded();
  });

  it('evacuates a branch once and restores it once, from format 5 on', () => {
    const event: LedgerEvent = { type: 'BranchEvacuated', branch: 'eu-west-1', reason: 'latency' };
    const raised: LedgerEvent = { type: 'FormatRaised', format: 5 };
    given(raised).when(asking(event)).thenAppended();
    given(raised, event).when(asking(event)).thenRecorded();
    given(raised, event).when({ type: 'RestoreBranch', branch: 'eu-west-1' }).thenAppended();
    given(raised).when({ type: 'RestoreBranch', branch: 'eu-west-1' }).thenRecorded();
    for (const before of [[], [{ type: 'FormatRaised', format: 4 } as const]])
      given(...before)
        .when(asking(event))
        .thenRefused(/does not have BranchEvacuated: run "pawl upgrade use1-a"/);
  });

  it('bounds how much is drained and evacuated', () => {
    const many = Array.from({ length: DRAINED_MAX }, (_, index) => drained(`i-${index}`));
    given(...many)
      .when(asking(drained('one-more')))
      .thenRefused(/^256 targets are drained already/);
    given(...many)
      .when(asking(drained('i-3')))
      .thenRecorded();
    const zones = Array.from({ length: EVACUATED_MAX }, (_, index) => evacuated(`az${index}`));
    given(...zones)
      .when(asking(evacuated('one-more')))
      .thenRefused(/^32 availability zones/);
  });

  it('takes a survey that says something new, whatever the order of its keys', () => {
    const facts: ZoneFacts = {
      records: 9,
      recordLimit: 10_000,
      negativeTtlS: 60,
      delegations: [],
      conflicts: [],
    };
    const turned = Object.fromEntries(Object.entries(facts).reverse()) as unknown as ZoneFacts;
    given().when({ type: 'RecordSurvey', facts }).thenAppended();
    given({ type: 'ZoneSurveyed', facts: turned }).when({ type: 'RecordSurvey', facts }).thenRecorded();
    given({ type: 'ZoneSurveyed', facts })
      .when({ type: 'RecordSurvey', facts: { ...facts, records: 8 } })
      .thenAppended();
  });
});

describe('plans', () => {
  it('takes the next generation and no other', () => {
    given()
      .when(asking(planAppended(1)))
      .thenAppended();
    given(planAppended(1))
      .when(asking(planAppended(2)))
      .thenAppended();
    given(planAppended(1))
      .when(asking(planAppended(1)))
      .thenRefused(/^Generation 1 is not the next one of cell use1-a, which is 2/);
    given(planAppended(1))
      .when(asking(planAppended(3)))
      .thenRefused(/^Generation 3 is not the next one/);
    given({ type: 'RescueFound', generation: generation(7), seq: seq(9), plan: 'abc', by: 'ana' })
      .when(asking(planAppended(8)))
      .thenAppended();
  });

  it('never takes a plan with a fatal finding', () => {
    const findings = [
      { code: 'no-answer', severity: 'fatal', subject: name, message: 'Nothing answers.' },
    ] as const;
    given()
      .when(asking(planAppended(1, { findings })))
      .thenRefused(/^Generation 1 has a fatal finding/);
  });

  it('waits for the janitor when too many trees stand', () => {
    const plans = Array.from({ length: 25 }, (_, index) =>
      planAppended(index + 1, {
        newTrees: Object.fromEntries(
          Array.from({ length: 120 }, (__, endpoint) => [`e${endpoint}`, `g${index}`]),
        ),
      }),
    );
    given(...plans)
      .when(asking(planAppended(26)))
      .thenRefused(/^Cell use1-a has 3000 trees .* let the janitor run first\.$/);
    given(...plans)
      .when(asking(planAppended(26, { newTrees: {} })))
      .thenAppended();
  });

  it('approves the newest plan by its digest, and nothing else', () => {
    given(held(1))
      .when(asking(approve(1)))
      .thenAppended();
    given(held(1), approve(1))
      .when(asking(approve(1)))
      .thenRecorded();
    given(planAppended(1))
      .when(asking(approve(1)))
      .thenRecorded();
    given(held(1), held(2))
      .when(asking(approve(1)))
      .thenRefused(/^Only the newest plan can be approved, and that is use1-a@2/);
    given()
      .when(asking(approve(1)))
      .thenRefused(/that is none/);
    given(held(1))
      .when({ type: 'ApprovePlan', generation: generation(1), digest: digestOf(9) })
      .thenRefused(/Only the newest/);
    given(held(1), reject(1))
      .when(asking(approve(1)))
      .thenRefused(/^use1-a@1 was rejected: propose it again/);
  });

  it('rejects the newest plan while it is held', () => {
    given(held(1))
      .when(asking(reject(1)))
      .thenAppended();
    given(held(1), reject(1))
      .when(asking(reject(1)))
      .thenRecorded();
    given(held(1), held(2))
      .when(asking(reject(1)))
      .thenRefused(/^Only the newest plan can be rejected/);
    given(planAppended(1))
      .when(asking(reject(1)))
      .thenRefused(/may be live: roll back instead/);
  });

  it('records a staging batch for trees that had none', () => {
    const two = planAppended(1, { newTrees: { api: 'g000001', www: 'g000001' } });
    given(two)
      .when(asking(planStaged(1, 'g000001.api')))
      .thenAppended();
    given(two, planStaged(1, 'g000001.api'))
      .when(asking(planStaged(1, 'g000001.api')))
      .thenRecorded();
    given(two, planStaged(1, 'g000001.api'))
      .when(asking(planStaged(1, 'g000001.www')))
      .thenAppended();
    given(two, planApplied(1, 2))
      .when(asking(planStaged(1, 'g000001.api')))
      .thenAppended();
  });

  it('refuses a staging batch that was overtaken, or whose tree was retired', () => {
    given(planAppended(1), planAppended(2), planApplied(2, 5))
      .when(asking(planStaged(1, 'g000001.api')))
      .thenRefused(/^Generation 1 was overtaken by 2, which is applied\.$/);
    given(planAppended(1), { type: 'TreesRetired', trees: ['g000001.api'], fenceSeq: seq(1) })
      .when(asking(planStaged(1, 'g000001.api')))
      .thenRefused(/^The tree g000001.api was retired/);
  });

  it('records every application once', () => {
    given()
      .when(asking(planApplied(1, 2)))
      .thenAppended();
    given(planApplied(1, 2))
      .when(asking(planApplied(1, 2)))
      .thenRecorded();
    given(planApplied(1, 2))
      .when(asking(planApplied(1, 3)))
      .thenAppended();
    given(planApplied(2, 5))
      .when(asking(planApplied(2, 4)))
      .thenRecorded();
  });

  it('records an application that is told late, as long as the history reaches it', () => {
    given(planApplied(2, 5))
      .when(asking(planApplied(1, 3)))
      .thenAppended();
    const full = Array.from({ length: HISTORY_MAX }, (_, index) => planApplied(index + 10, index + 10));
    given(...full)
      .when(asking(planApplied(9, 9)))
      .thenRecorded();
    given(...full.slice(1))
      .when(asking(planApplied(9, 9)))
      .thenAppended();
  });
});

describe('the fence and the zone', () => {
  const ahead = (seen: number, next?: number): LedgerEvent => ({
    type: 'FenceAhead',
    fenceGeneration: generation(seen),
    fenceSeq: seq(40),
    ...(next === undefined
      ? {}
      : { reissue: { generation: generation(next), parent: 1, digest: digestOf(1) } }),
  });

  it('reissues the goal above a fence that is ahead, once', () => {
    given(planAppended(1))
      .when(asking(ahead(30, 31)))
      .thenAppended();
    given(planAppended(1), ahead(30, 31))
      .when(asking(ahead(30, 31)))
      .thenRecorded();
    given(planAppended(1))
      .when(asking(ahead(30, 30)))
      .thenRefused(/^The goal must be reissued as generation 31, not 30/);
    given(planAppended(1), planAppended(2, { disposition: 'held' }))
      .when(asking(ahead(2, 3)))
      .thenAppended();
    given(planAppended(1))
      .when(asking(ahead(1, 2)))
      .thenRecorded();
  });

  it('notes a fence that is ahead before any plan', () => {
    given()
      .when(asking(ahead(30)))
      .thenAppended();
    given(ahead(30))
      .when(asking(ahead(30)))
      .thenRecorded();
    given(ahead(30))
      .when(asking(planAppended(31)))
      .thenAppended();
  });

  it('records drift and regression when they are news, and every repair', () => {
    const drift: LedgerEvent = { type: 'DriftFound', count: 1, names: [name] };
    given().when(asking(drift)).thenAppended();
    given(drift).when(asking(drift)).thenRecorded();
    given(drift)
      .when(asking({ ...drift, count: 2 }))
      .thenAppended();
    const repaired: LedgerEvent = { type: 'DriftRepaired', count: 1, names: [name], seq: seq(4) };
    given(repaired).when(asking(repaired)).thenAppended();
    given(drift, repaired).when(asking(drift)).thenAppended();
    const regressed: LedgerEvent = { type: 'ZoneRegressed', what: 'fence', name, found: '1', expected: '2' };
    given().when(asking(regressed)).thenAppended();
    given(regressed).when(asking(regressed)).thenRecorded();
    given(regressed)
      .when(asking({ ...regressed, found: '0' }))
      .thenAppended();
  });

  it('records every retirement', () => {
    const retired: LedgerEvent = { type: 'TreesRetired', trees: ['g000001.api'], fenceSeq: seq(4) };
    given(planAppended(1), retired).when(asking(retired)).thenAppended();
  });

  it('takes a name over once', () => {
    const adopted: LedgerEvent = { type: 'EndpointAdopted', name, was: ['192.0.2.1'] };
    given().when(asking(adopted)).thenAppended();
    given(adopted).when(asking(adopted)).thenRecorded();
    given(planApplied(1, 2)).when(asking(adopted)).thenRecorded();
  });
});

describe('orders', () => {
  it('pauses and resumes the planner', () => {
    given().when(asking(paused)).thenAppended();
    given(paused).when(asking(paused)).thenRecorded();
    given(paused).when({ type: 'ResumePlanner' }).thenAppended();
    given().when({ type: 'ResumePlanner' }).thenRecorded();
    given(planAppended(1, { origin: 'rollback', pausesPlanner: true }))
      .when(asking(paused))
      .thenRecorded();
  });

  it('records every freeze, also of a frozen cell, because a thaw may be in flight', () => {
    given().when(asking(frozen)).thenAppended();
    given(frozen).when(asking(frozen)).thenAppended();
  });

  it('thaws what is frozen or rescued', () => {
    const rescue: LedgerEvent = {
      type: 'RescueFound',
      generation: generation(3),
      seq: seq(9),
      plan: 'abc',
      by: 'ana',
    };
    given(frozen).when({ type: 'ThawCell' }).thenAppended();
    given().when({ type: 'ThawCell' }).thenRecorded();
    given().when(asking(rescue)).thenAppended();
    given(rescue).when(asking(rescue)).thenRecorded();
    given(rescue)
      .when(asking({ ...rescue, seq: seq(10) }))
      .thenAppended();
    given(rescue).when({ type: 'ThawCell' }).thenAppended();
  });

  it('cuts what a person or a zone says to its bound', () => {
    const long = 'x'.repeat(1_000);
    const cut = `${'x'.repeat(397)}...`;
    given().when({ type: 'FreezeCell', reason: long }).thenAppended({ type: 'CellFrozen', reason: cut });
    given().when({ type: 'PausePlanner', reason: long }).thenAppended({ type: 'PlannerPaused', reason: cut });
    given()
      .when({ type: 'ReportDrift', count: 1_000, names })
      .thenAppended({ type: 'DriftFound', count: 1_000, names: FITTING });
  });

  it('knows drift that was cut as the same drift', () => {
    const state = stateAfter([{ type: 'DriftFound', count: 1_000, names: FITTING }]);
    expect(state.drift?.count).toBe(1_000);
    given({ type: 'DriftFound', count: 1_000, names: FITTING })
      .when({ type: 'ReportDrift', count: 1_000, names })
      .thenRecorded();
  });
});
