import { canonicalJson } from '../../plan/canonical.ts';
import type { DnsName } from '../../plan/names.ts';
import type { CommandDecision } from './command-decision.ts';
import { refused, unless } from './command-decision.ts';
import type { EndpointRefused, KeptEndpoint, LedgerEvent } from './events.ts';
import { withKeptBack } from './evolve-obstacles.ts';
import type { CellState, KeptBack } from './state.ts';

/** Decides on events about what stands in an endpoint's way. */
export function considerObstacle(
  proposal: LedgerEvent & {
    type: 'EndpointsKeptBack' | 'KeptBackRejected' | 'EndpointRefused' | 'EndpointRetried' | 'SourcesBlind';
  },
  state: CellState,
): CommandDecision {
  switch (proposal.type) {
    case 'EndpointsKeptBack':
      return unless(sameKeptBack(state.keptBack, proposal.endpoints), proposal);
    case 'KeptBackRejected':
      return keptBackRejected(proposal, state);
    case 'EndpointRefused':
      return unless(isKnownRefusal(state, proposal), proposal);
    case 'EndpointRetried':
      return endpointRetried(proposal.name, state);
    case 'SourcesBlind':
      return unless(sameSources(state.blind, proposal.sources), proposal);
  }
}

/** Once repaired, a regression that several have seen is not recorded again by those who were slower. */
export function isKnownRegression(
  { regressed, lastRegression }: CellState,
  { name, found, expected, fenceSeq }: LedgerEvent & { type: 'ZoneRegressed' },
): boolean {
  const isLast = lastRegression === null || lastRegression.name === name;
  if (isLast && regressed?.found === found && regressed.expected === expected) return true;
  return (
    lastRegression?.name === name &&
    lastRegression.found === found &&
    lastRegression.expected === expected &&
    lastRegression.fenceSeq === fenceSeq
  );
}

/**
 * Whether the log holds that exactly these endpoints are kept back, for the same and with the same waiting. What the
 * state has no room for does not make a difference. Pure.
 */
export function sameKeptBack(known: readonly KeptBack[], endpoints: readonly KeptEndpoint[]): boolean {
  const next = withKeptBack({ keptBack: known, goal: null, fleet: null }, endpoints, 0);
  return canonicalJson(next) === canonicalJson(known);
}

/** Why a source cannot see may differ from one reading to the next. That is no news. */
function sameSources(
  known: CellState['blind'],
  sources: (LedgerEvent & { type: 'SourcesBlind' })['sources'],
): boolean {
  const names = (entries: readonly { readonly source: string }[]) => entries.map(({ source }) => source);
  return canonicalJson(names(known)) === canonicalJson(names(sources));
}

function keptBackRejected(
  proposal: LedgerEvent & { type: 'KeptBackRejected' },
  { keptBack, cell }: CellState,
): CommandDecision {
  const waiting = new Map(keptBack.map((entry) => [entry.name, entry]));
  const other = proposal.endpoints.find(({ name, digest }) => waiting.get(name)?.digest !== digest);
  if (other !== undefined) {
    const now = waiting.get(other.name);
    return refused(
      now === undefined
        ? `Nothing of ${other.name} waits in cell ${cell} any more: look at it again.`
        : `Something else of ${other.name} waits now (${now.digest}): look at it, then reject it by its digest.`,
    );
  }
  return unless(
    proposal.endpoints.every(({ name }) => waiting.get(name)?.rejected !== undefined),
    proposal,
  );
}

/** Several enactors may find out the same refusal of one plan, and somebody may be late with it. */
function isKnownRefusal(
  { refused: known }: CellState,
  { name, generation, attempt = 0 }: EndpointRefused,
): boolean {
  return known.some(
    (entry) =>
      entry.name === name &&
      (entry.generation > generation || (entry.generation === generation && attempt <= entry.attempts)),
  );
}

function endpointRetried(name: DnsName, { refused: known, cell }: CellState): CommandDecision {
  const entry = known.find((each) => each.name === name);
  if (entry === undefined)
    return refused(`Nothing of ${name} in cell ${cell} was refused, so there is nothing to try again.`);
  return unless(entry.asked, { type: 'EndpointRetried', name });
}
