import { describe, expect, it } from 'vitest';
import { parseReplay } from '../../lib/simulator/random/replay-line.ts';
import { replay } from '../../lib/simulator/random/replayed-run.ts';

/**
 * Found by the first minutes of seeds of two cells in a zone. Each was a run in which a rule was broken, and the code
 * before it was mended.
 */
const RUNS: Readonly<Record<string, string>> = {
  'handover-broken:5z,2,8z,2,1,1,1,1z,1,1,4z,2,1z,2,1z,1':
    'a hand put another record in the place of an offer: no enactor of the giver ended its run any more',
  'handover-broken:5z,6,1,1z,1,25z,5,1,18':
    'a hand deleted the root before it went over: the cell that takes made it without the fence of the other',
  'handover-broken:3,1z,4,2z,4,9z,1,4z,4,1z,3,3,2,1,4z,4,1z,2,7':
    'hands moved the root over and then away: the giver had given it, and the taker was offered nothing',
  'handover-by-hands:5,9z,3,5,15z,3,3z,1,8z,5,2,3,1,1,5':
    'a hand altered the root before the taker had recorded it: the taker called it a foreign record',
  'handover-broken~:3,14z,4,1z,7,23z,2,1z,15,1':
    'a hand gave the root back to a giver whose fence is of another ledger: the rule asked for what nobody can offer',
};

/** The same where nothing but faults was at work. */
const WITHDRAWN = 'handover-withdrawn:12,2,3z,8,2,3z,10,11z,2,8z,7,2z,2,2z,3,1,5z,5';

describe('a hand between two cells of a zone ends in one owner', () => {
  it.each(Object.entries(RUNS))('%s: %s', async (line) => {
    const { result } = await replay(parseReplay(line));
    expect(result.violation).toBeUndefined();
  });
});

describe('a file that takes a move back', () => {
  it('finds what a batch had taken and nobody had recorded', async () => {
    const { result } = await replay(parseReplay(WITHDRAWN));
    expect(result.violation).toBeUndefined();
  });
});
