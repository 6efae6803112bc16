import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { describePolicy } from '../../importer/describe-policy.ts';
import { describeZone } from '../../importer/describe-zone.ts';
import type { DescribedZone, ImportedZone } from '../../importer/described-zone.ts';
import type { TrafficPolicy } from '../../importer/policy-schema.ts';
import { TOOLS } from '../../importer/readers/read-declared.ts';
import { readTrafficPolicy } from '../../importer/traffic-policy.ts';
import type { DnsName } from '../../plan/names.ts';
import { cellName, dnsName, isWithin } from '../../plan/names.ts';
import { recordsUnder } from '../../zone/read-records.ts';
import type { Zone } from '../../zone/zone.ts';
import { EXIT } from '../command/exit-codes.ts';
import { BadInput, Refused, systemCode } from '../command/failures.ts';
import { hostedZoneId } from '../command/hosted-zone-id.ts';
import type { Runtime } from '../command/new-command.ts';
import { newCommand } from '../command/new-command.ts';
import { boundedText } from '../command/plan-files.ts';
import type { CommandResult, Session } from '../command/session.ts';
import type { Paper } from '../printing/paper.ts';
import { counted, lines, tame } from '../printing/paper.ts';
import { table } from '../printing/table.ts';
import type { Description, ImportOptions } from './import-files.ts';
import { checkThere, describeFiles } from './import-files.ts';

interface ImportFlags {
  readonly zone?: string;
  readonly zoneId?: string;
  readonly from?: readonly string[];
  readonly name?: readonly string[];
  readonly cell?: string;
  readonly trafficPolicy?: string;
  readonly out?: string;
}

export function importCommand(runtime: Runtime): Command {
  return newCommand(
    'import',
    "Read a hosted zone, or another tool's files for it, and write the fleet file that answers alike. Nothing in the zone changes.",
    [
      ['pawl import --zone example.com --out fleet.yaml', 'then push it, and adopt the names'],
      ['pawl import --zone example.com --name api.example.com', 'one name, to standard output'],
      [
        'pawl import --zone example.com --name api.example.com --traffic-policy policy.json',
        'what a traffic policy says',
      ],
      [
        'pawl import --from octodns:zones/example.com.yaml',
        "what another tool's file says; no request is sent",
      ],
    ],
  )
    .option('--zone <zone>', 'the name of a hosted zone, or its id; with --from the zone that is meant')
    .option('--name <name...>', 'only these names')
    .option('--cell <cell>', "what the cell is called (default: made from the zone's name)")
    .option(
      '--traffic-policy <file>',
      'describe the document of this traffic policy for --name (default: the zone itself), not the records',
    )
    .option(
      '--from <tool:file...>',
      `describe what files of another tool declare, not the zone: ${TOOLS.join(', ')}`,
    )
    .option('--zone-id <id>', "with --from: the zone's id, where no file says it")
    .option('--out <file>', 'write to this new file, not to standard output')
    .action((flags: ImportFlags, command: Command) =>
      runtime.run(command, (session) => importZone(session, flags)),
    );
}

async function importZone(session: Session, flags: ImportFlags): Promise<CommandResult> {
  const options: ImportOptions = {
    cell: flags.cell === undefined ? undefined : cellName(flags.cell),
    names: flags.name?.map(dnsName),
  };
  const { zone, what, described } =
    flags.from === undefined
      ? await describeHostedZone(session, flags, options)
      : await describeFiles(flags.from, flags, options);
  if (described.yaml === undefined) throw nothingDescribed(what, described);
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

async function describeHostedZone(
  session: Session,
  flags: ImportFlags,
  options: ImportOptions,
): Promise<Description> {
  if (flags.zone === undefined) throw new BadInput('Nothing is named to import: give --zone, or --from.');
  if (flags.zoneId !== undefined)
    throw new BadInput('--zone-id goes with --from: a hosted zone says its id itself.');
  // A document with mistakes needs no zone to say so.
  const policy = flags.trafficPolicy === undefined ? undefined : await readPolicyFile(flags.trafficPolicy);
  const world = await session.world();
  const port = world.zone(await hostedZoneId(world, flags.zone));
  const { id, name } = await port.describe();
  const zone: ImportedZone = { id, name };
  const described =
    policy === undefined
      ? await describeRecords(port, zone, options)
      : describePolicy(policy, { zone, cell: options.cell, name: policyName(options.names, zone) });
  return { zone, what: flags.trafficPolicy ?? `the zone ${name}`, described };
}

async function describeRecords(
  port: Zone,
  zone: ImportedZone,
  options: ImportOptions,
): Promise<DescribedZone> {
  const { records } = await recordsUnder(port, zone.name);
  for (const wanted of options.names ?? []) checkThere(wanted, zone, records);
  return describeZone(records, zone, options);
}

async function readPolicyFile(path: string): Promise<TrafficPolicy> {
  const read = readTrafficPolicy(await boundedText(path, 'traffic policy document'));
  if (read.type === 'policy') return read.policy;
  const { mistakes } = read;
  const count = mistakes.length === 1 ? '1 mistake' : `${mistakes.length} mistakes`;
  throw new BadInput(`${path} has ${count}:`, { details: mistakes.map(tame) });
}

/** What clients resolve: a policy's document does not say it. */
function policyName(names: readonly DnsName[] | undefined, zone: ImportedZone): DnsName {
  const [name = zone.name, ...others] = names ?? [];
  if (others.length > 0)
    throw new BadInput(
      `A traffic policy is one endpoint, and --name has ${others.length + 1}: give one name.`,
    );
  if (!isWithin(name, zone.name))
    throw new BadInput(`${name} is not in the zone ${zone.name}: give a name that is in it.`);
  return name;
}

function nothingDescribed(what: string, { unexpressed }: DescribedZone): Error {
  const [first] = unexpressed;
  const why =
    first === undefined
      ? 'it holds no A, AAAA or CNAME record'
      : `${first.name} ${first.type}: ${first.reason}${unexpressed.length === 1 ? '' : `, and ${unexpressed.length - 1} more`}`;
  return new Refused(`Nothing of ${what} can be described (${why}).`);
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
  const title = zone.id === '' ? zone.name : `${zone.name} (${zone.id})`;
  const described = `${title}: ${counted(names, 'name')} described, ${unexpressed.length} left as they are`;
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
