import type { Command } from 'commander';
import { examine } from '../../doctor/examine.ts';
import type { CheckReport, DoctorReport, DoctorVerdict } from '../../doctor/report.ts';
import { dnsName } from '../../plan/names.ts';
import type { ExitCode } from '../command/exit-codes.ts';
import { EXIT } from '../command/exit-codes.ts';
import { hostedZoneId } from '../command/hosted-zone-id.ts';
import type { Runtime } from '../command/new-command.ts';
import { newCommand } from '../command/new-command.ts';
import { progress } from '../command/progress.ts';
import type { CommandResult, Session } from '../command/session.ts';
import type { Paper, Tone } from '../printing/paper.ts';
import { counted, lines, paint, tame } from '../printing/paper.ts';
import { table } from '../printing/table.ts';

interface DoctorFlags {
  readonly zone: string;
  readonly scratch?: string;
}

const EXITS: Readonly<Record<DoctorVerdict, ExitCode>> = {
  safe: EXIT.done,
  reduced: EXIT.done,
  limited: EXIT.done,
  unsafe: EXIT.refused,
  unknown: EXIT.unknown,
};
/** About the number of checks, for the bar only: the doctor reports the exact number only at the end. */
const CHECKS_ABOUT = 20;

const TONES: Readonly<Record<CheckReport['result'], Tone>> = {
  holds: 'good',
  gap: 'bad',
  unknown: 'careful',
};

const RESTING: Readonly<Record<CheckReport['severity'], string>> = {
  fence: 'the fence',
  hands: 'manual work',
  proof: 'a proof',
  note: 'nothing',
};

export function doctorCommand(runtime: Runtime): Command {
  return newCommand(
    'doctor',
    'Try on a hosted zone what the fence rests on, in a scratch name of its own, and remove what was made.',
    [['pawl doctor --zone example.test', 'exits with 0 only when everything that the fence rests on holds']],
  )
    .requiredOption('--zone <zone>', 'the name of a hosted zone, or its id')
    .option('--scratch <name>', 'a name in the zone that holds nothing (default: a fresh one)')
    .action((flags: DoctorFlags, command: Command) =>
      runtime.run(command, (session) => doctor(session, flags)),
    );
}

async function doctor(session: Session, flags: DoctorFlags): Promise<CommandResult> {
  const world = await session.world();
  const zone = world.zone(await hostedZoneId(world, flags.zone));
  const { clock, randomness } = world;
  const bar = progress(session, clock, 'check', CHECKS_ABOUT);
  const report = await examine(
    { zone, clock, randomness, observe: () => bar.step() },
    flags.scratch === undefined ? {} : { scratchName: dnsName(flags.scratch) },
  ).finally(() => bar.end());
  session.say(doctorView(report, session.paper));
  const isClean = report.leftBehind.length + report.mayStillLand.length === 0;
  const exit = EXITS[report.verdict];
  return { exit: isClean || exit !== EXIT.done ? exit : EXIT.refused, document: report };
}

/** A line for each check, then the meaning of every gap and the verdict on the endpoint. */
function doctorView(report: DoctorReport, paper: Paper): string {
  const { checks, leftBehind, mayStillLand } = report;
  const grid = table(
    paper,
    [{ head: 'CHECK' }, { head: 'RESULT' }, { head: 'RESTS ON IT' }, { head: 'WHAT IS ASSERTED' }],
    checks.map(({ id, result, severity, asserts }) => [
      id,
      { text: result, tone: TONES[result] },
      RESTING[severity],
      tame(asserts),
    ]),
  );
  const failed = checks.filter(({ result }) => result !== 'holds');
  return (
    grid +
    lines(
      failed.map(
        ({ id, result, detail, gapMeans }) => `${id} (${result}): ${tame(detail)}. ${tame(gapMeans)}`,
      ),
      leftBehind.map(({ name, type }) => `left behind, remove it by hand: ${name} ${type}`),
      mayStillLand.map(({ name, type }) => `may still land, look again later: ${name} ${type}`),
      verdict(report, paper),
    )
  );
}

function verdict({ verdict: found, zone, zoneId, requests }: DoctorReport, paper: Paper): string {
  const after = ` (${zone}, ${zoneId}, ${counted(requests, 'request')})`;
  switch (found) {
    case 'safe':
      return paint(paper, 'good', 'Safe: everything that the fence rests on holds') + after;
    case 'reduced':
      return (
        paint(paper, 'careful', 'Safe, with a protection less: everything that the fence rests on holds') +
        after
      );
    case 'limited':
      return (
        paint(
          paper,
          'careful',
          'Good for tests: the fence holds, but a mistake made by hand is not caught as Route 53 would',
        ) + after
      );
    case 'unsafe':
      return paint(paper, 'bad', 'Not safe: Pawl must not write to this endpoint') + after;
    case 'unknown':
      return paint(paper, 'careful', 'Not known to be safe: not every check could be made') + after;
  }
}
