import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { nearest } from '../../fleet/suggestion.ts';
import { describeZone } from '../../importer/describe-zone.ts';
import type { DescribedZone, ImportedZone } from '../../importer/described-zone.ts';
import type { DnsName } from '../../plan/names.ts';
import { cellName, dnsName } from '../../plan/names.ts';
import type { RecordSet } from '../../plan/records.ts';
import { recordsUnder } from '../../zone/read-records.ts';
import { EXIT } from '../command/exit-codes.ts';
import { BadInput, Refused, systemCode } from '../command/failures.ts';
import { hostedZoneId } from '../command/hosted-zone-id.ts';
import type { Runtime } from '../command/new-command.ts';
import { newCommand } from '../command/new-command.ts';
import type { CommandResult, Session } from '../command/session.ts';
import type { Paper } from '../printing/paper.ts';
import { counted, lines, tame } from '../printing/paper.ts';
import { table } from '../printing/table.ts';

interface ImportFlags {
  readonly zone: string;
  readonly name?: readonly string[];
  readonly cell?: string;
  readonly out?: string;
}

export function importCommand(runtime: Runtime): Command {
  return newCommand(
    'import',
    'Read a hosted zone, and write the fleet file that answers as it does. Nothing in the zone changes.',
    [
      ['pawl import --zone example.com --out fleet.yaml', 'then push it, and adopt the names'],
      ['pawl import --zone example.com --name api.example.com', 'one name, to standard output'],
    ],
  )
    .requiredOption('--zone <zone>', 'the name of a hosted zone, or its id')
    .option('--name <name...>', 'only these names')
    .option('--cell <cell>', "what the cell is called (default: made from the zone's name)")
    .option('--out <file>', 'write to this new file, not to standard output')
    .action((flags: ImportFlags, command: Command) =>
      runtime.run(command, (session) => importZone(session, flags)),
    );
}

async function importZone(session: Session, flags: ImportFlags): Promise<CommandResult> {
  const options = {
    cell: flags.cell === undefined ? undefined : cellName(flags.cell),
    names: flags.name?.map(dnsName),
  };
  const world = await session.world();
  const port = world.zone(await hostedZoneId(world, flags.zone));
  const { id, name } = await port.describe();
  const zone: ImportedZone = { id, name };
  const { records } = await recordsUnder(port, name);
  for (const wanted of options.names ?? []) checkThere(wanted, zone, records);
  const described = describeZone(records, zone, options);
  if (described.yaml === undefined) throw nothingDescribed(zone, described);
  if (flags.out === undefined) {
    session.say(described.yaml);
    // Standard output gets the file. Remarks for a person go to standard error, a line each.
    const plain = importView(described, zone, { ...session.paper, boxes: false, color: false });
    for (const line of plain.split('\n')) if (line !== '') session.remark(`${line}\n`);
  } else {
    await writeNew(flags.out, described.yaml);
    session.say(importView(described, zone, session.paper));
    session.say(`Written to ${flags.out}: read it, then "pawl fleet push ${flags.out}".\n`);
  }
  return { exit: EXIT.done, document: { zone, file: flags.out, ...described } };
}

function checkThere(wanted: DnsName, zone: ImportedZone, records: readonly RecordSet[]): void {
  const names = [...new Set(records.map(({ name }) => name))];
  if (names.includes(wanted)) return;
  const near = nearest(wanted, names);
  const hint = near === undefined ? 'check the name.' : `did you mean ${near}?`;
  throw new BadInput(`Nothing stands at ${wanted} in the zone ${zone.name}: ${hint}`);
}

function nothingDescribed(zone: ImportedZone, { unexpressed }: DescribedZone): Error {
  const [first] = unexpressed;
  const why =
    first === undefined
      ? 'it holds no A, AAAA or CNAME record'
      : `${first.name} ${first.type}: ${first.reason}${unexpressed.length === 1 ? '' : `, and ${unexpressed.length - 1} more`}`;
  return new Refused(`Nothing of the zone ${zone.name} can be described (${why}).`);
}

async function writeNew(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { flag: 'wx' });
  } catch (error) {
    if (systemCode(error) === 'EEXIST')
      throw new BadInput(`${path} is there already: name a new file.`, { cause: error });
    throw error;
  }
}

/** How much is described, each TTL that the file lowers, then the records that could not be described, each with the reason. */
function importView(
  { cells, unexpressed, lowered }: DescribedZone,
  zone: ImportedZone,
  paper: Paper,
): string {
  const names = cells.reduce((sum, { endpoints }) => sum + endpoints.length, 0);
  const described = `${zone.name} (${zone.id}): ${counted(names, 'name')} described, ${unexpressed.length} left as they are`;
  const left = table(
    paper,
    [{ head: 'LEFT' }, { head: 'TYPE' }, { head: 'WHY' }],
    unexpressed.map(({ name, type, reason }) => [tame(name), tame(type), tame(reason)]),
  );
  const shorter = lowered.map(
    ({ name, fromS, toS }) => `${tame(name)} gets a TTL of ${toS} s, where a record of it has ${fromS} s.`,
  );
  return lines([described, ...shorter]) + (unexpressed.length === 0 ? '' : left);
}
