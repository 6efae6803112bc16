import { canonicalJson } from '../../plan/canonical.ts';
import type { HeadMark } from '../../plan/fence.ts';
import { ownValue } from '../../plan/own-value.ts';
import { boundedEvent } from './bounded-event.ts';
import type { CommandDecision } from './command-decision.ts';
import { append, recorded, refused, unless } from './command-decision.ts';
import type { Command } from './commands.ts';
import { eventOf } from './commands.ts';
import { considerHandover } from './decide-handover.ts';
import { considerObstacle, isKnownRegression } from './decide-obstacles.ts';
import { considerOrder } from './decide-orders.ts';
import type { FenceAhead, LedgerEvent, PlanAppended, PlanApplied } from './events.ts';
import { FORMATS, formatOfEvent, newestFormat } from './formats.ts';
import { considerLoosening, judgedDeclaration } from './loosening.ts';
import type { CellState } from './state.ts';
import {
  ADOPTED_MAX,
  HISTORY_MAX,
  isSaid,
  stagedTree,
  stagedTrees,
  stateCharsMax,
  TREES_MAX,
} from './state.ts';
import { LONGEST_STAMP, takesRoom, worstStateChars } from './state-room.ts';

/**
 * Decides on a command in `state`. Pure and total. A writer decides anew at every head at which it tries to append: a
 * decision that was right at an older head may be wrong at this one.
 *
 * @param unsaid the event of an anchor that the writer knows and that this log does not have, although it has yet to say
 * so. Nothing but that is appended then: it would use again the number of an event that was lost.
 */
export function decide(command: Command, state: CellState, unsaid?: HeadMark): CommandDecision {
  const proposal = boundedEvent(eventOf(command));
  const format = formatOfEvent(FORMATS, state.format, proposal);
  if (!Object.hasOwn(format.shapes, proposal.type)) {
    return refused(
      `Cell ${state.cell} is written in format ${format.number}, which does not have ${proposal.type}: run "pawl upgrade ${state.cell}" once every function is of this release.`,
    );
  }
  const decision = consider(proposal, state);
  if (decision.type === 'append' && unsaid !== undefined && decision.event.type !== 'LogContradicted') {
    return refused(lostEventText(state.cell, unsaid));
  }
  if (decision.type !== 'append' || !takesRoom(decision.event)) return decision;
  const after = format.evolve(state, decision.event, LONGEST_STAMP);
  const chars = worstStateChars(after);
  const charsMax = stateCharsMax(after);
  if (chars <= charsMax) return decision;
  return refused(
    `With ${proposal.type} the state of cell ${state.cell} could grow to ${chars} characters, more than ${charsMax}: let the janitor retire trees, or split the cell.`,
  );
}

/** Decides on the event that was asked for, which is already cut to its bounds. */
function consider(proposal: LedgerEvent, state: CellState): CommandDecision {
  switch (proposal.type) {
    case 'FleetDeclared':
      return fleetDeclared(proposal, state);
    case 'TargetsObserved':
      return unless(state.observations?.digest === proposal.digest, proposal);
    case 'TargetDrained':
    case 'TargetRestored':
    case 'AzEvacuated':
    case 'AzRestored':
    case 'BranchEvacuated':
    case 'BranchRestored':
      return considerOrder(proposal, state);
    case 'PlanAppended':
      return planAppended(proposal, state);
    case 'PlanApproved':
      return planApproved(proposal, state);
    case 'PlanRejected':
      return planRejected(proposal, state);
    case 'PlanStaged':
      return planStaged(proposal, state);
    case 'PlanApplied':
      return planApplied(proposal, state);
    case 'TreesRetired':
    case 'DriftRepaired':
      return append(proposal);
    case 'ZoneSurveyed':
      return unless(canonicalJson(state.facts) === canonicalJson(proposal.facts), proposal);
    case 'DriftFound':
      return unless(sameDrift(state, proposal), proposal);
    case 'ZoneRegressed':
      return unless(isKnownRegression(state, proposal), proposal);
    case 'FenceAhead':
      return fenceAhead(proposal, state);
    case 'LogContradicted':
      return unless(isSaid(state, proposal), proposal);
    case 'PlannerPaused':
      return unless(state.paused !== null, proposal);
    case 'PlannerResumed':
      return unless(state.paused === null, proposal);
    case 'CellFrozen':
      // Always appended, even when the cell is frozen: a thaw may be in flight, and this event must come after it.
      return append(proposal);
    case 'CellThawed':
      return unless(state.frozen === null && state.rescue === null, proposal);
    case 'EndpointAdopted':
      if (state.owned.includes(proposal.name) || state.adopted.includes(proposal.name)) return recorded;
      return state.adopted.length < ADOPTED_MAX
        ? append(proposal)
        : refused(
            `${ADOPTED_MAX} names are adopted and not yet in an applied plan: push the fleet that declares them.`,
          );
    case 'FormatRaised':
      return formatRaised(proposal.format, state);
    case 'EndpointsKeptBack':
    case 'KeptBackRejected':
    case 'EndpointRefused':
    case 'EndpointRetried':
    case 'SourcesBlind':
      return considerObstacle(proposal, state);
    case 'EndpointsOffered':
    case 'OffersWithdrawn':
    case 'OffersEnded':
    case 'EndpointsGiven':
    case 'EndpointsAwaited':
    case 'EndpointsTaken':
      return considerHandover(proposal, state);
    case 'LooseningApproved':
    case 'LooseningRejected':
      return considerLoosening(proposal, state);
    case 'RescueFound':
      return unless(state.rescue?.seq === proposal.seq && state.rescue.plan === proposal.plan, proposal);
  }
}

function fleetDeclared(proposal: LedgerEvent & { type: 'FleetDeclared' }, state: CellState): CommandDecision {
  const { fleet } = state;
  if (fleet !== null && (fleet.zone !== proposal.zone || fleet.zoneId !== proposal.zoneId)) {
    return refused(
      `Cell ${state.cell} lives in the zone ${fleet.zone} (${fleet.zoneId}); a cell cannot move to ${proposal.zone} (${proposal.zoneId}): declare a cell with another name there.`,
    );
  }
  return unless(fleet?.digest === proposal.digest, judgedDeclaration(proposal, state));
}

function planAppended(proposal: PlanAppended, state: CellState): CommandDecision {
  if (proposal.generation !== state.highest + 1) {
    return refused(
      `Generation ${proposal.generation} is not the next one of cell ${state.cell}, which is ${state.highest + 1}: plan again.`,
    );
  }
  if (proposal.findings.some((finding) => finding.severity === 'fatal')) {
    return refused(`Generation ${proposal.generation} has a fatal finding and is never appended.`);
  }
  const trees = Object.values(state.endpoints).reduce((sum, endpoint) => sum + endpoint.trees.length, 0);
  if (trees + Object.keys(proposal.newTrees).length > TREES_MAX) {
    return refused(
      `Cell ${state.cell} has ${trees} trees that no janitor has retired: let the janitor run first.`,
    );
  }
  return append(proposal);
}

function planApproved(proposal: LedgerEvent & { type: 'PlanApproved' }, state: CellState): CommandDecision {
  const { newest } = state;
  if (newest === null || newest.generation !== proposal.generation || newest.digest !== proposal.digest) {
    const current =
      newest === null ? 'none' : `${state.cell}@${newest.generation} (${newest.digest.slice(0, 12)})`;
    return refused(
      `Only the newest plan can be approved, and that is ${current}: look at it, then approve it by its digest.`,
    );
  }
  if (newest.disposition === 'rejected')
    return refused(`${state.cell}@${newest.generation} was rejected: propose it again.`);
  return unless(newest.disposition === 'approved', proposal);
}

function planRejected(proposal: LedgerEvent & { type: 'PlanRejected' }, state: CellState): CommandDecision {
  const { generation } = proposal;
  const { newest } = state;
  if (newest?.generation !== generation) {
    return refused(`Only the newest plan can be rejected, and ${state.cell}@${generation} is not it.`);
  }
  if (newest.disposition === 'approved') {
    return refused(`${state.cell}@${generation} is approved and may be live: roll back instead.`);
  }
  return unless(newest.disposition === 'rejected', proposal);
}

function planStaged(proposal: LedgerEvent & { type: 'PlanStaged' }, state: CellState): CommandDecision {
  if (
    state.applied !== null &&
    state.applied.generation >= proposal.generation &&
    state.applied.digest !== proposal.digest
  ) {
    return refused(
      `Generation ${proposal.generation} was overtaken by ${state.applied.generation}, which is applied.`,
    );
  }
  const staged = proposal.changes.flatMap((change) => change.trees);
  const gone = staged.find((tree) => !isUnretired(tree, state));
  if (gone !== undefined)
    return refused(`The tree ${gone} was retired, and a retired name is never used again.`);
  const known = stagedTrees(state.staging?.entries ?? []);
  const fresh = proposal.changes.some(({ changeId, trees }) =>
    trees.some((tree) => !known.has(stagedTree(changeId, tree))),
  );
  return unless(!fresh, proposal);
}

/** `tree` is `label.endpoint` in relative form. */
function isUnretired(tree: string, state: CellState): boolean {
  const dot = tree.indexOf('.');
  return ownValue(state.endpoints, tree.slice(dot + 1))?.trees.includes(tree.slice(0, dot)) === true;
}

/** A flip that is older than the 64 of the history gets no event: its place in the log is long past. */
function planApplied(proposal: PlanApplied, state: CellState): CommandDecision {
  const applied = state.applied;
  if (applied === null || proposal.seq > applied.seq) return append(proposal);
  const known = state.history.some(
    (entry) => entry.generation === proposal.generation && entry.seq >= proposal.seq,
  );
  const oldest = state.history.at(-1);
  const forgotten = state.history.length >= HISTORY_MAX && oldest !== undefined && proposal.seq < oldest.seq;
  return unless(known || forgotten, proposal);
}

function fenceAhead(proposal: FenceAhead, state: CellState): CommandDecision {
  const goal = state.goal?.generation ?? 0;
  if (
    goal >= proposal.fenceGeneration ||
    (proposal.reissue === undefined && state.highest >= proposal.fenceGeneration)
  ) {
    return recorded;
  }
  const next = Math.max(state.highest, proposal.fenceGeneration) + 1;
  if (proposal.reissue !== undefined && proposal.reissue.generation !== next) {
    return refused(
      `The goal must be reissued as generation ${next}, not ${proposal.reissue.generation}: decide again.`,
    );
  }
  return append(proposal);
}

/** A format is never lowered: a reader that knows only an older one cannot read what was written since. */
function formatRaised(format: number, state: CellState): CommandDecision {
  const newest = newestFormat(FORMATS).number;
  if (!Number.isSafeInteger(format) || format < 1 || format > newest) {
    return refused(`Format ${format} is not one that this Pawl knows: it knows 1 to ${newest}.`);
  }
  return unless(format <= state.format, { type: 'FormatRaised', format });
}

/** Why nothing else is appended to a log that lost events, and what a person does about it. */
export function lostEventText(cell: string, { number, digits }: HeadMark): string {
  return `The fence of cell ${cell} names event ${number} (${digits}), which the log does not have: it was restored or rewritten. An enactor records that within a minute, or at once by "pawl enact ${cell}"; see "The ledger was rewritten" in docs/operations.md.`;
}

function sameDrift(state: CellState, proposal: LedgerEvent & { type: 'DriftFound' }): boolean {
  return state.drift?.count === proposal.count && state.drift.names.join() === proposal.names.join();
}
