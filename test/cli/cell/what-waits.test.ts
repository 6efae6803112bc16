import { describe, expect, it } from 'vitest';
import { obstacleLines } from '../../../lib/cli/printing/obstacle-lines.ts';
import type { KeptBackSeen, Obstacles } from '../../../lib/cli/printing/seen-obstacles.ts';
import type { Command } from '../../../lib/ledger/decider/commands.ts';
import { execute } from '../../../lib/ledger/execute.ts';
import { generation } from '../../../lib/plan/generation.ts';
import { cellName, dnsName } from '../../../lib/plan/names.ts';
import type { Rehearsal } from '../rehearsal.ts';
import { converged, fleetText, rehearsal } from '../rehearsal.ts';

const CELL = cellName('use1-a');
const WWW = dnsName('www.example.test');

async function record(stage: Rehearsal, by: string, command: Command): Promise<void> {
  await execute(stage.ledger, CELL, { at: () => stage.clock.now(), by }, () => command);
}

const state = (out: string) => /^use1-a +example\.test +(\S+)/m.exec(out)?.[1];

describe('pawl status', () => {
  it('does not call a cell converged whose planner has not planned what is asked', async () => {
    const stage = await converged();
    expect(await stage.pawl('status')).toMatchObject({ exit: 0 });
    const file = await stage.file('more.yaml', fleetText({ capacity: 80 }));
    await stage.pawl(`fleet push ${file} --yes`);
    const pushed = await stage.pawl('status');
    expect([pushed.exit, state(pushed.out)]).toEqual([1, 'pending']);
    expect(pushed.out).toContain('use1-a: the planner has yet to append: 1 changed (api.example.test)');
    await stage.pawl('plan --append');
    await stage.pawl('enact use1-a');
    expect(await stage.pawl('status')).toMatchObject({ exit: 0 });
  });

  it('says what is kept back in a cell whose format has no place for it, and how to raise it', async () => {
    const stage = await rehearsal();
    const older = { world: { functionsRead: 1 } };
    const file = await stage.file('fleet.yaml', fleetText());
    await stage.pawl(`fleet push ${file} --yes`, older);
    await stage.pawl('plan --append');
    await stage.pawl('enact use1-a');
    for (const target of ['web-1', 'web-2']) await stage.pawl(`target observe ${target} --health unhealthy`);
    await stage.pawl('plan --append');
    const { exit, out } = await stage.pawl('status');
    expect([exit, state(out)]).toEqual([1, 'kept-back']);
    expect(out).toContain('use1-a: www.example.test is kept back: www.example.test would have no answer');
    expect(out).toContain('format 1 of 6, which does not record what is kept back');
  });

  it('says what Route 53 refuses in its words, and tries it again when asked', async () => {
    const stage = await converged();
    await record(stage, 'enactor-a', {
      type: 'RecordRefusal',
      name: WWW,
      step: 'repair',
      generation: generation(1),
      records: ['www.example.test A'],
      reason: 'It is protected.',
      batches: 3,
    });
    const refused = await stage.pawl('status');
    expect([refused.exit, state(refused.out)]).toEqual([1, 'refused']);
    expect(refused.out).toContain(
      'use1-a: www.example.test is refused for 60 s (repair of @1): It is protected.',
    );
    expect(await stage.pawl('audit --no-dns')).toMatchObject({ exit: 1 });
    expect(await stage.pawl('retry www.example.test')).toMatchObject({ exit: 0 });
    expect((await stage.pawl('status')).out).toContain('The planner tries it again in its next run.');
  });

  it('says which source cannot see, and since when', async () => {
    const stage = await converged();
    const sources = [{ source: 'elbv2', reason: 'AccessDenied: no.' }];
    await record(stage, 'planner', { type: 'ReportBlindness', sources });
    const blind = await stage.pawl('status');
    expect([blind.exit, state(blind.out)]).toEqual([1, 'blind']);
    expect(blind.out).toContain(
      'use1-a: elbv2 cannot see for 60 s (AccessDenied: no): a target that fails now',
    );
    expect((await stage.pawl('audit --no-dns')).out).toMatch(/^use1-a +clean +blind /m);
    await record(stage, 'planner', { type: 'ReportBlindness', sources: [] });
    expect(await stage.pawl('status')).toMatchObject({ exit: 0 });
  });
});

describe('the sentences about what waits', () => {
  const kept = (name: string, more: Partial<KeptBackSeen> = {}): KeptBackSeen => ({
    name: dnsName(name),
    digest: '0c9e51f2ab34',
    since: 0,
    findings: [{ code: 'declared-share', severity: 'held', subject: CELL, message: 'Too many change.' }],
    approvable: true,
    rejected: null,
    ...more,
  });
  const obstacles = (keptBack: readonly KeptBackSeen[]): Obstacles => ({
    refused: [],
    blind: [],
    keptBack,
    held: null,
    loosening: null,
  });

  it('are one for the endpoints that wait for one reason', () => {
    const many = ['a', 'b', 'c', 'd', 'e'].map((label, index) =>
      kept(`${label}.example.test`, { since: index }),
    );
    expect(obstacleLines(CELL, obstacles(many), 60_000)).toEqual([
      'use1-a: a.example.test, b.example.test, c.example.test and 2 more (5 endpoints) are kept back for 60 s: Too many change. "pawl plan approve use1-a" shows what waits and lets it go, "pawl plan reject use1-a" declines it.',
    ]);
  });

  it('name who wanted it so where a person declined it', () => {
    const rejected = { at: 1, by: 'ana', reason: 'it may stay dead.' };
    expect(obstacleLines(CELL, obstacles([kept('a.example.test', { rejected })]), 60_000)).toEqual([
      'use1-a: a.example.test is kept back for 60 s: Too many change. ana wants it so (it may stay dead).',
    ]);
  });

  it('point to the log where the state had no room for the reason', () => {
    expect(obstacleLines(CELL, obstacles([kept('a.example.test', { findings: [] })]), 60_000)[0]).toContain(
      'is kept back for 60 s: its event in the log says why.',
    );
  });

  it('do so for what was refused, for a source that cannot see, and for what a person declined', () => {
    const refused = {
      name: WWW,
      step: 'conflict',
      generation: generation(1),
      reason: '',
      since: 0,
      attempts: 1,
      retryAt: null,
      rejected: false,
    } as const;
    const wordless = {
      ...obstacles([kept('a.example.test', { rejected: { at: 1, by: 'ana', reason: '' } })]),
      refused: [refused],
      blind: [{ source: 'elbv2', reason: '', since: 0 }],
    };
    expect(obstacleLines(CELL, wordless, 60_000)).toEqual([
      'use1-a: www.example.test is refused for 60 s (conflict of @1): its event in the log says why. It is being tried again.',
      'use1-a: elbv2 cannot see for 60 s (its event in the log says why): a target that fails now stays in DNS. "pawl target drain TARGET" takes one out.',
      'use1-a: a.example.test is kept back for 60 s: Too many change. ana wants it so (its event in the log says why).',
    ]);
  });
});
