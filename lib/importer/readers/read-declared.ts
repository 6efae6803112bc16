import { oneLine } from '../../fleet/wording.ts';
import { readBind } from './bind-file.ts';
import type { AskedZone, DeclaredZone, DeclaredZones, GivenFile, ReadDeclared } from './declared-zone.ts';
import { readDnsControl } from './dnscontrol-file.ts';
import { readOctoDns } from './octodns-file.ts';
import { readTerraform } from './terraform-file.ts';

/** The tools whose files can be read. */
export const TOOLS = ['octodns', 'dnscontrol', 'terraform', 'bind'] as const;
export type Tool = (typeof TOOLS)[number];

interface ToolReading {
  /** What its files are called in a sentence. */
  readonly what: string;
  readonly read: ReadDeclared;
}

const READERS: Readonly<Record<Tool, ToolReading>> = {
  octodns: { what: 'OctoDNS', read: readOctoDns },
  dnscontrol: { what: 'DNSControl', read: readDnsControl },
  terraform: { what: 'Terraform', read: readTerraform },
  bind: { what: 'a zone file', read: readBind },
};

/** True for the name of a tool whose files can be read. */
export function isTool(name: string): name is Tool {
  return TOOLS.some((tool) => tool === name);
}

/** The zone that a person means, or what is wrong. */
export type DeclaredReading =
  | {
      readonly type: 'zone';
      readonly zone: DeclaredZone;
      /** What answered so before, as the fleet file names it. */
      readonly origin: string;
    }
  | { readonly type: 'invalid'; readonly mistakes: readonly string[] };

/** Reads the files of one tool, and finds the zone that is wanted in them. Pure; never throws. */
export function readDeclared(tool: Tool, files: readonly GivenFile[], wanted: AskedZone): DeclaredReading {
  const { what, read } = READERS[tool];
  const found: DeclaredZones = read(files, wanted);
  if (found.type === 'invalid') return found;
  const paths = files.map(({ path }) => path).join(', ');
  const fitting = found.zones.filter((zone) => fits(zone, wanted));
  const [zone, ...others] = fitting;
  if (zone === undefined || others.length > 0)
    return { type: 'invalid', mistakes: [`${paths}: ${choice(found.zones, fitting, wanted)}`] };
  return {
    type: 'zone',
    zone: { ...zone, id: zone.id ?? wanted.id },
    origin: `the zone ${zone.name} of ${oneLine(paths)} (${what})`,
  };
}

function fits({ name, id, tag = '' }: DeclaredZone, wanted: AskedZone): boolean {
  if (wanted.name !== undefined && wanted.name !== name) return false;
  if (wanted.tag !== undefined && wanted.tag !== tag) return false;
  return wanted.id === undefined || id === undefined || wanted.id === id;
}

function choice(
  zones: readonly DeclaredZone[],
  fitting: readonly DeclaredZone[],
  { name, tag }: AskedZone,
): string {
  const listed = (of: readonly DeclaredZone[]) => [...new Set(of.map(title))].join(', ');
  if (zones.length === 0) return 'No zone is declared: check that it is the right file.';
  if (fitting.length === 0)
    return `The zone ${name === undefined ? 'of that id' : titleOf({ name, tag })} is not declared: give one of ${listed(zones)} to --zone.`;
  const titles = new Set(fitting.map(titleOf));
  return titles.size > 1
    ? `${fitting.length} zones are declared: give one of ${listed(fitting)} to --zone.`
    : `Zones of one name are declared: give the id of one of ${listed(fitting)} to --zone-id.`;
}

function title(zone: DeclaredZone): string {
  return zone.id === undefined ? titleOf(zone) : `${titleOf(zone)} (${zone.id})`;
}

/** What a person gives to --zone: with the tag, and the mark of a tag where only others have one. */
function titleOf({ name, tag }: Pick<DeclaredZone, 'name' | 'tag'>): string {
  return tag === undefined ? name : `${name}!${tag}`;
}
