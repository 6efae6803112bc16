import { nearest } from '../../fleet/suggestion.ts';
import type { DescribedZone, ImportedZone } from '../../importer/described-zone.ts';
import type { AskedZone } from '../../importer/readers/declared-zone.ts';
import { describeDeclared } from '../../importer/readers/describe-declared.ts';
import type { Tool } from '../../importer/readers/read-declared.ts';
import { isTool, readDeclared, TOOLS } from '../../importer/readers/read-declared.ts';
import type { CellName, DnsName } from '../../plan/names.ts';
import { dnsName, HOSTED_ZONE_ID } from '../../plan/names.ts';
import type { RecordSet } from '../../plan/records.ts';
import { BadInput } from '../command/failures.ts';
import { boundedText } from '../command/plan-files.ts';
import { tame } from '../printing/paper.ts';

/** What was described, and what it is called in a sentence. */
export interface Description {
  readonly zone: ImportedZone;
  readonly what: string;
  readonly described: DescribedZone;
}

export interface ImportOptions {
  readonly cell?: CellName | undefined;
  readonly names?: readonly DnsName[] | undefined;
}

/** What is said of the files and their zone on the command line. */
interface FileFlags {
  readonly zone?: string;
  readonly zoneId?: string;
  readonly trafficPolicy?: string;
}

/**
 * Describes what files of another tool declare. They say it all: no request is sent.
 *
 * @param from `TOOL:FILE`, one or more.
 * @throws BadInput with every mistake of the files.
 */
export async function describeFiles(
  from: readonly string[],
  flags: FileFlags,
  options: ImportOptions,
): Promise<Description> {
  if (flags.trafficPolicy !== undefined)
    throw new BadInput('--from and --traffic-policy exclude each other: give one of them.');
  const { tool, paths } = namedFiles(from);
  const files = await Promise.all(
    paths.map(async (path) => ({ path, text: await boundedText(path, 'file of another tool') })),
  );
  const read = readDeclared(tool, files, askedZone(flags));
  if (read.type === 'invalid') {
    const [first = '', ...others] = read.mistakes;
    if (others.length === 0) throw new BadInput(tame(first));
    throw new BadInput(`There are ${read.mistakes.length} mistakes:`, { details: read.mistakes.map(tame) });
  }
  const { zone: declared, origin } = read;
  const zone: ImportedZone = { name: declared.name, id: declared.id ?? '' };
  const there = [...declared.records, ...declared.left].filter(({ name }) => !declared.inner.has(name));
  for (const wanted of options.names ?? []) checkThere(wanted, zone, there);
  const described = describeDeclared(declared, { ...options, origin });
  return { zone, what: origin, described };
}

function namedFiles(from: readonly string[]): { readonly tool: Tool; readonly paths: readonly string[] } {
  const named = from.map((text) => {
    const [tool = '', ...path] = text.split(':');
    if (!isTool(tool) || path.length === 0)
      throw new BadInput(
        `--from does not take ${JSON.stringify(text)}: give TOOL:FILE, and as the tool one of ${TOOLS.join(', ')}.`,
      );
    return { tool, path: path.join(':') };
  });
  const [first, ...others] = named;
  if (first === undefined || others.some(({ tool }) => tool !== first.tool))
    throw new BadInput('--from takes the files of one tool at a time: import the others by themselves.');
  return { tool: first.tool, paths: named.map(({ path }) => path) };
}

function askedZone({ zone, zoneId }: FileFlags): AskedZone {
  if (zoneId !== undefined && !HOSTED_ZONE_ID.test(zoneId))
    throw new BadInput(`--zone-id does not take ${JSON.stringify(zoneId)}: give the id of a hosted zone.`);
  if (zone === undefined) return { id: zoneId };
  // A zone's name is no id: it has a dot, or lower case.
  if (HOSTED_ZONE_ID.test(zone)) {
    if (zoneId !== undefined && zoneId !== zone)
      throw new BadInput(`--zone ${zone} and --zone-id ${zoneId} are two zones: give one of them.`);
    return { id: zone };
  }
  // A domain of DNSControl may have a tag: example.com!inside.
  const [name = '', tag] = zone.split('!');
  return { name: dnsName(name), id: zoneId, tag };
}

/** @throws BadInput when no record has this name. */
export function checkThere(
  wanted: DnsName,
  zone: ImportedZone,
  records: readonly Pick<RecordSet, 'name'>[],
): void {
  const names = [...new Set(records.map(({ name }) => name))];
  if (names.includes(wanted)) return;
  const near = nearest(wanted, names);
  const hint = near === undefined ? 'check the name.' : `did you mean ${near}?`;
  throw new BadInput(`Nothing stands at ${wanted} in the zone ${zone.name}: ${hint}`);
}
