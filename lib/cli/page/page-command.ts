import type { Command } from 'commander';
import { EXIT } from '../command/exit-codes.ts';
import type { Runtime } from '../command/new-command.ts';
import { newCommand } from '../command/new-command.ts';
import { wholeNumber } from '../command/option-values.ts';
import type { CommandResult, Session } from '../command/session.ts';
import { untilInterrupted } from '../command/session.ts';
import { shellWord } from '../command/shell-word.ts';
import { openPage, PAGE_PORT } from './open-page.ts';

interface PageFlags {
  readonly port?: number;
  readonly folder?: string;
  readonly stack?: string;
  readonly table?: string;
  readonly region?: string;
  readonly profile?: string;
}

const PORT_MAX = 65_535;
const REST_MS = 3_600_000;

export function pageCommand(runtime: Runtime): Command {
  return newCommand('page', 'Show the fleet in a browser, live, until Ctrl-C. It only reads.', [
    ['pawl page', 'prints its address on 127.0.0.1'],
    ['pawl page --stack pawl --port 0', 'at any free port; the address carries a token'],
  ])
    .option('--port <port>', `the port; 0 for any (default: ${PAGE_PORT})`, wholeNumber(0, PORT_MAX))
    .action((_: unknown, command: Command) =>
      runtime.run(command, (session) => page(session, command.optsWithGlobals<PageFlags>())),
    );
}

async function page(session: Session, flags: PageFlags): Promise<CommandResult> {
  const world = await session.world();
  session.interruption();
  const served = await openPage(world, {
    port: flags.port,
    place: placeOf(flags),
    onTrouble: (error) => session.remark(`page: ${error instanceof Error ? error.message : String(error)}\n`),
  });
  try {
    session.say(`Page: ${served.url}\nIt only reads. Ctrl-C ends it.\n`);
    if (session.json) session.terminal.write(`${JSON.stringify({ type: 'page', url: served.url })}\n`);
    await untilInterrupted(session, REST_MS, async () => undefined);
    return { exit: EXIT.done };
  } finally {
    await served.close();
  }
}

/** What a person typed to name the world, as they would type it again. */
function placeOf({ folder, stack, table, region, profile }: PageFlags): string {
  const said = { folder, stack, table, region, profile };
  return Object.entries(said)
    .flatMap(([flag, value]) => (value === undefined ? [] : [`--${flag} ${shellWord(value)}`]))
    .join(' ');
}
