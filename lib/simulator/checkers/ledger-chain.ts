import { canonicalJson } from '../../plan/canonical.ts';
import { invariant } from '../../plan/invariant.ts';
import type { Checker } from './zone-history.ts';

/**
 * I6: the log has no gap and no rewrite. Every event names the event before it by number and hash. Generations go up by
 * one, or leap above a fence that is ahead. The applied generation never goes back.
 */
export function ledgerChain(): Checker {
  return {
    name: 'I6 ledger chain',
    check: () => undefined,
    tampered: () => undefined,
    appended: (before, head) => {
      const { last, state } = head;
      invariant(last !== undefined, 'I6: an event was appended that the head does not hold');
      invariant(head.number === before.number + 1, `I6: event ${head.number} follows ${before.number}`);
      invariant(last.number === head.number, `I6: event ${head.number} is numbered ${last.number}`);
      invariant(last.previous === before.hash, `I6: event ${head.number} does not name the event before it`);
      invariant(last.hash === head.hash, `I6: event ${head.number} is not what its head says`);
      const { event } = last;
      if (event.type === 'PlanAppended') {
        const next = before.state.highest + 1;
        invariant(event.generation === next, `I6: generation ${event.generation} follows ${next - 1}`);
      }
      const wanted = event.type === 'FenceAhead' ? event.reissue?.generation : undefined;
      invariant(
        wanted === undefined ||
          wanted > Math.max(before.state.highest, event.type === 'FenceAhead' ? event.fenceGeneration : 0),
        `I6: the goal was reissued as generation ${wanted ?? 0}, which was seen before`,
      );
      invariant(state.highest >= before.state.highest, 'I6: the newest generation went back');
      invariant(
        (state.applied?.seq ?? 0) >= (before.state.applied?.seq ?? 0),
        `I6: what was applied went back to ${canonicalJson(state.applied)}`,
      );
    },
    clone: () => ledgerChain(),
    key: () => '',
  };
}
