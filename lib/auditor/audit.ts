import { stayingRecords, zoneFacts } from '../cell/zone-facts.ts';
import type { Command } from '../ledger/decider/commands.ts';
import { EVENT_OF } from '../ledger/decider/commands.ts';
import type { EventType } from '../ledger/decider/events.ts';
import { canRecord } from '../ledger/decider/formats.ts';
import type { Head } from '../ledger/ledger.ts';
import type { HeadMark } from '../plan/fence.ts';
import { fenceName } from '../plan/owned-names.ts';
import { regressedRoots } from '../plan/regression.ts';
import { METRICS } from '../telemetry/metric-names.ts';
import type {
  AuditOutcome,
  AuditorDeps,
  AuditReport,
  AuditRequest,
  Contradiction,
  Regression,
} from './auditor.ts';
import { DEFAULT_RECORD_LIMIT } from './auditor.ts';
import { emptyAnswers, NOTHING_ASKED } from './empty-answers.ts';
import type { FenceVerdict } from './fence-verdict.ts';
import { verdictOn } from './fence-verdict.ts';
import type { Drift } from './find-drift.ts';
import { findDrift } from './find-drift.ts';
import { danglingAliases, leftovers } from './loose-ends.ts';
import type { CellReading } from './read-cell.ts';
import { readCell } from './read-cell.ts';
import { recordFact, recordFinding } from './record-finding.ts';

/** A cell that changed during this many looks in a row is busy; the next audit looks again. */
const LOOKS_MAX = 3;

/**
 * Reads one cell's whole zone and records what is wrong with it: one run of an auditor. It never writes to the zone: an
 * enactor repairs, and a janitor deletes. Any number may run at once.
 *
 * It records no finding about a zone that changed while it was read: the fence must be the same before and after, and
 * the log must have no write since the read when the finding is appended.
 *
 * @throws ZoneUnavailable, LedgerUnavailable when a service is down.
 */
export async function audit(deps: AuditorDeps, request: AuditRequest): Promise<AuditOutcome> {
  let recordLimit: number | undefined;
  for (let look = 1; ; look += 1) {
    const reading = await readCell(deps);
    if (reading.head.state.fleet === null) {
      return raised(deps, { type: 'idle', reason: `no fleet has been pushed for cell ${deps.scope.cell}` });
    }
    const isLast = look === LOOKS_MAX || deps.clock.now() >= request.deadline;
    recordLimit ??= await recordLimitOf(deps, reading.head);
    const anchored = { ...deps, anchor: fenceMark(reading), recordLimit };
    const outcome = reading.still ? await conclude(anchored, request, reading) : 'moved';
    if (outcome !== 'moved') return raised(deps, outcome);
    if (isLast) return raised(deps, await busy(anchored, reading));
  }
}

/** What an audit works with once it knows how much the zone may hold. */
interface Surveying extends AuditorDeps {
  readonly recordLimit: number;
}

/** As a person says it, else as Route 53 does, else as the log has it. */
async function recordLimitOf({ settings, quota }: AuditorDeps, { state }: Head): Promise<number> {
  const told = settings.recordLimit ?? (await quota?.recordLimit()) ?? 'not-told';
  return told === 'not-told' ? (state.facts?.recordLimit ?? DEFAULT_RECORD_LIMIT) : told;
}

function fenceMark({ standing }: CellReading): HeadMark | undefined {
  return standing.type === 'own' ? standing.fence.head : undefined;
}

/** Records what one undisturbed look found; `moved` when it does not hold any more. */
async function conclude(
  deps: Surveying,
  request: AuditRequest,
  reading: CellReading,
): Promise<AuditOutcome | 'moved'> {
  const { scope } = deps;
  const { head, view } = reading;
  const verdict = verdictOn(reading.standing, head.state, scope);
  const drift = driftOf(deps, reading, verdict);
  const regressions = regressionsOf(deps, reading, verdict);
  const answers = verdict.type === 'settled' ? await emptyAnswers(deps, request, reading) : NOTHING_ASKED;
  if (answers === 'moved') return 'moved';
  const recorded = await recordAll(deps, reading, drift, regressions);
  if (recorded === 'overtaken') return 'moved';
  const { halfFrozen } = reading;
  deps.telemetry.count(METRICS.cellsHalfFrozen, halfFrozen === undefined ? 0 : 1, { cell: scope.cell });
  const report: AuditReport = {
    ...surveyed(deps, reading),
    halfFrozen,
    drift: drift.names,
    obstacle: drift.obstacle,
    regressions,
    dangling: danglingAliases(view, scope),
    ...answers,
    ...leftovers(view, head.state, scope),
    recorded,
  };
  return outcomeOf(verdict, report);
}

function driftOf({ scope }: AuditorDeps, { view, head, applied }: CellReading, verdict: FenceVerdict): Drift {
  if (verdict.type === 'broken') return { names: [{ name: fenceName(scope), what: 'fence' }] };
  if (verdict.type !== 'settled' || applied === undefined) return { names: [] };
  return findDrift(applied, view, head.state, scope);
}

function regressionsOf(
  { scope }: AuditorDeps,
  { view, applied }: CellReading,
  verdict: FenceVerdict,
): readonly Regression[] {
  if (verdict.type === 'behind') return [verdict.regression];
  if (verdict.type !== 'settled' || applied === undefined) return [];
  return regressedRoots(applied, view, scope).map((root) => ({ what: 'root', ...root }));
}

/** Records the facts first, and among them first that events are lost; then the findings. The ledger's decider leaves out what the log has already. */
async function recordAll(
  deps: Surveying,
  reading: CellReading,
  drift: Drift,
  regressions: readonly Regression[],
): Promise<readonly EventType[] | 'overtaken'> {
  const recorded: EventType[] = [];
  const { contradiction, head } = reading;
  const facts: Command[] = [{ type: 'RecordSurvey', facts: factsOf(deps, reading) }];
  if (contradiction !== undefined && canRecord(head.state, 'LogContradicted'))
    facts.unshift(contradictionCommand(contradiction));
  for (const fact of facts)
    if ((await recordFact(deps, fact)) === 'appended') recorded.push(EVENT_OF[fact.type]);
  const findings: Command[] = [];
  const [first] = regressions;
  if (first !== undefined) findings.push({ type: 'ReportRegression', ...first });
  const names = drift.names.map(({ name }) => name);
  if (names.length > 0) findings.push({ type: 'ReportDrift', count: names.length, names });
  for (const finding of findings) {
    const outcome = await recordFinding(deps, reading.head, finding);
    if (outcome === 'overtaken') return 'overtaken';
    if (outcome === 'appended') recorded.push(EVENT_OF[finding.type]);
  }
  return recorded;
}

function contradictionCommand({ number, digits, found }: Contradiction): Command {
  return { type: 'ReportContradiction', number, digits, ...(found === undefined ? {} : { found }) };
}

function factsOf({ scope, recordLimit }: Surveying, { head, view, count, declared }: CellReading) {
  return zoneFacts({ scope, state: head.state, view, count, declared, recordLimit });
}

/** The part of a report that does not depend on the cell's standing. */
function surveyed(
  deps: Surveying,
  reading: CellReading,
): Pick<AuditReport, 'cell' | 'facts' | 'staying' | 'applied' | 'frozenBy' | 'contradiction' | 'private'> {
  const { applied, frozen } = reading.head.state;
  const { standing } = reading;
  const isFrozenThere = standing.type !== 'unreadable' && standing.fence.frozen;
  return {
    cell: deps.scope.cell,
    facts: factsOf(deps, reading),
    staying: stayingRecords(reading.view, deps.scope),
    applied: applied === null ? undefined : { generation: applied.generation, seq: applied.seq },
    frozenBy: isFrozenThere ? standing.fence.by : frozen?.by,
    contradiction: reading.contradiction,
    private: reading.private,
  };
}

/** A cell that kept changing is surveyed all the same: the planner's facts are accurate enough even then. */
async function busy(deps: Surveying, reading: CellReading): Promise<AuditOutcome> {
  const survey: Command = { type: 'RecordSurvey', facts: factsOf(deps, reading) };
  const recorded = (await recordFact(deps, survey)) === 'appended' ? [EVENT_OF[survey.type]] : [];
  const nothing = { drift: [], regressions: [], dangling: [], orphans: [], strays: [] };
  const report = { ...surveyed(deps, reading), ...nothing, ...NOTHING_ASKED, recorded };
  return { type: 'unsettled', reason: 'the cell moved while it was read', report };
}

function outcomeOf(verdict: FenceVerdict, report: AuditReport): AuditOutcome {
  if (verdict.type === 'other-ledger') return { type: 'other-ledger', reason: verdict.reason, report };
  if (report.contradiction !== undefined) return { type: 'contradicted', report };
  if (report.regressions.length > 0) return { type: 'regressed', report };
  if (report.drift.length > 0) return { type: 'drift', report };
  if (report.dangling.length + report.empty.length > 0) return { type: 'unanswered', report };
  if (report.halfFrozen !== undefined) return { type: 'half-frozen', report };
  if (report.frozenBy !== undefined) return { type: 'frozen', report };
  if (verdict.type === 'unsettled') return { type: 'unsettled', reason: verdict.reason, report };
  return { type: verdict.type === 'unplanned' ? 'unplanned' : 'clean', report };
}

/** Counts the metrics that alarms and dashboards use. */
function raised({ telemetry, scope: { cell } }: AuditorDeps, outcome: AuditOutcome): AuditOutcome {
  telemetry.count(METRICS.auditsMade, 1, { cell, outcome: outcome.type });
  if (outcome.type === 'idle') return outcome;
  const { report } = outcome;
  const { records, recordLimit } = report.facts;
  telemetry.count(METRICS.zoneRecords, records, { cell });
  telemetry.count(METRICS.zoneFilledPercent, (100 * report.staying) / recordLimit, { cell });
  telemetry.count(METRICS.driftedNames, report.drift.length, { cell });
  telemetry.count(METRICS.logsContradicted, report.contradiction === undefined ? 0 : 1, { cell });
  telemetry.count(METRICS.zoneRegressions, report.regressions.length, { cell });
  telemetry.count(METRICS.danglingAliases, report.dangling.length, { cell });
  // Where nobody can ask, a zero would say that every name is answered.
  if (!report.private) telemetry.count(METRICS.emptyAnswers, report.empty.length, { cell });
  telemetry.count(METRICS.orphanTrees, report.orphans.length, { cell });
  return outcome;
}
