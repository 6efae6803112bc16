import { describe, expect, it } from 'vitest';
import type { BakeWatch, EnactorRuns } from '../../lib/bake/bake.ts';
import { bake } from '../../lib/bake/bake.ts';
import type { Instant } from '../../lib/runtime/clock.ts';
import { virtualClock } from '../runtime/virtual-clock.ts';

const REGRESSION = 'pawl.use1-a.Regression';
const EMPTY = 'pawl.use1-a.EmptyAnswer';
const BUSY: EnactorRuns = { ended: 10, failed: 0 };

/** What a stack shows in the course of a bake, each as a function of the seconds since it began. */
interface Shown {
  readonly status?: (second: number) => string;
  readonly ringing?: (second: number) => readonly string[];
  readonly runs?: (second: number) => EnactorRuns;
  /** The runs of the time before. */
  readonly runsBefore?: EnactorRuns;
}

function baked(
  { status = () => 'UPDATE_IN_PROGRESS', ringing = () => [], runs = () => BUSY, runsBefore = BUSY }: Shown,
  { kind = 'Update', seconds = 300 } = {},
) {
  const clock = virtualClock();
  const begun = clock.now();
  const second = () => (clock.now() - begun) / 1_000;
  const asked: string[] = [];
  const watch: BakeWatch = {
    status: async () => {
      asked.push('status');
      return status(second());
    },
    ringing: async () => {
      asked.push('ringing');
      return ringing(second());
    },
    runs: async (from: Instant) => {
      asked.push('runs');
      return from < begun ? runsBefore : runs(second());
    },
  };
  return { done: bake({ watch, clock }, { kind, seconds }), asked, second };
}

function throwing(): never {
  throw new Error('CloudWatch does not say it: AccessDenied');
}

describe('a bake', () => {
  it('takes its whole time, and says what the first enactor did', async () => {
    const { done, second } = baked({});
    expect(await done).toEqual({
      type: 'passed',
      says: 'The first enactor ran 10 times, and failed 0 times.',
    });
    expect(second()).toBe(300);
  });

  it('fails when an alarm rings that did not ring before, as soon as it does', async () => {
    const { done, second } = baked({ ringing: (at) => (at >= 40 ? [EMPTY, REGRESSION] : [EMPTY]) });
    expect(await done).toEqual({
      type: 'failed',
      says: `An alarm of a root cause rings since the first enactor is new: ${REGRESSION}.`,
    });
    expect(second()).toBe(45);
  });

  it('does not mind what rang before, or has ceased', async () => {
    const { done } = baked({ ringing: (at) => (at < 100 ? [EMPTY, REGRESSION] : [EMPTY]) });
    expect(await done).toMatchObject({ type: 'passed' });
  });

  it('fails when runs of the first enactor fail that did not before', async () => {
    const { done } = baked({ runs: () => ({ ended: 5, failed: 5 }), runsBefore: { ended: 9, failed: 2 } });
    expect(await done).toEqual({
      type: 'failed',
      says: '5 of 5 runs of the first enactor failed since it is new, and 2 in as long a time before: its log says why.',
    });
  });

  it('does not mind runs that failed as often before, nor one event that failed with its repetition', async () => {
    const failing = { ended: 10, failed: 8 };
    expect(await baked({ runs: () => failing, runsBefore: failing }).done).toMatchObject({ type: 'passed' });
    expect(await baked({ runs: () => ({ ended: 10, failed: 2 }) }).done).toMatchObject({ type: 'passed' });
  });

  it('fails when the first enactor never ran: nothing was seen of it', async () => {
    const { done } = baked({ runs: () => ({ ended: 0, failed: 0 }) });
    expect(await done).toMatchObject({ type: 'failed', says: expect.stringContaining('has not run once') });
  });

  it.each(['Update', 'Create'])('watches at a request to %s in an update of the stack', async (kind) => {
    expect(await baked({ ringing: (at) => (at > 0 ? [REGRESSION] : []) }, { kind }).done).toMatchObject({
      type: 'failed',
    });
  });
});

describe('a bake that cannot see', () => {
  it('fails when it never saw anything, and says why', async () => {
    const { done } = baked({ ringing: throwing });
    expect(await done).toEqual({
      type: 'failed',
      says: 'Nothing could be watched: CloudWatch does not say it: AccessDenied.',
    });
  });

  it('fails when it saw nothing at the end', async () => {
    const { done } = baked({ runs: (at) => (at > 200 ? throwing() : BUSY) });
    expect(await done).toMatchObject({ type: 'failed', says: expect.stringContaining('At the end nothing') });
  });

  it('goes on when it could not see for a while, and notices what rings then', async () => {
    const { done } = baked({ ringing: (at) => (at > 60 && at < 120 ? throwing() : at > 120 ? [EMPTY] : []) });
    expect(await done).toMatchObject({ type: 'failed', says: expect.stringContaining(EMPTY) });
  });
});

describe('a bake that would stand in the way', () => {
  const loud: Shown = {
    ringing: (at) => (at > 0 ? [REGRESSION] : []),
    runs: () => ({ ended: 9, failed: 9 }),
  };

  it.each([
    'CREATE_IN_PROGRESS',
    'ROLLBACK_IN_PROGRESS',
    'UPDATE_ROLLBACK_IN_PROGRESS',
    'UPDATE_ROLLBACK_FAILED',
    'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS',
    'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
    'DELETE_IN_PROGRESS',
    'IMPORT_IN_PROGRESS',
  ])('is over at once while the stack is %s', async (status) => {
    const { done, second, asked } = baked({ ...loud, status: () => status });
    expect(await done).toEqual({ type: 'skipped', says: `Not watched: the stack is ${status}.` });
    expect([second(), asked]).toEqual([0, ['status']]);
  });

  it('asks nothing when it is deleted', async () => {
    const { done, asked } = baked({ ...loud, status: throwing }, { kind: 'Delete' });
    expect(await done).toMatchObject({ type: 'skipped' });
    expect(asked).toEqual([]);
  });

  it('is over when nobody says what the stack is doing, because that may be a rollback', async () => {
    const { done } = baked({ ...loud, status: throwing });
    expect(await done).toMatchObject({
      type: 'skipped',
      says: expect.stringContaining('nobody knows whether the stack is being rolled back'),
    });
  });

  it('is over as soon as somebody cancels the update', async () => {
    const status = (at: number) => (at > 100 ? 'UPDATE_ROLLBACK_IN_PROGRESS' : 'UPDATE_IN_PROGRESS');
    const { done, second } = baked({ status, ringing: (at) => (at > 100 ? [REGRESSION] : []) });
    expect(await done).toMatchObject({ type: 'skipped' });
    expect(second()).toBe(105);
  });

  it('never lasts much longer than it was told to, whatever is not answered', async () => {
    const { done, second } = baked({ ringing: (at) => (at > 0 ? throwing() : []) }, { seconds: 600 });
    await done;
    expect(second()).toBeLessThan(660);
  });
});
