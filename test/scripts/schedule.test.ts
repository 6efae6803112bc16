import { describe, expect, it } from 'vitest';
import { runScheduled } from '../../scripts/steps/schedule.ts';

interface Task {
  readonly name: string;
  readonly threads: number;
}

/** Steps that end when they are told to, and what has begun so far. */
function stage() {
  const begun: string[] = [];
  const endings = new Map<string, { end(): void; fail(error: Error): void }>();
  const perform = ({ name }: Task): Promise<string> => {
    begun.push(name);
    return new Promise((resolve, reject) => {
      endings.set(name, { end: () => resolve(name.toUpperCase()), fail: reject });
    });
  };
  const afterEnd = async (name: string, error?: Error): Promise<readonly string[]> => {
    const ending = endings.get(name);
    if (ending === undefined) throw new Error(`${name} has not begun`);
    if (error === undefined) ending.end();
    else ending.fail(error);
    await new Promise((resolve) => setImmediate(resolve));
    return begun;
  };
  return { begun, perform, afterEnd };
}

describe('steps that share a machine', () => {
  it('begin in their order as long as they fit, and the results keep that order', async () => {
    const { begun, perform, afterEnd } = stage();
    const tasks = [
      { name: 'a', threads: 1 },
      { name: 'b', threads: 1 },
      { name: 'c', threads: 1 },
    ];
    const results = runScheduled(tasks, 2, perform);
    expect(begun).toEqual(['a', 'b']);
    expect(await afterEnd('b')).toEqual(['a', 'b', 'c']);
    await afterEnd('c');
    await afterEnd('a');
    expect(await results).toEqual(['A', 'B', 'C']);
  });

  it('let a small one overtake a large one that does not fit yet', async () => {
    const { begun, perform, afterEnd } = stage();
    const tasks = [
      { name: 'small', threads: 1 },
      { name: 'large', threads: 2 },
      { name: 'late', threads: 1 },
    ];
    const results = runScheduled(tasks, 2, perform);
    expect(begun).toEqual(['small', 'late']);
    expect(await afterEnd('small')).toEqual(['small', 'late']);
    expect(await afterEnd('late')).toEqual(['small', 'late', 'large']);
    await afterEnd('large');
    expect(await results).toEqual(['SMALL', 'LARGE', 'LATE']);
  });

  it('run one that asks for more than there is alone', async () => {
    const { begun, perform, afterEnd } = stage();
    const tasks = [
      { name: 'huge', threads: 9 },
      { name: 'small', threads: 1 },
    ];
    const results = runScheduled(tasks, 2, perform);
    expect(begun).toEqual(['huge']);
    expect(await afterEnd('huge')).toEqual(['huge', 'small']);
    await afterEnd('small');
    expect(await results).toHaveLength(2);
  });

  it('are done at once when there are none', async () => {
    expect(await runScheduled([], 2, () => Promise.resolve('never'))).toEqual([]);
  });

  it('end with what one throws, after those that run, and begin no other', async () => {
    const { begun, perform, afterEnd } = stage();
    const tasks = [
      { name: 'a', threads: 1 },
      { name: 'b', threads: 1 },
      { name: 'c', threads: 1 },
    ];
    const results = runScheduled(tasks, 2, perform);
    const ended = expect(results).rejects.toThrow('no such command');
    await afterEnd('a', new Error('no such command'));
    expect(begun).toEqual(['a', 'b']);
    await afterEnd('b');
    await ended;
    expect(begun).toEqual(['a', 'b']);
  });
});
