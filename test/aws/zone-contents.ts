import type { ResourceRecordSet } from '@aws-sdk/client-route-53';
import { ListResourceRecordSetsCommand, Route53Client } from '@aws-sdk/client-route-53';

/** A zone as Route 53 lists it: read with the SDK alone, by nothing of Pawl's. */
export interface ZoneContents {
  readonly records: readonly ResourceRecordSet[];
  /** One line a record set, in order, for comparisons. */
  readonly lines: readonly string[];
}

export async function zoneContents(zoneId: string): Promise<ZoneContents> {
  const client = new Route53Client({});
  const records: ResourceRecordSet[] = [];
  let start: {
    StartRecordName?: string;
    StartRecordType?: ResourceRecordSet['Type'];
    StartRecordIdentifier?: string;
  } = {};
  for (;;) {
    const page = await client.send(new ListResourceRecordSetsCommand({ HostedZoneId: zoneId, ...start }));
    records.push(...(page.ResourceRecordSets ?? []));
    if (page.IsTruncated !== true) break;
    start = {
      ...(page.NextRecordName === undefined ? {} : { StartRecordName: page.NextRecordName }),
      ...(page.NextRecordType === undefined ? {} : { StartRecordType: page.NextRecordType }),
      ...(page.NextRecordIdentifier === undefined
        ? {}
        : { StartRecordIdentifier: page.NextRecordIdentifier }),
    };
  }
  client.destroy();
  return { records, lines: records.map(line).sort() };
}

function line(record: ResourceRecordSet): string {
  const { AliasTarget: alias, ResourceRecords = [], SetIdentifier = '-', Weight = '-', TTL = '-' } = record;
  const values = ResourceRecords.map(({ Value }) => Value ?? '').sort();
  const answer =
    alias === undefined ? values.join(' ') : `ALIAS ${alias.HostedZoneId} ${plain(alias.DNSName)}`;
  return `${plain(record.Name)} ${record.Type} ${SetIdentifier} ${Weight} ${TTL} ${answer}`;
}

export function plain(name: string | undefined): string {
  return (name ?? '').toLowerCase().replace(/\.$/, '').replace('\\052', '*');
}

/** One answer that a client may get, with its weight; `name` is who answers: a tree's name. */
export interface Answer {
  readonly from: string;
  readonly weight: number;
  readonly values: readonly string[];
}

/** What a resolver would find at a root: through its alias to the records it points at. Empty: no answer. */
export function answersAt({ records }: ZoneContents, name: string, type: string): readonly Answer[] {
  const root = records.find((each) => plain(each.Name) === name && each.Type === type);
  if (root === undefined) return [];
  const tree = plain(root.AliasTarget?.DNSName ?? root.Name);
  return records
    .filter((each) => plain(each.Name) === tree && each.Type === type)
    .map((leaf) => ({
      from: tree,
      weight: leaf.Weight ?? 0,
      values:
        leaf.AliasTarget === undefined
          ? (leaf.ResourceRecords ?? []).map(({ Value }) => Value ?? '').sort()
          : [plain(leaf.AliasTarget.DNSName)],
    }))
    .sort((a, b) => (a.values.join() < b.values.join() ? -1 : 1));
}

/** As much of a plan as the zone is compared with. */
interface PlanDocument {
  readonly endpoints: readonly {
    readonly name: string;
    readonly tree: string;
    readonly leaves: readonly {
      readonly type: string;
      readonly weight: number;
      readonly values?: readonly string[];
      readonly alias?: { readonly name: string };
    }[];
  }[];
}

/** What is not in the zone as the plan has it, root by root and leaf by leaf. Empty when all of it is. */
export function differences(plan: PlanDocument, contents: ZoneContents): readonly string[] {
  return plan.endpoints.flatMap(({ name, tree, leaves }) =>
    [...new Set(leaves.map(({ type }) => type))].flatMap((type) => {
      const planned = leaves
        .filter((leaf) => leaf.type === type)
        .map(({ weight, values, alias }) => ({
          from: tree,
          weight,
          values: alias === undefined ? [...(values ?? [])].map(bare).sort() : [alias.name],
        }))
        .sort((a, b) => (a.values.join() < b.values.join() ? -1 : 1));
      const found = answersAt(contents, name, type).map((answer) => ({
        ...answer,
        values: answer.values.map(bare),
      }));
      const [said, stands] = [JSON.stringify(planned), JSON.stringify(found)];
      return said === stands ? [] : [`${name} ${type}: planned ${said}, found ${stands}`];
    }),
  );
}

function bare(value: string): string {
  return value.replace(/\.$/, '');
}

/** The fence of a cell, as it stands. */
export function fenceOf({ records }: ZoneContents, cell: string, zone: string): string {
  const record = records.find((each) => plain(each.Name) === `fence.${cell}._pawl.${zone}`);
  return record?.ResourceRecords?.[0]?.Value ?? '';
}
