import { describe, expect, it } from 'vitest';
import { program } from '../../../lib/cli/program.ts';
import { converged, NOWHERE } from '../rehearsal.ts';

type Command = Awaited<ReturnType<typeof program>>;

function all(command: Command, above: readonly string[] = []): readonly (readonly [string, Command])[] {
  return command.commands.flatMap((child) => {
    const path = [...above, child.name()];
    return [[path.join(' '), child] as const, ...all(child, path)];
  });
}

const takesCell = ([, command]: readonly [string, Command]): boolean =>
  command.options.some(({ long }) => long === '--cell') ||
  command.registeredArguments.some((argument) => argument.name() === 'cell');

/** A new cell gets this name, or the names before it are any number of words. */
const OPTION_ALONE = ['import', 'take-over', 'handover offer', 'handover await', 'handover withdraw'];

describe('a command that takes a cell', () => {
  it('takes it as an argument and as --cell', async () => {
    const found = all(await program({ run: async () => undefined }, NOWHERE)).filter(takesCell);
    expect(found.length).toBeGreaterThan(20);
    const lacking = found.filter(
      ([, command]) =>
        !command.options.some(({ long }) => long === '--cell') ||
        !command.registeredArguments.some((argument) => argument.name() === 'cell'),
    );
    expect(lacking.map(([path]) => path)).toEqual(OPTION_ALONE);
  });

  it.each([
    ['status', ''],
    ['history --limit 1', ''],
    ['plan', ''],
    ['verify', ''],
    ['enact', ' --dry-run'],
    ['freeze', ' --dry-run'],
    ['fleet show', ''],
    ['rollback', ' --dry-run'],
    ['target drain api-1', ' --dry-run'],
    ['evacuate az1', ' --dry-run'],
  ])('does the same both ways: pawl %s', async (words, more) => {
    const [one, other] = [await converged(), await converged()];
    const argument = await one.pawl(`${words} use1-a${more}`);
    const option = await other.pawl(`${words} --cell use1-a${more}`);
    expect(option).toEqual(argument);
    expect(argument.err).not.toMatch(/argument|option/);
    const { exit, err } = await one.pawl(`${words} use1-b${more} --cell use1-a`);
    expect([exit, err]).toEqual([2, expect.stringContaining('"use1-b" and --cell use1-a name two cells')]);
    expect((await one.pawl(`${words} use1-a${more} --cell use1-a`)).exit).toBe(argument.exit);
  });

  it('moves its other arguments up', async () => {
    const stage = await converged();
    const { err } = await stage.pawl('lease forget --cell use1-a rack-7 --az az1');
    expect(err).not.toContain('argument');
    expect((await stage.pawl('lease forget --cell use1-a --az az1')).err).toContain(
      "Missing required argument 'group'",
    );
  });

  it('that needs one says that it is missing', async () => {
    const stage = await converged();
    const { exit, err } = await stage.pawl('freeze');
    expect([exit, err]).toEqual([2, 'pawl: Missing required argument \'cell\'; see "pawl freeze --help".\n']);
  });

  it('takes no misspelt subcommand for a cell', async () => {
    const stage = await converged();
    const { exit, err } = await stage.pawl('plan aprove');
    expect([exit, err]).toEqual([2, expect.stringContaining('did you mean "pawl plan approve"?')]);
  });
});
