import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'pawl-foreign-'));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs .ci/foreign where `go` is this script, and Python says only that it was asked. */
function foreign(name: string, go: string): { readonly status: number | null; readonly stderr: string } {
  const bin = join(folder, name);
  mkdirSync(bin);
  writeFileSync(join(bin, 'go'), `#!/bin/sh\n${go}\n`, { mode: 0o755 });
  const python = join(bin, 'python');
  writeFileSync(python, '#!/bin/sh\necho asked Python >&2; exit 3\n', { mode: 0o755 });
  const { status, stderr } = spawnSync('bash', [join(root, '.ci/foreign'), join(bin, 'left'), python], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, PATH: `${bin}:${process.env['PATH'] ?? ''}` },
  });
  return { status, stderr };
}

const sentence = (found: string): string =>
  `.ci/foreign needs Go 1.23.0 or newer, and here is ${found}: install it from https://go.dev/dl.\n`;

describe('.ci/foreign', () => {
  it('says in one sentence that Go is too old, also where it cannot read the module', () => {
    expect(foreign('old', 'echo go1.22.9')).toEqual({ status: 1, stderr: sentence('1.22.9') });
    const unread = '[ "$PWD" = / ] || { echo "invalid go version" >&2; exit 1; }\necho go1.19.8';
    expect(foreign('older', unread)).toEqual({ status: 1, stderr: sentence('1.19.8') });
  });

  it('says so where Go does not run', () => {
    expect(foreign('none', 'exit 127')).toEqual({ status: 1, stderr: sentence('none') });
  });

  it('goes on with a Go that is new enough', () => {
    for (const version of ['1.23.0', '1.26.8'])
      expect(foreign(version, `echo go${version}`)).toEqual({ status: 3, stderr: 'asked Python\n' });
  });
});
