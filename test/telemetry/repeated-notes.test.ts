import { expect, test } from 'vitest';
import { repeatedNotes } from '../../lib/telemetry/repeated-notes.ts';

/** Notes of runs, a minute apart, with the lines that they come to. */
function minutes() {
  const lines: string[] = [];
  let now = 0;
  const notes = repeatedNotes(
    (message, facts) => lines.push(`${message} ${JSON.stringify(facts)}`),
    () => now,
  );
  return {
    lines,
    early: (of: string) => {
      notes.begin(of);
      notes.end(false);
    },
    run: (of: string, ...said: readonly (readonly [string, object?])[]) => {
      notes.begin(of);
      for (const [message, facts = {}] of said) notes.note(message, { ...facts });
      notes.end(true);
      now += 60_000;
    },
  };
}

test('an hour of a fault is two lines: its first occurrence, and the end with how often it was', () => {
  const { lines, run } = minutes();
  for (let minute = 0; minute < 60; minute += 1)
    run(
      'a',
      ['throttled', { request: minute }],
      ['throttled', { request: 7 }],
      ['throttled', { request: 8 }],
    );
  expect(lines).toEqual(['throttled {"request":0}']);
  run('a');
  run('a');
  expect(lines.slice(1)).toEqual([
    'over: throttled {"request":0,"since":"1970-01-01T00:00:00.000Z","until":"1970-01-01T00:59:00.000Z","times":180}',
  ]);
});

test('another text and another cell are another fault, and one that comes back is new', () => {
  const { lines, run } = minutes();
  run('a', ['blind', { source: 'elbv2' }]);
  run('b', ['blind', { source: 'elbv2' }]);
  run('a', ['blind', { source: 'lease' }]);
  expect(lines).toEqual(['blind {"source":"elbv2"}', 'blind {"source":"elbv2"}', 'blind {"source":"lease"}']);
  run('a', ['blind', { source: 'elbv2' }]);
  expect(lines).toHaveLength(4);
});

test('what is remembered has a bound, beyond which everything is said', () => {
  const { lines, run } = minutes();
  const many = Array.from({ length: 300 }, (_, index) => [`fault ${'x'.repeat(index)}`] as const);
  run('a', ...many);
  run('a', ...many);
  expect(lines).toHaveLength(400);
});

test('a name with another number is another fault, a count is not', () => {
  const { lines, run } = minutes();
  run(
    'a',
    ['gone', { target: 'api-1' }],
    ['gone', { target: 'api-2' }],
    ['refused', { reason: 'zone 1.2.3.4: 5 of 7' }],
  );
  run(
    'a',
    ['gone', { target: 'api-1' }],
    ['gone', { target: 'api-2' }],
    ['refused', { reason: 'zone 1.2.3.4: 6 of 7' }],
  );
  expect(lines).toHaveLength(3);
});

test('a run that ended early says nothing of what it did not come to', () => {
  const { lines, run, early } = minutes();
  run('a', ['throttled']);
  run('a', ['throttled']);
  early('a');
  expect(lines).toHaveLength(1);
  run('a', ['throttled']);
  expect(lines).toHaveLength(1);
});
