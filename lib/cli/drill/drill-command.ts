import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import type { DrillReport } from '../../local/drill.ts';
import { drill } from '../../local/drill.ts';
import type { DrillStep } from '../../local/drill-steps.ts';
import { DRILL_STEPS } from '../../local/drill-steps.ts';
import { ledgerDrillSteps } from '../../local/ledger-drill-steps.ts';
import type { RunningWorld } from '../../local/start-local-world.ts';
import { DEFAULT_INTERVALS, startLocalWorld } from '../../local/start-local-world.ts';
import { StartRefused } from '../../local/start-refused.ts';
import { EXIT } from '../command/exit-codes.ts';
import { BadInput } from '../command/failures.ts';
import type { Runtime } from '../command/new-command.ts';
import { newCommand } from '../command/new-command.ts';
import type { CommandResult, Session } from '../command/session.ts';
import type { Paper, Tone } from '../printing/paper.ts';
import { lines, paint, tame } from '../printing/paper.ts';

interface DrillFlags {
  readonly yes?: boolean;
  readonly ledger?: boolean;
}

const EXAMPLE_FLEET = fileURLToPath(new URL('../../../examples/fleet.yaml', import.meta.url));
const INSYNC_MS = 200;
/** Shorter than in other local worlds: nobody learns from waiting for an endpoint that is away on purpose. */
const REQUEST_DEADLINE_MS = 1_500;
const TONES: Readonly<Record<DrillReport['result'], Tone>> = {
  seen: 'good',
  missed: 'bad',
  skipped: 'careful',
};

export function drillCommand(runtime: Runtime): Command {
  return newCommand(
    'drill',
    "Practise the outage of Route 53's control plane, or of the ledger, in a local world of its own that ends with it.",
    [
      ['pawl drill', 'stops before each step, so that you can look around in another terminal'],
      ['pawl drill --ledger', 'the ledger is lost for a time, and the cell is rescued without it'],
      ['pawl drill my-fleet.yaml --yes', 'without stopping; exits with 1 if a step is not as promised'],
    ],
  )
    .argument('[fleet]', 'the fleet file (default: the example)')
    .option('--ledger', "lose the ledger instead of Route 53's control plane")
    .option('--yes', 'do not stop between the steps')
    .action((fleet: string | undefined, flags: DrillFlags, command: Command) =>
      runtime.run(command, (session) => practise(session, fleet ?? EXAMPLE_FLEET, flags)),
    );
}

async function practise(session: Session, fleetFile: string, flags: DrillFlags): Promise<CommandResult> {
  const stops = flags.yes !== true;
  if (stops && (!session.terminal.canAsk || session.json))
    throw new BadInput('A drill stops before each step, and there is nobody to ask here: give --yes.');
  const folder = await mkdtemp(join(tmpdir(), 'pawl-drill-'));
  try {
    const running = await launch(folder, fleetFile);
    try {
      const page = flags.ledger === true ? 'operations.md' : 'control-plane-outage.md';
      const steps = await drill(running, {
        steps: flags.ledger === true ? ledgerDrillSteps() : DRILL_STEPS,
        before: (step, cell) => introduce(session, step, { cell, folder, stops }),
        after: (report) => session.say(stepView(report, session.paper)),
      });
      const isSeen = steps.every(({ result }) => result === 'seen');
      session.say(verdict(isSeen, page, session.paper));
      return { exit: isSeen ? EXIT.done : EXIT.refused, document: { steps, passed: isSeen } };
    } finally {
      await running.stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function launch(folder: string, fleetFile: string): Promise<RunningWorld> {
  try {
    return await startLocalWorld({
      folder,
      fleetFile,
      dnsPort: 0,
      route53Port: 0,
      insyncDelayMs: INSYNC_MS,
      requestDeadlineMs: REQUEST_DEADLINE_MS,
      intervals: DEFAULT_INTERVALS,
      report: () => undefined,
    });
  } catch (cause) {
    if (cause instanceof StartRefused) throw new BadInput(cause.message, { details: cause.details, cause });
    throw cause;
  }
}

interface Place {
  readonly cell: string;
  readonly folder: string;
  readonly stops: boolean;
}

/** Says what comes next and how to look at what was before it, and waits for a person. */
async function introduce(session: Session, step: DrillStep, { cell, folder, stops }: Place): Promise<void> {
  session.say(`\n${paint(session.paper, 'strong', step.does)}\n  ${step.expects}\n`);
  if (!stops) return;
  const typed = step.look.map((words) => `  npx pawl ${words.replace('CELL', cell)} --folder ${folder}`);
  session.say(lines('  To look, or to do it yourself, in another terminal:', typed));
  await session.terminal.ask('Enter goes on. ');
}

function stepView({ id, result, detail }: DrillReport, paper: Paper): string {
  return `${paint(paper, TONES[result], result.padEnd('skipped'.length))} ${id}: ${tame(detail)}\n`;
}

function verdict(isSeen: boolean, page: string, paper: Paper): string {
  return isSeen
    ? `\n${paint(paper, 'good', `Every step was as docs/${page} promises`)}\n`
    : `\n${paint(paper, 'bad', `A step was not as docs/${page} promises`)}\n`;
}
