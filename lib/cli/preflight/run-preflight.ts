import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import type { Deployment } from '../../infrastructure/deployment.ts';
import { deploymentOf } from '../../infrastructure/deployment-file.ts';
import type { DnsName } from '../../plan/names.ts';
import type { PreconditionStanding } from '../../preflight/precondition.ts';
import type { PreconditionReport, PreflightReport, PreflightVerdict } from '../../preflight/preflight.ts';
import { preflight } from '../../preflight/preflight.ts';
import type { ExitCode } from '../command/exit-codes.ts';
import { EXIT } from '../command/exit-codes.ts';
import { BadInput } from '../command/failures.ts';
import { readFleet } from '../command/fleet-files.ts';
import type { Runtime } from '../command/new-command.ts';
import { newCommand } from '../command/new-command.ts';
import { boundedText } from '../command/plan-files.ts';
import type { CommandResult, Session } from '../command/session.ts';
import type { Paper, Tone } from '../printing/paper.ts';
import { counted, lines, paint, tame } from '../printing/paper.ts';
import { table } from '../printing/table.ts';

interface PreflightFlags {
  /** The deployment file, as `cdk deploy` gets it. */
  readonly context?: string;
  readonly fleet?: string;
}

/** What `npx cdk deploy` reads unless it is told otherwise. */
const DEFAULT_FILE = 'deployment.json';

const EXITS: Readonly<Record<PreflightVerdict, ExitCode>> = {
  ready: EXIT.done,
  refused: EXIT.refused,
  unknown: EXIT.unknown,
};

const WORDS: Readonly<Record<PreconditionStanding, string>> = {
  met: 'met',
  unmet: 'not met',
  unknown: 'not asked',
  later: 'later',
};

export function preflightCommand(runtime: Runtime): Command {
  return newCommand(
    'preflight',
    'Say what a deployment would be refused, or would go without, before a stack is half made. Nothing changes.',
    [
      ['pawl preflight deployment.json', 'exits with 1 if something would be refused'],
      ['pawl preflight -c deployment=deployment.json --fleet fleet.yaml', 'and what its aliases point at'],
    ],
  )
    .argument('[deployment]', `the deployment file (default: ${DEFAULT_FILE})`)
    .option('-c, --context <deployment=file>', 'the same file, as "cdk deploy" is given it', contextFile)
    .option('--fleet <file>', 'the fleet file that will be pushed')
    .action((file: string | undefined, flags: PreflightFlags, command: Command) =>
      runtime.run(command, (session) => preflightOf(session, file, flags)),
    );
}

function contextFile(text: string): string {
  const [, file] = /^deployment=(.+)$/.exec(text) ?? [];
  if (file === undefined) throw new InvalidArgumentError('It is deployment=FILE.');
  return file;
}

async function preflightOf(
  session: Session,
  file: string | undefined,
  flags: PreflightFlags,
): Promise<CommandResult> {
  if (file !== undefined && flags.context !== undefined)
    throw new BadInput('The deployment file is given twice: leave out one of them.');
  const deployment = await readDeployment(file ?? flags.context ?? DEFAULT_FILE);
  const aliases = flags.fleet === undefined ? undefined : await aliasTargets(flags.fleet);
  const { surveys } = await session.world('none');
  if (surveys === undefined)
    throw new BadInput('This world answers no preflight: run it from a command line.');
  const report = await preflight(surveys, { deployment, aliases });
  session.say(preflightView(report, session.paper));
  return { exit: EXITS[report.verdict], document: report };
}

async function readDeployment(path: string): Promise<Deployment> {
  const text = await boundedText(path, 'deployment file');
  try {
    return await deploymentOf(text, path);
  } catch (cause) {
    const [what = '', ...details] = cause instanceof Error ? cause.message.split('\n') : [String(cause)];
    throw new BadInput(`${path}: ${what}`, {
      cause,
      details: details.filter((line) => line.trim() !== ''),
    });
  }
}

async function aliasTargets(path: string): Promise<readonly DnsName[]> {
  const { cells } = await readFleet(path);
  const names = cells.flatMap(({ targets }) => targets.flatMap(({ alias }) => alias?.name ?? []));
  return [...new Set(names)].sort();
}

/** A line for each precondition, then the meaning of each that is not met, and the verdict. */
function preflightView(report: PreflightReport, paper: Paper): string {
  const grid = table(
    paper,
    [{ head: 'WHAT' }, { head: 'CELL' }, { head: 'RESULT' }, { head: 'SEEN' }],
    report.preconditions.map((each) => [
      each.id,
      each.cell ?? '-',
      { text: WORDS[each.standing], tone: toneOf(each) },
      tame(each.detail),
    ]),
  );
  const unmet = report.preconditions.filter(({ standing }) => standing === 'unmet');
  return grid + lines(unmet.map(meaning), verdict(report, paper));
}

function toneOf({ standing, weight }: PreconditionReport): Tone {
  if (standing === 'met') return 'good';
  return standing === 'unmet' && weight === 'blocks' ? 'bad' : 'careful';
}

function meaning({ id, cell, unmetMeans }: PreconditionReport): string {
  return `${id}${cell === undefined ? '' : ` of ${cell}`}: ${tame(unmetMeans)}`;
}

function verdict({ stack, verdict: found, preconditions }: PreflightReport, paper: Paper): string {
  const count = (standing: PreconditionStanding, weight?: 'blocks' | 'advises') =>
    preconditions.filter((each) => each.standing === standing && (weight ?? each.weight) === each.weight)
      .length;
  switch (found) {
    case 'ready': {
      const advised = count('unmet', 'advises');
      const with_ = advised === 0 ? '' : `, and ${counted(advised, 'thing')} to know`;
      return `${paint(paper, 'good', `Nothing here keeps the stack ${stack} from being deployed`)}${with_}`;
    }
    case 'refused': {
      const refused = counted(count('unmet', 'blocks'), 'precondition');
      return paint(
        paper,
        'bad',
        `The stack ${stack} would be refused, or not do its work: ${refused} not met`,
      );
    }
    case 'unknown': {
      const unasked = counted(count('unknown'), 'precondition');
      return paint(paper, 'careful', `Not known whether the stack ${stack} would work: ${unasked} not asked`);
    }
  }
}
