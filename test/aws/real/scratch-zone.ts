import type { Change, HostedZone, Route53Client } from '@aws-sdk/client-route-53';
import {
  ChangeResourceRecordSetsCommand,
  CreateHostedZoneCommand,
  DeleteHostedZoneCommand,
  paginateListHostedZones,
} from '@aws-sdk/client-route-53';
import { zoneContents } from '../zone-contents.ts';

/**
 * A public hosted zone that a run makes for itself, below a name that is reserved (RFC 6761) and so never delegated.
 * Its caller reference says that it is one, and of which run, so that it is found when its run is gone.
 */
export interface ScratchZone {
  /** Eight hexadecimal digits. */
  readonly run: string;
  readonly name: string;
  readonly id: string;
}

const REFERENCE = 'pawl-real-';
const BATCH = 100;

export function scratchName(run: string): string {
  return `pawl-${run}.example`;
}

export async function makeScratchZone(client: Route53Client, run: string): Promise<void> {
  await client.send(
    new CreateHostedZoneCommand({
      Name: scratchName(run),
      CallerReference: `${REFERENCE}${run}`,
      HostedZoneConfig: { Comment: 'A test of Pawl: npm run test:aws -- --real --clean-up removes it' },
    }),
  );
}

/** Every zone of the account that a run made and that is still there. Both its name and its caller reference say so. */
export async function scratchZones(client: Route53Client): Promise<readonly ScratchZone[]> {
  const found: ScratchZone[] = [];
  for await (const { HostedZones = [] } of paginateListHostedZones({ client }, {}))
    found.push(...HostedZones.flatMap((zone) => asScratch(zone) ?? []));
  return found;
}

function asScratch({ Name, Id, CallerReference = '' }: HostedZone): ScratchZone | undefined {
  const run = CallerReference.startsWith(REFERENCE) ? CallerReference.slice(REFERENCE.length) : '';
  if (Id === undefined || !/^[0-9a-f]{8}$/.test(run) || Name !== `${scratchName(run)}.`) return undefined;
  return { run, name: scratchName(run), id: Id.replace('/hostedzone/', '') };
}

/** Deletes the zone with everything in it: all of it is the run's. */
export async function removeScratchZone(client: Route53Client, { id, name }: ScratchZone): Promise<void> {
  const { records } = await zoneContents(id);
  const own = records.filter(({ Name, Type }) => Name !== `${name}.` || (Type !== 'NS' && Type !== 'SOA'));
  // Aliases before what they point at.
  own.sort((a, b) => Number(b.AliasTarget !== undefined) - Number(a.AliasTarget !== undefined));
  for (let at = 0; at < own.length; at += BATCH) {
    const Changes = own
      .slice(at, at + BATCH)
      .map((ResourceRecordSet): Change => ({ Action: 'DELETE', ResourceRecordSet }));
    await client.send(new ChangeResourceRecordSetsCommand({ HostedZoneId: id, ChangeBatch: { Changes } }));
  }
  await client.send(new DeleteHostedZoneCommand({ Id: id }));
}
