import type { LedgerEvent, PlanAppended } from '../../ledger/decider/events.ts';
import type { CellState } from '../../ledger/decider/state.ts';
import type { Head } from '../../ledger/ledger.ts';
import { invariant } from '../../plan/invariant.ts';
import type { Checker } from './zone-history.ts';

interface Memory {
  /** The trees that each plan above the applied one makes, `label.endpoint`. */
  readonly made: ReadonlyMap<number, readonly string[]>;
  /** Up to this generation plans may give way: a hand, a return or a rescue has come between. */
  readonly excused: number;
  /** Something stands in the way of endpoints, and whoever met it may not have told the log. */
  readonly isHindered: boolean;
}

const NOTHING: Memory = { made: new Map(), excused: 0, isHindered: false };

/**
 * A plan that is staged goes first: no routine plan is applied over it, because a planner that never rests would then
 * starve every flip. It gives way to an urgent plan or a person's, and where something of it was refused; the fold says
 * so. It also gives way where one of its trees is forgotten or retired. A plan that makes no tree needs no staging, so
 * whoever applies it may have read the log before the other one's staging was recorded.
 *
 * This breaks no other rule at any instant (docs/adr/0082-the-protocol-is-proven-for-any-number.md).
 */
export function stagedPlans(memory: Memory = NOTHING): Checker {
  let { excused, isHindered } = memory;
  // Changed in place, because a log may hold thousands of plans that nobody has applied.
  const made = new Map(memory.made);
  let highest = 0;
  const excuse = (): void => {
    excused = Math.max(excused, highest, ...made.keys());
  };
  return {
    name: 'staged plans',
    check: () => undefined,
    tampered: excuse,
    returned: excuse,
    hindered: () => {
      isHindered = true;
    },
    appended: ({ state: before }: Head, { state, last }) => {
      const { event } = last ?? {};
      highest = state.highest;
      if (event === undefined) return;
      if (isFromOutside(event)) excuse();
      if (event.type === 'PlanApplied' && !isHindered)
        assertFirst(before, event.generation, { made, excused });
      const applied = state.applied?.generation ?? 0;
      if (event.type === 'PlanAppended') made.set(event.generation, treesOf(event));
      if (applied !== before.applied?.generation)
        for (const generation of [...made.keys()]) if (generation <= applied) made.delete(generation);
    },
    clone: () => stagedPlans({ made, excused, isHindered }),
    key: () => `${isHindered} ${excused} ${[...made].join(';')}`,
  };
}

/** Events of which the zone has passed what the log has staged. */
function isFromOutside({ type }: LedgerEvent): boolean {
  return type === 'FenceAhead' || type === 'ZoneRegressed' || type === 'RescueFound';
}

function assertFirst(
  { staging, endpoints, applied: before }: CellState,
  applied: number,
  { made, excused }: Pick<Memory, 'made' | 'excused'>,
): void {
  // The first fence of a cell has the generation of its first plan, so that this plan looks as if it were passed.
  if (before === null) return;
  // A staging that is recorded late, of a plan that is applied already, keeps nobody.
  const passed = Math.max(excused, before.generation);
  if (staging?.sticky !== true || staging.generation >= applied || staging.generation <= passed) return;
  const isWhole = [...treesAt(staging.generation, made)].every(
    ([endpoint, tree]) => endpoints[endpoint]?.trees.some((label) => label === tree) === true,
  );
  const needsStaging = (made.get(applied) ?? []).length > 0;
  invariant(
    !isWhole || !needsStaging,
    `plan ${applied} was applied over plan ${staging.generation}, which is staged and goes first`,
  );
}

/** The newest tree of each endpoint that a plan up to this one makes: a plan has those of plans that were never applied. */
function treesAt(generation: number, made: Memory['made']): ReadonlyMap<string, string> {
  const earlier = [...made].filter(([other]) => other <= generation).sort(([a], [b]) => a - b);
  return new Map(
    earlier.flatMap(([, trees]) =>
      trees.map((tree) => {
        const dot = tree.indexOf('.');
        return [tree.slice(dot + 1), tree.slice(0, dot)] as const;
      }),
    ),
  );
}

function treesOf({ newTrees }: PlanAppended): readonly string[] {
  return Object.entries(newTrees).map(([endpoint, label]) => `${label}.${endpoint}`);
}
