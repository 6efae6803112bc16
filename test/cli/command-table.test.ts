import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../lib/cli/command-table.ts';
import { programFor } from '../../lib/cli/program.ts';
import { NOWHERE, rehearsal } from './rehearsal.ts';

const RUNTIME = { run: async () => undefined };
const ALL = Object.keys(COMMANDS);
const PAWL = fileURLToPath(new URL('../../bin/pawl.ts', import.meta.url));
const FLEET = fileURLToPath(new URL('../../examples/fleet.yaml', import.meta.url));
/** Prints the address of everything that is loaded, on standard error. */
const TELLS_LOADED = `data:text/javascript,${encodeURIComponent(
  "import { registerHooks } from 'node:module'; registerHooks({ load: (url, context, next) => { console.error(url); return next(url, context); } });",
)}`;

async function namesFor(...argv: readonly string[]): Promise<readonly string[]> {
  const { commands } = await programFor(argv, RUNTIME, NOWHERE);
  return commands.map((command) => command.name());
}

describe('the commands that are loaded', () => {
  it.each(Object.entries(COMMANDS))('have the name of their place in the table: %s', async (name, load) => {
    expect((await load())(RUNTIME).name()).toBe(name);
  });

  it('are those that were named, also behind the value of an option', async () => {
    expect(await namesFor('status')).toEqual(['status']);
    expect(await namesFor('--folder', 'status', 'plan', '--json')).toEqual(['status', 'plan']);
    expect(await namesFor('rescue', 'adopt', 'live.json')).toEqual(['adopt', 'rescue']);
  });

  it.each([[], ['--help'], ['-h'], ['help'], ['--help', 'plan'], ['staus'], ['completion', 'bash']])(
    'are all of them for "pawl %s %s"',
    async (...argv) => {
      expect(await namesFor(...argv.filter((word) => word !== undefined))).toEqual(ALL);
    },
  );

  it('are none for the version', async () => {
    expect(await namesFor('--version')).toEqual([]);
    expect(await namesFor('--json', '-V')).toEqual([]);
  });

  it('do not narrow what is suggested for a mistake', async () => {
    const stage = await rehearsal();
    const { exit, err } = await stage.pawl('staus plan');
    expect(exit).toBe(2);
    expect(err).toContain('did you mean status?');
  });

  it('bring neither simulator nor emulator nor clients of AWS to a check of a file', async () => {
    const line = ['--import', TELLS_LOADED, PAWL, 'fleet', 'check', FLEET];
    const { stderr } = await promisify(execFile)(process.execPath, line);
    expect(stderr).toContain('/lib/fleet/parse-fleet.ts');
    for (const other of ['/lib/simulator/', '/lib/emulator/', '/lib/local/', '/@aws-sdk/', '/dynalite/'])
      expect(stderr).not.toContain(other);
  }, 60_000);
});
