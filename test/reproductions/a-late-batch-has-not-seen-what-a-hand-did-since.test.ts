import { describe, expect, it } from 'vitest';
import { cellName, dnsName } from '../../lib/plan/names.ts';
import type { RecordSet } from '../../lib/plan/records.ts';
import { pointedRecords } from '../../lib/simulator/checkers/pointed-records.ts';
import { parseReplay } from '../../lib/simulator/random/replay-line.ts';
import { replay } from '../../lib/simulator/random/replayed-run.ts';

const SCOPE = { cell: cellName('use1-a'), zone: dnsName('example.test'), zoneId: 'Z1' };
const JANITOR = { name: 'janitor-1', role: 'janitor' };
const TREE: RecordSet = {
  name: dnsName('g000001.api.use1-a._pawl.example.test'),
  type: 'A',
  ttl: 60,
  values: ['192.0.2.1'],
};
const ROOT: RecordSet = {
  name: dnsName('web.example.test'),
  type: 'A',
  alias: { zoneId: 'Z1', name: TREE.name, evaluateTargetHealth: true },
};

/** A hand points the root at the tree, and the janitor's batch takes the tree. */
function retire(rule: ReturnType<typeof pointedRecords>): void {
  const after = [ROOT];
  rule.check({ scope: SCOPE, by: JANITOR.name, before: [TREE, ROOT], after, answerable: [after] });
}

function point(rule: ReturnType<typeof pointedRecords>): void {
  const after = [TREE, ROOT];
  rule.tampered({ scope: SCOPE, by: '', before: [TREE], after, answerable: [after] });
}

/**
 * Found by five minutes of seeds in CI: a janitor whose batch was not answered ends; a hand points another endpoint's
 * root at the tree that is going; the batch lands. The rule forgot what an actor cannot have seen when it ended, and
 * blamed the batch for it.
 */
describe('an alias that a hand made', () => {
  it('while an actor was at work is not held against it, although it has ended when its batch lands', () => {
    const rule = pointedRecords();
    rule.started?.(JANITOR);
    rule.ended?.(JANITOR, undefined);
    point(rule);
    expect(() => retire(rule)).not.toThrow();
    expect(() =>
      retire(
        rule.clone({
          peek: () => undefined as never,
          events: () => 0,
          restrictions: () => undefined as never,
          body: () => undefined,
          isInsync: () => false,
          newestChange: () => undefined,
        }),
      ),
    ).not.toThrow();
  });

  it('before an actor began is held against it', () => {
    const rule = pointedRecords();
    point(rule);
    rule.started?.(JANITOR);
    expect(() => retire(rule)).toThrow('I3: g000001.api.use1-a._pawl.example.test A was deleted');
  });

  it.each(['busy-planner:12,9,2,4z,11,2,4z,3,3,3,3,1z,2', 'rollback:8z,3,4z,17,3,3,6z,4,4,2'])(
    'breaks no rule in %s',
    async (line) => {
      expect((await replay(parseReplay(line))).result.violation).toBeUndefined();
    },
  );
});
