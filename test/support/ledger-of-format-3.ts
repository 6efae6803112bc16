import type { AppendOnlyTable } from '../../lib/emulator/dynamodb/append-only-table.ts';
import { appendOnlyTable } from '../../lib/emulator/dynamodb/append-only-table.ts';
import { bodiesNamedBy } from '../../lib/ledger/chain.ts';
import type { Command } from '../../lib/ledger/decider/commands.ts';
import type { KeptEndpoint, LedgerEvent } from '../../lib/ledger/decider/events.ts';
import { FORMATS } from '../../lib/ledger/decider/formats.ts';
import type { RecordedFinding } from '../../lib/ledger/decider/recorded-finding.ts';
import type { StoredLedger } from '../../lib/ledger/dynamodb/dynamodb-ledger.ts';
import { execute } from '../../lib/ledger/execute.ts';
import type { Head, Ledger } from '../../lib/ledger/ledger.ts';
import type { Release } from '../../lib/ledger/stored-event.ts';
import { canonicalJson } from '../../lib/plan/canonical.ts';
import type { Finding } from '../../lib/plan/findings.ts';
import { generation, nextGeneration, seq } from '../../lib/plan/generation.ts';
import type { CellName, DnsName } from '../../lib/plan/names.ts';
import { keptTable, ledgerIn } from './kept-ledgers.ts';

/** The release that first wrote format 3. */
export const RELEASE_0_3: Release = { formats: FORMATS.slice(0, 3), pawl: '0.3.0' };

const ALL = { after: 0, limit: 1_000, order: 'forward' } as const;

/**
 * A ledger in format 3 with every type of event: the events and bodies of the kept ledger of 0.2.0, and in each cell
 * what only format 3 can hold.
 */
export async function ledgerOfFormat3(): Promise<AppendOnlyTable> {
  const older = await ledgerIn(keptTable('0.2.0'));
  const table = appendOnlyTable();
  const ledger = await ledgerIn(table, RELEASE_0_3);
  for (const cell of await older.cells()) {
    const copied = await copyCell(older, ledger, cell, inFormat3);
    await addObstacles(ledger, copied);
  }
  return table;
}

/** What test/fixtures/ledgers says beside each kept table: the id, and of each cell its head, its types and its state. */
export async function expectedOf(ledger: StoredLedger): Promise<string> {
  const cells: Record<CellName, unknown> = {};
  for (const cell of await ledger.cells()) {
    const { number, hash, state } = await ledger.head(cell);
    const events = await ledger.events(cell, ALL);
    cells[cell] = {
      events: events.length,
      head: { number, hash },
      types: events.map(({ event }) => event.type),
      state: JSON.parse(canonicalJson(state)),
    };
  }
  return `${JSON.stringify({ ledger: ledger.id, cells }, null, 1)}\n`;
}

/** Appends every event of a cell, changed by `as`, to another ledger, with its bodies. */
export async function copyCell(
  from: Ledger,
  to: Ledger,
  cell: CellName,
  as: (event: LedgerEvent) => LedgerEvent,
): Promise<Head> {
  let head = await to.head(cell);
  for (const { event, at, by } of await from.events(cell, ALL)) {
    for (const digest of bodiesNamedBy(event)) await to.putBody(cell, await from.getBody(cell, digest));
    const outcome = await to.append(head, { event: as(event), at, by });
    if (outcome.type !== 'appended') throw new Error(`${event.type} of ${cell}: ${outcome.type}`);
    head = outcome.head;
  }
  return head;
}

function inFormat3(event: LedgerEvent): LedgerEvent {
  if (event.type === 'FormatRaised') return { ...event, format: 3 };
  if (event.type !== 'PlanAppended') return event;
  const { removedPermille } = event.summary;
  const [endpoint] = Object.keys(event.newTrees);
  const taken = removedPermille > 0 && endpoint !== undefined;
  return { ...event, keptBack: [], capacityRemoved: taken ? { [endpoint]: removedPermille } : {} };
}

async function addObstacles(ledger: Ledger, { cell, last, state }: Head): Promise<void> {
  const [first, second] = [...state.owned, ...state.adopted, state.fleet?.zone];
  if (first === undefined || second === undefined) throw new Error(`${cell} has no endpoints`);
  let at = last?.at ?? 0;
  const occasion = { at: () => (at += 1_000), by: 'enactor-a' };
  for (const command of obstaclesOf(first, second)) {
    const outcome = await execute(ledger, cell, occasion, command);
    if (outcome.type !== 'appended')
      throw new Error(`${cell}: ${outcome.type} ${'reason' in outcome ? outcome.reason : ''}`);
  }
}

type Proposal = (head: Head) => Command;

/** Every kind of obstacle once, each plan with the digest of the goal's. */
function obstaclesOf(first: DnsName, second: DnsName): readonly Proposal[] {
  const waiting = [
    kept(first, '0123456789ab', underFloor(first)),
    kept(second, 'ba9876543210', noAnswer(second)),
  ];
  const refusal = (head: Head, attempt: number): Command => ({
    ...{ type: 'RecordRefusal', name: first, step: attempt === 1 ? 'flip' : 'repair' },
    ...{ generation: goalOf(head), records: [`${first} A`], reason: 'Tried to change a protected record.' },
    ...{ batches: 7, attempt },
  });
  return [
    () => ({ type: 'KeepBack', endpoints: waiting }),
    () => ({
      type: 'RejectKeptBack',
      endpoints: [{ name: first, digest: '0123456789ab' }],
      reason: 'not today',
    }),
    (head) => planOf(head, { origin: 'planner', keptBack: waiting }),
    (head) => refusal(head, 1),
    (head) => refusal(head, 2),
    () => ({ type: 'RetryEndpoint', name: first }),
    () => ({
      type: 'ReportBlindness',
      sources: [
        { source: 'elbv2', reason: 'Rate exceeded' },
        { source: 'ec2', reason: 'not authorized' },
      ],
    }),
    ({ state }) => ({
      ...{ type: 'ReportRegression', what: 'root', name: first, found: 'gone', expected: 'g000001' },
      fenceSeq: seq(state.applied?.seq ?? 1),
    }),
    ({ state }) => ({
      ...{ type: 'RecordRepair', count: 1, names: [second], seq: seq((state.applied?.seq ?? 1) + 1) },
    }),
    (head) => planOf(head, { origin: 'approval', keptBack: waiting.slice(1) }),
    () => ({ type: 'ReportBlindness', sources: [] }),
    () => ({ type: 'KeepBack', endpoints: waiting }),
  ];
}

function planOf(
  { state }: Head,
  more: { readonly origin: 'planner' | 'approval'; readonly keptBack: readonly KeptEndpoint[] },
): Command {
  const [endpoint = 'api'] = Object.keys(state.endpoints);
  return {
    ...{ type: 'AppendPlan', generation: nextGeneration(state.highest), parent: state.goal?.generation ?? 0 },
    ...{ digest: state.goal?.digest ?? '', lane: 'urgent', disposition: 'approved', pausesPlanner: false },
    ...{ findings: [], newTrees: {}, capacityRemoved: { [endpoint]: 250 } },
    summary: { endpoints: 1, added: [], changed: [], removed: [], removedPermille: 250 },
    ...more,
  };
}

function goalOf({ state }: Head) {
  return state.goal?.generation ?? generation(1);
}

function kept(name: DnsName, digest: string, finding: Finding): KeptEndpoint {
  const findings: readonly RecordedFinding[] = [finding];
  return { name, digest, findings };
}

function underFloor(subject: DnsName): Finding {
  return { code: 'under-floor', severity: 'held', subject, serving: 1, floor: 2 };
}

function noAnswer(subject: DnsName): Finding {
  return { code: 'no-answer', severity: 'fatal', subject, family: 'AAAA' };
}
