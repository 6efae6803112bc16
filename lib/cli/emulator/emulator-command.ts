import { isIP } from 'node:net';
import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import type { Route53Settings, Weakness } from '../../emulator/settings.ts';
import { ROUTE53_RATE, WEAKNESSES } from '../../emulator/settings.ts';
import type { LoggedRequest, RunningEmulator } from '../../emulator/start-emulator.ts';
import { startEmulator } from '../../emulator/start-emulator.ts';
import { EXIT } from '../command/exit-codes.ts';
import { BadInput, Refused } from '../command/failures.ts';
import type { Runtime } from '../command/new-command.ts';
import { newCommand } from '../command/new-command.ts';
import { oneOf, wholeNumber } from '../command/option-values.ts';
import type { CommandResult, Session } from '../command/session.ts';
import { lines, tame } from '../printing/paper.ts';

interface EmulatorFlags {
  readonly host: string;
  readonly port: number;
  readonly dnsPort: number;
  readonly insyncMs: number;
  readonly records: number;
  readonly rate: boolean;
  readonly busyMs?: number;
  readonly targets: 'accepted' | 'refused';
  readonly weakness: readonly Weakness[];
  readonly zone: readonly string[];
  readonly quiet?: boolean;
}

const PORT = 4580;
const DNS_PORT = 5354;
const PORT_MAX = 65_535;
const INSYNC_MS = 1_000;
const WAIT_MAX_MS = 3_600_000;
const RECORDS = 10_000;
const RECORDS_MAX = 1_000_000;

export function emulatorCommand(runtime: Runtime): Command {
  return newCommand(
    'emulator',
    'Serve Route 53 on this machine: its API over HTTP and its name servers, nothing of Pawl.',
    [
      ['pawl emulator --zone example.test', 'until Ctrl-C, with a line for each request'],
      ['pawl emulator --no-rate --insync-ms 0 --quiet', 'for tests: no throttling, no waiting, no log'],
      ['pawl emulator --weakness not-atomic', 'as a service would be whose batches are not atomic'],
    ],
  )
    .option('--host <address>', 'the IP address of both servers', address, '127.0.0.1')
    .option('--port <port>', "the API's port; 0 for any", wholeNumber(0, PORT_MAX), PORT)
    .option('--dns-port <port>', 'the DNS port, UDP and TCP; 0 for any', wholeNumber(0, PORT_MAX), DNS_PORT)
    .option('--insync-ms <ms>', 'until a change is INSYNC', wholeNumber(0, WAIT_MAX_MS), INSYNC_MS)
    .option('--records <number>', 'record sets that a zone may hold', wholeNumber(1, RECORDS_MAX), RECORDS)
    .option('--no-rate', "admit any rate; otherwise an account's own: 10 requests and 100 changes a second")
    .option(
      '--busy-ms <ms>',
      'a zone answers PriorRequestNotComplete so long after a change',
      wholeNumber(0, WAIT_MAX_MS),
    )
    .option(
      '--targets <word>',
      'accepted or refused: an alias to a load balancer that nobody registered',
      oneOf(['accepted', 'refused'] as const),
      'accepted',
    )
    .option(
      '--weakness <name>',
      'one way to differ from Route 53; may be given again (docs/emulator.md lists them)',
      collect(oneOf(WEAKNESSES)),
      [],
    )
    .option('--zone <name>', 'make this hosted zone; may be given again', collect(String), [])
    .option('--quiet', 'print no requests')
    .action((flags: EmulatorFlags, command: Command) =>
      runtime.run(command, (session) => serve(session, flags)),
    );
}

async function serve(session: Session, flags: EmulatorFlags): Promise<CommandResult> {
  const stop = session.interruption();
  const emulator = await start(session, flags);
  try {
    const zones = flags.zone.map((name) => ({ name, id: madeZone(emulator, name) }));
    const { url, dns } = emulator;
    session.say(
      lines(
        `Route 53  ${url}  (AWS_ENDPOINT_URL_ROUTE_53=${url})`,
        `DNS       ${dns.host}:${dns.port} (UDP and TCP)`,
        zones.map(({ name, id }) => `Zone      ${name}  ${id}`),
        'Nothing is kept: Ctrl-C ends it.',
        '',
      ),
    );
    writeLine(session, { type: 'started', url, dns, zones });
    if (!stop.aborted)
      await new Promise((resolve) => stop.addEventListener('abort', resolve, { once: true }));
  } finally {
    await emulator.close();
  }
  return { exit: EXIT.done };
}

async function start(session: Session, flags: EmulatorFlags): Promise<RunningEmulator> {
  const { host, port, dnsPort, quiet } = flags;
  try {
    return await startEmulator({
      host,
      port,
      dnsPort,
      settings: settingsOf(flags),
      onRequest: (request) => {
        if (quiet === true) return;
        session.say(requestLine(request));
        writeLine(session, { type: 'request', ...request });
      },
      onTrouble: (error) => session.remark(`${tame(String(error))}\n`),
    });
  } catch (cause) {
    const isTaken = cause instanceof Error && ['PortInUse', 'DnsPortInUse'].includes(cause.name);
    if (!isTaken) throw cause;
    throw new Refused(`${cause.message} End what listens there, or give another --port and --dns-port.`, {
      cause,
    });
  }
}

function settingsOf(flags: EmulatorFlags): Partial<Route53Settings> {
  const { insyncMs, records, rate, busyMs, targets, weakness } = flags;
  return {
    insyncDelayMs: insyncMs,
    recordLimit: records,
    ...(rate ? ROUTE53_RATE : {}),
    busyMs,
    unregisteredTargets: targets,
    weaknesses: new Set(weakness),
  };
}

/** @throws BadInput for a name that no zone can have. */
function madeZone({ core }: RunningEmulator, name: string): string {
  try {
    return core.createHostedZone({ name, callerReference: name }).zone.id;
  } catch (cause) {
    throw new BadInput(`--zone ${name}: ${cause instanceof Error ? cause.message : 'it was refused'}`, {
      cause,
    });
  }
}

/** `14:05:07.120  400  ChangeResourceRecordSets  InvalidChangeBatch`. */
function requestLine({ at, status, action, method, path, code }: LoggedRequest): string {
  const time = new Date(at).toISOString().slice(11, 23);
  const refusal = code === undefined ? '' : `  ${code}`;
  return `${time}  ${status}  ${action}  ${method} ${tame(path)}${refusal}\n`;
}

/** With --json: a document a line. */
function writeLine(session: Session, document: unknown): void {
  if (session.json) session.terminal.write(`${JSON.stringify(document)}\n`);
}

function address(text: string): string {
  if (isIP(text) === 0) throw new InvalidArgumentError('It is an IP address, such as 127.0.0.1 or ::1.');
  return text;
}

/** Parses an option that may be given several times. */
function collect<T>(parse: (text: string) => T): (text: string, before: readonly T[]) => readonly T[] {
  return (text, before) => [...before, parse(text)];
}
