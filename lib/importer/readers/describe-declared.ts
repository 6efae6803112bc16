import { canonicalJson } from '../../plan/canonical.ts';
import type { DnsName } from '../../plan/names.ts';
import { isWithin } from '../../plan/names.ts';
import type { RecordSet } from '../../plan/records.ts';
import { ANSWER_TYPES } from '../answer-nodes.ts';
import type { DescribeOptions } from '../describe-zone.ts';
import { describeZone } from '../describe-zone.ts';
import type { DescribedZone, ImportedZone, Unexpressed } from '../described-zone.ts';
import { recordRouting } from '../record-routing.ts';
import type { DeclaredZone } from './declared-zone.ts';

const ANSWERS: ReadonlySet<string> = new Set(ANSWER_TYPES);
/** What may stand beside a CNAME record: what signs it (RFC 4034, 3 and 4), and what did so before (RFC 2181, 10.1). */
const BESIDE_CNAME: ReadonlySet<string> = new Set(['RRSIG', 'NSEC', 'SIG', 'NXT', 'KEY']);

/**
 * The fleet file that answers as another tool's files say (docs/adr/0075-other-tools-files.md). What a hosted zone could
 * never hold is left out with the reason: a file has such records, a zone that was read does not. Pure.
 */
export function describeDeclared(
  declared: DeclaredZone,
  options: Omit<DescribeOptions, 'inner' | 'left' | 'remarks'>,
): DescribedZone {
  const zone: ImportedZone = { name: declared.name, id: declared.id ?? '' };
  const records = declared.records.map((record) => inOwnZone(record, zone));
  const left = [...declared.left, ...outside(records, zone), ...clashes(records)];
  const isAnswer = ({ type }: { readonly type: string }) => ANSWERS.has(type);
  // An endpoint is all of a name's addresses: none of them is taken without the others.
  const culprits = new Map(left.filter(isAnswer).map(({ name, type }) => [name, type]));
  const beside = records.flatMap(({ name, type }) => {
    const culprit = culprits.get(name);
    const isListed = left.some((each) => each.name === name && each.type === type);
    if (culprit === undefined || isListed || !ANSWERS.has(type)) return [];
    const reason = `an endpoint is all of a name's addresses, and its ${culprit} record cannot be described`;
    return [{ name, type, reason }];
  });
  const isLeft = (record: RecordSet) =>
    !isWithin(record.name, zone.name) || (isAnswer(record) && culprits.has(record.name));
  return describeZone(
    records.filter((record) => !isLeft(record)),
    zone,
    {
      ...options,
      inner: declared.inner,
      left: onceEach([...left, ...beside]),
      remarks: declared.remarks,
    },
  );
}

/** An alias to the zone itself may say so by its id, or say nothing. */
function inOwnZone(record: RecordSet, zone: ImportedZone): RecordSet {
  const { alias } = record;
  return alias === undefined || alias.zoneId !== ''
    ? record
    : { ...record, alias: { ...alias, zoneId: zone.id } };
}

function outside(records: readonly RecordSet[], zone: ImportedZone): readonly Unexpressed[] {
  return records
    .filter(({ name }) => !isWithin(name, zone.name))
    .map(({ name, type }) => ({ name, type, reason: `it is not in the zone ${zone.name}` }));
}

/** Records that exclude each other. */
function clashes(records: readonly RecordSet[]): readonly Unexpressed[] {
  const names = new Map<DnsName, RecordSet[]>();
  for (const record of records) {
    const there = names.get(record.name);
    if (there === undefined) names.set(record.name, [record]);
    else there.push(record);
  }
  return [...names].flatMap(([name, there]) => {
    const types = [...new Set(there.map(({ type }) => type))];
    const excluding = types.filter((type) => !BESIDE_CNAME.has(type));
    const alone = types.includes('CNAME') && excluding.length > 1;
    return types.flatMap((type): readonly Unexpressed[] => {
      const reason =
        alone && ANSWERS.has(type)
          ? `it has a CNAME record and records of other types (${excluding.join(', ')}), which exclude each other`
          : clash(there.filter((record) => record.type === type));
      return reason === undefined ? [] : [{ name, type, reason }];
    });
  });
}

/** Why records of one name and type cannot stand side by side; undefined when they can. */
function clash(records: readonly RecordSet[]): string | undefined {
  const [first, ...others] = records;
  if (first === undefined || others.length === 0) return undefined;
  if (!ANSWERS.has(first.type)) return undefined;
  if (records.some(({ setIdentifier }) => setIdentifier === undefined))
    return 'it is declared more than once, and not all of them have a set identifier';
  if (new Set(records.map(({ setIdentifier }) => setIdentifier)).size < records.length)
    return 'two of its records have the same set identifier';
  const routings = records.map(recordRouting);
  const policies = new Set(
    routings.flatMap((routing) => (typeof routing === 'string' ? [] : [routing.policy])),
  );
  if (policies.size > 1)
    return `its records are routed by ${[...policies].join(' and ')}, and a name of one type has one policy`;
  if (policies.has('weighted') || policies.has('multivalue')) return undefined;
  const ways = routings.map((routing) => (typeof routing === 'string' ? routing : canonicalJson(routing)));
  return new Set(ways).size < ways.length ? 'two of its records are for the same clients' : undefined;
}

function onceEach(found: readonly Unexpressed[]): readonly Unexpressed[] {
  const seen = new Set<string>();
  return found.filter((each) => {
    const key = canonicalJson({ ...each });
    return seen.has(key) ? false : seen.add(key) !== undefined;
  });
}
