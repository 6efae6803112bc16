import type { EventType, LedgerEvent } from '../../lib/ledger/decider/events.ts';
import { DEFAULT_POLICY } from '../../lib/plan/fleet-model.ts';
import { generation, seq } from '../../lib/plan/generation.ts';
import { cellName, dnsName } from '../../lib/plan/names.ts';

const api = dnsName('api.example.test');
const names = [api, dnsName('www.example.test')];
const digest = 'd1'.repeat(32);
const other = cellName('use1-b');
const looser = { ...DEFAULT_POLICY, capacityRemovedPercent: DEFAULT_POLICY.capacityRemovedPercent + 10 };
const kept = {
  name: api,
  digest: '0123456789ab',
  findings: [{ code: 'under-floor', severity: 'held', subject: 'api.example.test', serving: 1, floor: 2 }],
} as const;
const plan = {
  type: 'PlanAppended',
  ...{ generation: generation(5), parent: 4, digest, origin: 'planner', lane: 'routine' },
  ...{ disposition: 'approved', pausesPlanner: false, findings: kept.findings, newTrees: {} },
  summary: { endpoints: 2, added: [api], changed: [], removed: [], removedPermille: 250 },
} as const satisfies LedgerEvent;
const declared = {
  type: 'FleetDeclared',
  ...{ digest, zone: dnsName('example.test'), zoneId: 'Z1', endpoints: 2, targets: 4 },
} as const;

/** At least one event of every type of the ledger, and each that is told in a way of its own. */
export const SAMPLES: { readonly [Type in EventType]: readonly (LedgerEvent & { readonly type: Type })[] } = {
  FleetDeclared: [
    { ...declared, policy: DEFAULT_POLICY },
    { ...declared, policy: looser, inEffect: DEFAULT_POLICY },
  ],
  LooseningApproved: [{ type: 'LooseningApproved', inEffect: DEFAULT_POLICY, policy: looser }],
  LooseningRejected: [{ type: 'LooseningRejected', inEffect: DEFAULT_POLICY, policy: looser, reason: 'no' }],
  TargetsObserved: [{ type: 'TargetsObserved', digest, changed: 1, healthy: 3 }],
  TargetDrained: [{ type: 'TargetDrained', target: 't-1', reason: 'repair' }],
  TargetRestored: [{ type: 'TargetRestored', target: 't-1' }],
  AzEvacuated: [{ type: 'AzEvacuated', az: 'use1-az1', reason: 'power' }],
  AzRestored: [{ type: 'AzRestored', az: 'use1-az1' }],
  BranchEvacuated: [{ type: 'BranchEvacuated', branch: 'eu', reason: '' }],
  BranchRestored: [{ type: 'BranchRestored', branch: 'eu' }],
  EndpointsOffered: [{ type: 'EndpointsOffered', names, to: other, ledger: '0a1b2c3d' }],
  OffersWithdrawn: [{ type: 'OffersWithdrawn', names }],
  OffersEnded: [{ type: 'OffersEnded', names }],
  EndpointsGiven: [{ type: 'EndpointsGiven', names, to: other, fenceSeq: seq(9) }],
  EndpointsAwaited: [
    { type: 'EndpointsAwaited', names, from: other },
    { type: 'EndpointsAwaited', names, from: null },
  ],
  EndpointsTaken: [{ type: 'EndpointsTaken', names, from: other, fenceSeq: seq(9) }],
  PlanAppended: [
    plan,
    { ...plan, disposition: 'held' },
    { ...plan, origin: 'rollback', pausesPlanner: true },
    { ...plan, keptBack: [kept] },
  ],
  PlanApproved: [{ type: 'PlanApproved', generation: generation(5), digest }],
  PlanRejected: [{ type: 'PlanRejected', generation: generation(5), reason: 'not today' }],
  PlanStaged: [{ type: 'PlanStaged', generation: generation(5), digest, changes: [] }],
  PlanApplied: [
    {
      type: 'PlanApplied',
      ...{ generation: generation(5), seq: seq(9), digest, enactor: 'enactor-a', reason: 'flip' },
      ...{ endpoints: names, rollbacks: {}, without: [api] },
    },
  ],
  TreesRetired: [{ type: 'TreesRetired', trees: ['g000001.api'], fenceSeq: seq(9) }],
  ZoneSurveyed: [
    {
      type: 'ZoneSurveyed',
      facts: { records: 9, recordLimit: 10_000, negativeTtlS: 60, delegations: [], conflicts: [] },
    },
  ],
  DriftFound: [{ type: 'DriftFound', count: 2, names }],
  DriftRepaired: [{ type: 'DriftRepaired', count: 2, names, seq: seq(9) }],
  ZoneRegressed: [{ type: 'ZoneRegressed', what: 'root', name: api, found: 'g1', expected: 'g2' }],
  EndpointsKeptBack: [
    { type: 'EndpointsKeptBack', endpoints: [kept] },
    { type: 'EndpointsKeptBack', endpoints: [] },
  ],
  KeptBackRejected: [
    { type: 'KeptBackRejected', endpoints: [{ name: api, digest: '0123456789ab' }], reason: 'so' },
  ],
  EndpointRefused: [
    {
      type: 'EndpointRefused',
      ...{ name: api, step: 'stage', generation: generation(5), records: ['api.example.test A'] },
      ...{ reason: 'InvalidChangeBatch', batches: 3, attempt: 1 },
    },
  ],
  EndpointRetried: [{ type: 'EndpointRetried', name: api }],
  SourcesBlind: [
    { type: 'SourcesBlind', sources: [{ source: 'elbv2', reason: 'AccessDenied' }] },
    { type: 'SourcesBlind', sources: [] },
  ],
  FenceAhead: [
    { type: 'FenceAhead', fenceGeneration: generation(7), fenceSeq: seq(9) },
    {
      type: 'FenceAhead',
      ...{ fenceGeneration: generation(7), fenceSeq: seq(9) },
      reissue: { generation: generation(8), parent: 5, digest },
    },
  ],
  LogContradicted: [{ type: 'LogContradicted', number: 7, digits: '0123456789ab' }],
  PlannerPaused: [{ type: 'PlannerPaused', reason: 'a rollout stopped' }],
  PlannerResumed: [{ type: 'PlannerResumed' }],
  CellFrozen: [{ type: 'CellFrozen', reason: 'look first' }],
  CellThawed: [{ type: 'CellThawed' }],
  EndpointAdopted: [{ type: 'EndpointAdopted', name: api, was: ['api.example.test A 192.0.2.1'] }],
  RescueFound: [
    { type: 'RescueFound', generation: generation(5), seq: seq(9), plan: '0123456789ab', by: 'operator-ana' },
  ],
  FormatRaised: [{ type: 'FormatRaised', format: 6 }],
};

export const ALL_SAMPLES: readonly LedgerEvent[] = Object.values(SAMPLES).flat();
