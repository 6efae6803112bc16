import { describe, expect, it } from 'vitest';
import type { Fence } from '../../lib/plan/fence.ts';
import { fenceRecord } from '../../lib/plan/fence.ts';
import { generation, seq } from '../../lib/plan/generation.ts';
import { cellName, dnsName } from '../../lib/plan/names.ts';
import { fenceHistory } from '../../lib/simulator/checkers/fence-history.ts';
import { parseReplay } from '../../lib/simulator/random/replay-line.ts';
import { replay } from '../../lib/simulator/random/replayed-run.ts';

const SCOPE = { cell: cellName('use1-a'), zone: dnsName('example.test'), zoneId: 'Z1' };
const LEDGER = '5be1c07a';

/** The zone with a fence of this seq; each of them is another value. */
function zoneAt(number: number, writer: string) {
  const fence: Fence = {
    generation: generation(1),
    seq: seq(number),
    plan: '6d82f51aed11',
    frozen: false,
    ledger: LEDGER,
    by: writer,
    nonce: `${writer.slice(0, 4)}${String(number).padStart(4, '0')}`,
  };
  return [fenceRecord(fence, SCOPE)];
}

function ruleAfter(...history: readonly (readonly ['writer' | 'hand', number])[]) {
  const rule = fenceHistory(LEDGER, { peek: () => ({ highest: 1 }) as never, events: () => 0 });
  const tell = (who: 'writer' | 'hand', number: number) => {
    const after = zoneAt(number, who);
    const commit = { scope: SCOPE, by: who === 'hand' ? '' : who, before: [], after, answerable: [after] };
    if (who === 'hand') rule.tampered(commit);
    else rule.check(commit);
  };
  for (const [who, number] of history) tell(who, number);
  return (number: number) => tell('writer', number);
}

/**
 * Found by five minutes of seeds in CI: a hand puts the fence back from seq 6 to 1; a freeze that read the log before it
 * knew of 6 goes on at 5; the log learns of 6, and a thaw goes on at 7. The rule allowed one leap after a hand.
 */
describe('the seq of a fence', () => {
  it('may leap again until it stands above all that stood before the hand', () => {
    const write = ruleAfter(['writer', 6], ['hand', 1], ['writer', 5]);
    expect(() => write(7)).not.toThrow();
    expect(() => write(9)).toThrow("I1: the fence's seq went from 7 to 9");
  });

  it('never leaps where no hand was', () => {
    expect(() => ruleAfter(['writer', 6])(8)).toThrow("I1: the fence's seq went from 6 to 8");
  });

  it('never goes back, whatever a hand did', () => {
    expect(() => ruleAfter(['writer', 6], ['hand', 4])(3)).toThrow("I1: the fence's seq went from 4 to 3");
  });

  it('breaks no rule in the run that was found', async () => {
    expect((await replay(parseReplay('thaw:1,3z,2,1z,14,4,9z,2'))).result.violation).toBeUndefined();
  });
});
