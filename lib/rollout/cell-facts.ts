import { declaredFleet, recordedObservations } from '../cell/cell-bodies.ts';
import { knowledgeOf } from '../cell/cell-knowledge.ts';
import { choose, isAtGoal } from '../cell/proposal.ts';
import { knownAfter } from '../fleet/sources/cell-observations.ts';
import { sameKeptBack } from '../ledger/decider/decide-obstacles.ts';
import type { BodyDigest, KeptEndpoint } from '../ledger/decider/events.ts';
import { canRecord } from '../ledger/decider/formats.ts';
import type { Head } from '../ledger/ledger.ts';
import type { CellName } from '../plan/names.ts';
import type { CellStory } from './cell-story.ts';
import { readStory } from './cell-story.ts';
import type { RolloutDeps } from './rollout.ts';

/** What a cell is judged with: it writes nothing. */
type FactsDeps = Pick<RolloutDeps, 'ledger' | 'source' | 'clock'>;

/** What a rollout knows of one cell: all of it is in the ledger. */
export interface CellFacts {
  readonly cell: CellName;
  readonly head: Head;
  /** Whether the fleet of the file stands. */
  readonly declared: boolean;
  /** Absent where it does not stand, or nobody has to know since when. */
  readonly story?: CellStory | undefined;
  /** What its planner would do now; absent where the fleet does not stand. */
  readonly judged?: Judged | undefined;
}

export interface Judged {
  /** The planner has nothing to append: no plan, and nothing that is kept back. */
  readonly isPlanned: boolean;
  readonly keptBack: readonly KeptEndpoint[];
}

/**
 * Reads what the ledger says of a cell that is to have the fleet with this digest.
 *
 * @throws LedgerUnavailable, BodyDamaged when the ledger cannot be read.
 */
export async function cellFacts(deps: FactsDeps, cell: CellName, target: BodyDigest): Promise<CellFacts> {
  const head = await deps.ledger.head(cell);
  const declared = head.state.fleet?.digest === target;
  if (!declared) return { cell, head, declared };
  const judged = await judge(deps, head, target);
  return { cell, head, declared, judged, story: await readStory(deps.ledger, head) };
}

/**
 * Judges a cell as its planner would at this head. The log alone does not tell whether the planner has judged what was
 * declared, because a planner that finds nothing to do appends nothing.
 */
async function judge({ ledger, source, clock }: FactsDeps, head: Head, target: BodyDigest): Promise<Judged> {
  const { cell, state } = head;
  const declared = await declaredFleet(ledger, cell, target);
  const recorded = await recordedObservations(ledger, head);
  const isObserved = state.observations?.fleet === target;
  // As the planner does: a source that only repeats the file is asked once a fleet.
  const observations =
    source.kind === 'declared' && isObserved
      ? recorded
      : knownAfter(await source.observe(declared, recorded), recorded, isObserved);
  const now = clock.now();
  const known = await knowledgeOf(ledger, head, { declared, observations, now });
  // Whether two cells claim one name was asked when it was declared.
  const { endpoints, keptBack } = choose(known, { claimed: new Map(), now });
  const isSaid = !canRecord(state, 'EndpointsKeptBack') || sameKeptBack(state.keptBack, keptBack);
  return { isPlanned: isAtGoal(known, endpoints) && isSaid, keptBack };
}
