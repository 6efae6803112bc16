import type { Command } from 'commander';
import { examine } from '../../doctor/examine.ts';
import type { Verdict } from '../../doctor/report.ts';
import { dnsName } from '../../plan/names.ts';
import type { ExitCode } from '../command/exit-codes.ts';
import { EXIT } from '../command/exit-codes.ts';
import { hostedZoneId } from '../command/hosted-zone-id.ts';
import { newCommand } from '../command/new-command.ts';
import { progress } from '../command/progress.ts';
import type { Runtime } from '../command/runtime.ts';
import type { CommandResult, Session } from '../command/session.ts';
import { doctorView } from './doctor-view.ts';

interface DoctorFlags {
  readonly zone: string;
  readonly scratch?: string;
}

const EXITS: Readonly<Record<Verdict, ExitCode>> = {
  safe: EXIT.done,
  limited: EXIT.done,
  unsafe: EXIT.refused,
  unknown: EXIT.unknown,
};
/** For the bar alone: how many checks there are is the doctor's business. */
const CHECKS_ABOUT = 20;

export function doctorCommand(runtime: Runtime): Command {
  return newCommand(
    'doctor',
    'Try on a hosted zone what the fence rests on, in a scratch name of its own, and remove what was made.',
    [['pawl doctor --zone example.test', 'exits with 0 only when everything that the fence rests on holds']],
  )
    .requiredOption('--zone <zone>', 'the name of a public hosted zone, or its id')
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
