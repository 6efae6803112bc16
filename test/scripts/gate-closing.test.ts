import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'pawl-reports-'));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A report of vitest as far as the closing reads it. `files`: the files in which something failed. */
function report(name: string, passed: number, files: readonly (typeof brokenTest)[] = []): string {
  const path = join(folder, name);
  const failed = files.flatMap(({ assertionResults }) => assertionResults).length;
  writeFileSync(path, JSON.stringify({ numPassedTests: passed, numFailedTests: failed, testResults: files }));
  return path;
}

function close(steps: number, ...reports: readonly string[]): { status: number | null; text: string } {
  const { status, stdout } = spawnSync('node', ['.ci/count.mjs', String(steps), ...reports], {
    cwd: root,
    encoding: 'utf8',
  });
  return { status, text: stdout };
}

const brokenTest = {
  name: join(root, 'test/a.test.ts'),
  status: 'failed',
  message: '',
  assertionResults: [
    { status: 'failed', fullName: 'a does b', failureMessages: ['expected 1 to be 2\n    at a.test.ts'] },
  ],
};
const brokenFile: typeof brokenTest = {
  name: join(root, 'test/c.test.ts'),
  status: 'failed',
  message: 'cannot find module x',
  assertionResults: [],
};

describe('the closing of the gate', () => {
  it('adds up what passed', () => {
    expect(close(0, report('one.json', 3), report('two.json', 4))).toEqual({
      status: 0,
      text: '\n7 passed, 0 failed\n',
    });
  });

  it('names once more what failed, with what it said, before its last line', () => {
    const { status, text } = close(1, report('one.json', 3, [brokenTest, brokenFile]));
    expect(status).toBe(1);
    expect(text).toContain('failed: test/a.test.ts > a does b\n  expected 1 to be 2\n      at a.test.ts\n');
    expect(text).toContain('failed: test/c.test.ts\n  cannot find module x\n');
    expect(text.endsWith('\n3 passed, 2 failed\n')).toBe(true);
  });

  it('names a report that is missing, and takes a step that failed without one for a failure', () => {
    const { status, text } = close(1, report('one.json', 3), join(folder, 'gone.json'));
    expect(status).toBe(1);
    expect(text).toContain('no report: gone.json\n');
    expect(text.endsWith('\n3 passed, 1 failed\n')).toBe(true);
  });
});
