import { describe, expect, it } from 'vitest';
import { emulatedZone } from '../../../lib/emulator/emulated-zone.ts';
import type { Zone } from '../../../lib/zone/zone.ts';
import { ZoneUnavailable } from '../../../lib/zone/zone.ts';
import type { Rehearsal } from '../rehearsal.ts';
import { converged } from '../rehearsal.ts';

/** A world whose zone is the emulated one, but for some verbs. */
function withZone(stage: Rehearsal, change: Partial<Zone>) {
  return { world: { zone: (id: string): Zone => ({ ...emulatedZone(stage.core, id), ...change }) } };
}

const refuse: Zone['change'] = async () => ({ type: 'rejected', reason: 'InvalidChangeBatch: [protected]' });

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

  it('is told of in the same words by audit, which exits with 1, and by doctor', async () => {
    const stage = await converged();
    await stage.pawl('freeze use1-a --fence-only --zone example.test');
    const sentence = /use1-a is half frozen: .*/.exec((await stage.pawl('status')).out)?.[0] ?? 'none';
    const audited = await stage.pawl('audit --no-dns');
    expect(audited).toMatchObject({ exit: 1, out: expect.stringContaining(sentence) });
    expect(audited.out).toMatch(/^use1-a +half-frozen /m);
    const doctor = await stage.pawl('doctor --zone example.test');
    expect(doctor).toMatchObject({ exit: 0, out: expect.stringContaining(sentence) });
    expect(JSON.parse((await stage.pawl('doctor --zone example.test --json')).out)).toMatchObject({
      halfFrozen: [{ cell: 'use1-a', half: 'fence', says: sentence }],
    });
    expect((await stage.pawl('doctor --zone example-eu.test')).out).not.toContain('half');
    await stage.pawl('thaw use1-a');
    expect((await stage.pawl('audit --no-dns')).out).not.toContain('half');
    stage.killLedger();
    expect((await stage.pawl('doctor --zone example.test')).out).toContain(
      'Whether a cell of this zone is half frozen is not known: The ledger does not answer.',
    );
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
