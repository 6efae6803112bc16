import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const launcher = fileURLToPath(new URL('../../bin/pawl.mjs', import.meta.url));

/** Makes the launcher believe that it runs on another Node; a process that it starts is not told so. */
function pretending(version: string): string[] {
  const source = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } })`;
  return ['--import', `data:text/javascript,${encodeURIComponent(source)}`];
}

let root: string;
let children: ChildProcess[];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pawl-launcher-'));
  children = [];
  mkdirSync(join(root, 'bin'));
  copyFileSync(launcher, join(root, 'bin/pawl.mjs'));
});

afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(root, { recursive: true, force: true });
});

function writeProgram(source: string): void {
  writeFileSync(join(root, 'bin/pawl.ts'), source);
}

function writePackage(source: string): void {
  mkdirSync(join(root, 'dist/bin'), { recursive: true });
  writeFileSync(join(root, 'dist/package.json'), '{ "type": "module" }');
  writeFileSync(join(root, 'dist/bin/pawl.js'), source);
}

function writeBundledNode(version: string, binary: 'this node' | 'no binary' | 'no program'): void {
  const folder = join(root, 'node_modules/node');
  mkdirSync(join(folder, 'bin'), { recursive: true });
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'node', version, bin: { node: 'bin/node' } }),
  );
  // A script that starts this Node: another file than the binary that runs the launcher, as it has to be.
  if (binary === 'this node')
    writeFileSync(join(folder, 'bin/node'), `#!/bin/sh\nexec "${process.execPath}" "$@"\n`, { mode: 0o755 });
  if (binary === 'no program') writeFileSync(join(folder, 'bin/node'), 'not a program', { mode: 0o644 });
}

interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

function launch(
  version: string,
  ...args: string[]
): { child: ChildProcess; stdout: () => string; ended: Promise<Ending> } {
  const child = spawn(process.execPath, [...pretending(version), join(root, 'bin/pawl.mjs'), ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'] },
  });
  children.push(child);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += String(chunk);
  });
  child.stderr.on('data', (chunk) => {
    stderr += String(chunk);
  });
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal, stdout, stderr }));
  return { child, stdout: () => stdout, ended };
}

const echo = `
import { type Readable } from 'node:stream';
const version: string = process.versions.node;
const input: Readable = process.stdin;
input.once('data', (chunk) => {
  console.log(JSON.stringify({ version, args: process.argv.slice(2), input: String(chunk) }));
  process.exit(7);
});
`;

describe('the launcher', () => {
  it.each(['22.18.0', '22.21.3', '23.6.0', '24.0.0', '26.10.0'])(
    'runs in the same process on Node %s',
    async (version) => {
      writeProgram(echo);
      const { child, ended } = launch(version, 'plan', '--json');
      child.stdin?.end('hello');
      const { code, stdout, stderr } = await ended;
      expect(JSON.parse(stdout)).toEqual({ version, args: ['plan', '--json'], input: 'hello' });
      expect({ code, stderr }).toEqual({ code: 7, stderr: '' });
    },
  );

  it.each(['20.20.2', '22.17.1', '23.5.0'])(
    'on Node %s hands over to the bundled Node: arguments, input, output, exit code',
    async (version) => {
      writeBundledNode('24.21.0', 'this node');
      writeProgram(echo);
      const { child, ended } = launch(version, 'plan', '--json');
      child.stdin?.end('hello');
      const { code, stdout, stderr } = await ended;
      expect(JSON.parse(stdout)).toEqual({
        version: process.versions.node,
        args: ['plan', '--json'],
        input: 'hello',
      });
      expect({ code, stderr }).toEqual({ code: 7, stderr: '' });
    },
  );

  it.each(['SIGINT', 'SIGTERM'] as const)('forwards %s, and waits for a clean end', async (signal) => {
    writeBundledNode('24.21.0', 'this node');
    writeProgram(`
      setInterval(() => {}, 1000);
      process.on('${signal}', () => { console.log('ended cleanly'); process.exit(5); });
      console.log('ready');
    `);
    const { child, stdout, ended } = launch('20.20.2');
    while (!stdout().includes('ready')) await once(child.stdout ?? child, 'data');
    child.kill(signal);
    expect(await ended).toEqual({ code: 5, signal: null, stdout: 'ready\nended cleanly\n', stderr: '' });
  });

  it('dies of the signal that its child died of', async () => {
    writeBundledNode('24.21.0', 'this node');
    writeProgram(`process.kill(process.pid, 'SIGTERM'); setInterval(() => {}, 1000);`);
    expect(await launch('20.20.2').ended).toMatchObject({ code: null, signal: 'SIGTERM' });
  });

  it.each([
    ['there is no bundled Node', () => undefined],
    [
      'the bundled Node has no binary, as after --ignore-scripts',
      () => writeBundledNode('24.21.0', 'no binary'),
    ],
    ['the bundled Node cannot be run here', () => writeBundledNode('24.21.0', 'no program')],
    ['the bundled Node is too old itself', () => writeBundledNode('20.20.2', 'this node')],
    [
      'the bundled Node is the one that runs',
      () => {
        writeBundledNode('24.21.0', 'no binary');
        symlinkSync(process.execPath, join(root, 'node_modules/node/bin/node'));
      },
    ],
  ])('says in one sentence what to install where %s', async (_, arrange) => {
    arrange();
    writeProgram(echo);
    const { code, stdout, stderr } = await launch('20.20.2').ended;
    expect(stderr).toMatch(
      /^pawl needs Node 22\.18 or newer, best Node 24, and this is Node 20\.20\.2: [^\n]*install Node 24[^\n]*\.\n$/,
    );
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  it('runs the JavaScript of a package, which has no TypeScript, from Node 22.15 on', async () => {
    writePackage(`process.stdout.write('from the package'); process.exit(3);`);
    expect(await launch('22.15.0').ended).toEqual({
      code: 3,
      signal: null,
      stdout: 'from the package',
      stderr: '',
    });
  });

  it.each(['20.20.2', '21.7.3', '22.14.0'])(
    'says in a package on Node %s what to install',
    async (version) => {
      writePackage(`process.stdout.write('from the package');`);
      const sentence = `pawl needs Node 22.15 or newer, best Node 24, and this is Node ${version}: install Node 24.\n`;
      expect(await launch(version).ended).toEqual({ code: 2, signal: null, stdout: '', stderr: sentence });
    },
  );

  it('hides no error of the program', async () => {
    writeProgram(`throw new Error('broken on purpose');`);
    const { code, stderr } = await launch('24.0.0').ended;
    expect(code).toBe(1);
    expect(stderr).toContain('broken on purpose');
  });
});
