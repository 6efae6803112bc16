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
    run: (of: string, ...said: readonly (readonly [string, object?])[]) => {
      notes.begin(of);
      for (const [message, facts = {}] of said) notes.note(message, { ...facts });
      notes.end();
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
