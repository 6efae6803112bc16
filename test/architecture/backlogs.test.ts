import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROLES } from '../../lib/roles.ts';
import { METRICS } from '../../lib/telemetry/metric-names.ts';

const ROOT = join(import.meta.dirname, '../..');

async function rows(): Promise<readonly string[]> {
  const text = await readFile(join(ROOT, 'docs/backlogs.md'), 'utf8');
  return text.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| place'));
}

test('each place where work could pile up has a bound, an age, and a test that is there', async () => {
  const all = await rows();
  expect(all.length).toBeGreaterThan(10);
  for (const row of all) {
    const [place = '', bound = '', age = '', shown = ''] = row
      .split('|')
      .slice(1)
      .map((cell) => cell.trim());
    expect(bound, place).toMatch(/^(skipped|bounded|evidence)/);
    expect(age, place).not.toBe('');
    const tests = [...shown.matchAll(/`(test\/[^`]+)`/g)].flatMap(([, path]) => path ?? []);
    expect(tests, place).not.toEqual([]);
    for (const path of tests) await access(join(ROOT, path));
  }
});

test('each metric that it names is counted', async () => {
  const counted = new Set<string>([
    ...Object.values(METRICS),
    ...ROLES.map(({ heartbeat }) => heartbeat.metric),
  ]);
  const named = (await rows()).flatMap((row) =>
    [...(row.split('|')[3] ?? '').matchAll(/`([A-Z]\w+)`/g)].flatMap(([, metric]) => metric ?? []),
  );
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((metric) => !counted.has(metric))).toEqual([]);
});
