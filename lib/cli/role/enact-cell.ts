import type { Command } from 'commander';
import { enact } from '../../enactor/enact.ts';
import type { EnactOutcome } from '../../enactor/enactor.ts';
import { noRoomText } from '../../enactor/enactor.ts';
import type { CellName } from '../../plan/names.ts';
import { instant } from '../../runtime/clock.ts';
import { enactorDeps } from '../../wiring/run-enactor.ts';
import { knownCell } from '../command/cells.ts';
import type { ExitCode } from '../command/exit-codes.ts';
import { EXIT } from '../command/exit-codes.ts';
import type { Runtime } from '../command/new-command.ts';
import { newCommand } from '../command/new-command.ts';
import { wholeNumber } from '../command/option-values.ts';
import type { CommandResult, Session } from '../command/session.ts';
import { cellSettings } from '../command/workflow-deps.ts';
import { clause, tame } from '../printing/paper.ts';
import { beginRun } from './dry-run.ts';

interface EnactFlags {
  readonly sweep?: boolean;
  readonly within: number;
  readonly dryRun?: boolean;
}

export function enactCommand(runtime: Runtime): Command {
  return newCommand(
    'enact',
    'Bring one cell to its goal now: one run of an enactor, which may run beside any other.',
    [
      ['pawl enact use1-a', ''],
      ['pawl enact use1-a --sweep', 'reads the zone itself, and repairs it'],
      ['pawl enact use1-a --dry-run', 'every batch and event that it would write'],
    ],
  )
    .argument('<cell>', 'the cell')
    .option('--sweep', 'look at every root and tree, and repair what is not as planned')
    .option('--within <seconds>', 'begin nothing new after this', wholeNumber(1, 3_600), 300)
    .option('--dry-run', 'show what would be written, and write nothing')
    .action((cell: string, flags: EnactFlags, command: Command) =>
      runtime.run(command, (session) => enactCell(session, cell, flags)),
    );
}

async function enactCell(session: Session, text: string, flags: EnactFlags): Promise<CommandResult> {
  const world = await session.world();
  const ledger = await world.ledger();
  const head = await knownCell(ledger, text);
  const run = beginRun(session, world, ledger, flags.dryRun);
  const outcome = await enact(enactorDeps(run.world, run.ledger, cellSettings(world, head)), {
    mode: flags.sweep === true ? 'sweep' : 'hint',
    deadline: instant(world.clock.now() + flags.within * 1_000),
  });
  const would = run.end();
  if (flags.dryRun !== true) session.say(enactView(head.cell, outcome));
  return { exit: exitOf(outcome), document: { cell: head.cell, outcome, ...would } };
}

function exitOf(outcome: EnactOutcome): ExitCode {
  switch (outcome.type) {
    case 'applied':
    case 'converged':
    case 'superseded':
      return EXIT.done;
    case 'idle':
    case 'frozen':
    case 'blocked':
    case 'refused':
    case 'propagating':
    case 'no-room':
    case 'unfinished':
      return EXIT.refused;
  }
}

/** The outcome of one run of an enactor, as a sentence. */
function enactView(cell: CellName, outcome: EnactOutcome): string {
  switch (outcome.type) {
    case 'applied':
      return `${cell}@${outcome.generation} is applied (${outcome.reason}), fence seq ${outcome.seq}.\n`;
    case 'converged':
      return `${cell} is at its goal, ${cell}@${outcome.generation}: nothing to do.\n`;
    case 'superseded':
      return `${cell} is at its goal, ${cell}@${outcome.generation}, by ${tame(outcome.by)}, who was faster.\n`;
    case 'blocked': {
      const [first, ...others] = outcome.endpoints;
      const more = others.length === 0 ? '' : ` (and ${others.length} more endpoints like it)`;
      return `${cell}@${outcome.generation} is applied but for ${first?.name ?? ''}${more}: ${clause(tame(first?.reason ?? ''))}.\n`;
    }
    case 'propagating':
      return `${cell}@${outcome.generation} is staged, and its trees have not reached every name server (${outcome.changes.join(', ')}): nothing is flipped before. "pawl enact ${cell}" goes on, as the next sweep does.\n`;
    case 'no-room':
      return `${cell}: ${noRoomText(outcome)}\n`;
    case 'frozen':
      return `${cell} is frozen by ${tame(outcome.by)}: nothing was written. "pawl thaw ${cell}" lets it go on.\n`;
    case 'idle':
    case 'refused':
    case 'unfinished':
      return `${cell}: ${clause(outcome.reason)}.\n`;
  }
}
