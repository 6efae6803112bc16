import { describe, expect, it } from 'vitest';
import { frozenHalf } from '../../../lib/cli/cell/freeze-halves.ts';
import { emulatedZone } from '../../../lib/emulator/emulated-zone.ts';
import type { Fence } from '../../../lib/plan/fence.ts';
import { generation, seq } from '../../../lib/plan/generation.ts';
import type { Zone } from '../../../lib/zone/zone.ts';
import { ZoneUnavailable } from '../../../lib/zone/zone.ts';
import type { Rehearsal } from '../rehearsal.ts';
import { converged } from '../rehearsal.ts';

const REASON = { at: 1, by: 'ana', reason: 'looking' };
const fence: Fence = {
  generation: generation(4),
  seq: seq(7),
  plan: 'ab'.repeat(6),
  frozen: false,
  ledger: '5be1c07a',
  by: 'ana',
  nonce: 'abcdefgh',
};

/** A world whose zone is the emulated one, but for some verbs. */
function withZone(stage: Rehearsal, change: Partial<Zone>) {
  return { world: { zone: (id: string): Zone => ({ ...emulatedZone(stage.core, id), ...change }) } };
}

const refuse: Zone['change'] = async () => ({ type: 'rejected', reason: 'InvalidChangeBatch: [protected]' });

describe('the half that alone is frozen', () => {
  it.each([
    ['log', REASON, { type: 'fence', fence, records: [] }],
    ['log', REASON, { type: 'missing', records: [] }],
    ['fence', null, { type: 'fence', fence: { ...fence, frozen: true }, records: [] }],
    [null, null, { type: 'fence', fence: { ...fence, frozen: true, by: 'rescue-ana' }, records: [] }],
    [null, REASON, { type: 'fence', fence: { ...fence, frozen: true }, records: [] }],
    [null, REASON, { type: 'unreachable' }],
    [null, null, { type: 'fence', fence, records: [] }],
    [null, null, { type: 'missing', records: [] }],
  ] as const)('is %s', (half, frozen, seen) => {
    expect(frozenHalf({ frozen }, seen)).toBe(half);
  });
});

describe('a half frozen cell', () => {
  it('whose log alone says so is shown with what is missing, and the same freeze completes it', async () => {
    const stage = await converged();
    const failed = await stage.pawl('freeze use1-a --reason looking', withZone(stage, { change: refuse }));
    expect(failed.exit).toBe(1);
    expect(failed.err).toMatch(/pawl: Done: CellFrozen is event \d+ of use1-a\.\npawl: Half of it is done/);
    expect(failed.err).toContain('(InvalidChangeBatch: [protected])');
    expect(failed.err).toContain('pawl: This finishes it: pawl freeze use1-a --reason looking\n');
    const { exit, out } = await stage.pawl('status');
    expect(exit).toBe(1);
    expect(out).toMatch(
      /use1-a is half frozen: operator-ana froze it .* in the log \(looking\), but its fence is not/,
    );
    expect(out).toContain('"pawl freeze use1-a" completes it');
    expect((await stage.pawl('freeze use1-a --reason looking')).exit).toBe(0);
    expect((await stage.pawl('status')).out).not.toContain('half');
  });

  it('whose fence alone says so is shown too', async () => {
    const stage = await converged();
    await stage.pawl('freeze use1-a --fence-only --zone example.test');
    const { out } = await stage.pawl('status');
    expect(out).toContain('use1-a is half frozen: operator-ana froze its fence, but the log does not say so');
    expect(JSON.parse((await stage.pawl('status --json')).out).cells[0].frozenHalf).toBe('fence');
  });
});

describe('a command that fails after it may have written', () => {
  it('says what is done and what is not known, before the cause, and exits with 3', async () => {
    const stage = await converged();
    let sent = false;
    const change: Zone['change'] = async () => {
      sent = true;
      return { type: 'unknown', reason: 'an answer was lost' };
    };
    const zone = emulatedZone(stage.core, stage.zoneId);
    const listRecords: Zone['listRecords'] = (...request) =>
      sent ? Promise.reject(new ZoneUnavailable('Route 53 is away.')) : zone.listRecords(...request);
    const { exit, err } = await stage.pawl('freeze use1-a', withZone(stage, { change, listRecords }));
    expect(exit).toBe(3);
    expect(err.split('\n').slice(1, 3)).toEqual([
      expect.stringMatching(/^pawl: Done: CellFrozen is event \d+ of use1-a\.$/),
      'pawl: Not known: whether Route 53 took the batch "pawl freeze use1-a by operator-ana" (fence seq 3, frozen).',
    ]);
    expect(err).toMatch(/Route 53 is away\.\npawl: This finishes it: pawl freeze use1-a\n$/);
  });

  it('says the same to a program', async () => {
    const stage = await converged();
    const { exit, out } = await stage.pawl('freeze use1-a --json', withZone(stage, { change: refuse }));
    expect(exit).toBe(1);
    expect(JSON.parse(out).error).toMatchObject({
      exit: 1,
      done: [expect.stringContaining('CellFrozen is event')],
      notKnown: [],
      again: 'pawl freeze use1-a --json',
    });
  });
});
