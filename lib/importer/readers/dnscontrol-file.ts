import { z } from 'zod';
import { integer, text } from '../../fleet/shapes.ts';
import type { DnsName } from '../../plan/names.ts';
import { dnsName, dnsNameProblem } from '../../plan/names.ts';
import type { RecordSet } from '../../plan/records.ts';
import { ANSWER_TYPES } from '../answer-nodes.ts';
import type { Unexpressed } from '../described-zone.ts';
import type { AskedZone, DeclaredZone, DeclaredZones, GivenFile } from './declared-zone.ts';
import { inBounds, parseJson, shapeMistakes } from './file-mistakes.ts';
import type { SingleRecord } from './grouped-records.ts';
import { groupedRecords } from './grouped-records.ts';
import { asciiName } from './idn-name.ts';

// What `dnscontrol print-ir` prints (models/domain.go and models/record.go of DNSControl), as far as an endpoint can have
// it. Every error text is a noun phrase that completes "use …" or "add …", as in lib/fleet/shapes.ts.

const record = z.looseObject(
  {
    type: text('a record type, such as A'),
    name: text('a name without the domain, or @'),
    target: z.string({ error: 'what the record answers' }).optional(),
    ttl: integer(0, 4_294_967_295, 'whole seconds').optional(),
    r53_alias: z
      .looseObject(
        {
          type: text('the type of record that it is an alias to'),
          zone_id: z.string({ error: 'the id of a hosted zone' }).optional(),
          evaluate_target_health: z.string({ error: '"true" or "false"' }).optional(),
        },
        { error: 'a map with type' },
      )
      .optional(),
  },
  { error: 'a map with type and name' },
);

const domain = z.looseObject(
  {
    name: text('the name of a domain'),
    tag: z.string({ error: 'a tag' }).optional(),
    meta: z.record(z.string(), z.string({ error: 'a text' }), { error: 'a map of texts' }).nullish(),
    records: z.array(record, { error: 'a list of records' }).nullish(),
    rawrecords: z
      .array(z.looseObject({ type: text('a record type') }), { error: 'a list of records' })
      .nullish(),
  },
  { error: 'a map with name and records' },
);

const irSchema = z.looseObject(
  { domains: z.array(domain, { error: 'a list of domains' }) },
  { error: 'the JSON that "dnscontrol print-ir" prints' },
);

type IrDomain = z.output<typeof domain>;
type IrRecord = z.output<typeof record>;

/** DNSControl's own, where neither the record nor the domain says another. Seconds. */
const DEFAULT_TTL_S = 300;

const ANSWERS: ReadonlySet<string> = new Set(ANSWER_TYPES);
/** What no zone of Route 53 holds, because it is another provider's or answered by DNSControl's provider itself. */
const ELSEWHERE = /^(ALIAS|URL|URL301|FRAME|[A-Z0-9]+_[A-Z0-9_]+)$/;

/** Reads the JSON of `dnscontrol print-ir`: every domain of it is a zone. Pure; never throws. */
export function readDnsControl(files: readonly GivenFile[], asked: AskedZone): DeclaredZones {
  const zones: DeclaredZone[] = [];
  const mistakes = files.flatMap(({ path, text: json }) => {
    const parsed = parseJson(json);
    if ('mistake' in parsed) return [`${path}: ${parsed.mistake}`];
    const ir = irSchema.safeParse(parsed.value);
    if (!ir.success) {
      const found = shapeMistakes(ir.error.issues, parsed.value).map(({ message }) => `${path}: ${message}`);
      return inBounds(found, path);
    }
    // Nobody has to mend the domains that nobody asked for.
    const wanted = ir.data.domains.filter(
      ({ name }) => asked.name === undefined || bareName(name).toLowerCase() === asked.name,
    );
    const readings = (wanted.length === 0 ? ir.data.domains : wanted).map((each) => readDomain(each));
    zones.push(...readings.flatMap((reading) => (typeof reading === 'string' ? [] : [reading])));
    return readings.flatMap((reading) => (typeof reading === 'string' ? [`${path}: ${reading}`] : []));
  });
  return mistakes.length > 0 ? { type: 'invalid', mistakes } : { type: 'zones', zones };
}

/** @returns what is wrong with the domain, where something is. */
function readDomain({ name, tag, meta, records, rawrecords }: IrDomain): DeclaredZone | string {
  const bare = bareName(name);
  const problem = dnsNameProblem(bare);
  if (problem !== undefined) return `The domain ${JSON.stringify(name)} is no DNS name: ${problem}.`;
  const zone = dnsName(bare);
  const singles: SingleRecord[] = [];
  const aliases: RecordSet[] = [];
  const left: Unexpressed[] = (rawrecords ?? []).map(({ type }) => ({
    ...{ name: zone, type },
    reason: 'it is not resolved yet: give what "dnscontrol print-ir" prints without --raw',
  }));
  for (const each of records ?? []) {
    const text = each.name === '@' ? zone : `${asciiName(each.name)}.${zone}`;
    const why = dnsNameProblem(text);
    if (why !== undefined) return `The name ${JSON.stringify(each.name)} of ${zone} is no DNS name: ${why}.`;
    const reading = readRecord(dnsName(text), each, zone);
    if (typeof reading === 'string')
      left.push({ name: dnsName(text), type: leftType(each), reason: reading });
    else if ('value' in reading) singles.push(reading);
    else aliases.push(reading);
  }
  const { records: sets, remarks } = groupedRecords(singles);
  const id = meta?.['zone_id'];
  const tagged = tag ?? name.split('!')[1] ?? meta?.['dnscontrol_tag'];
  return {
    ...{ name: zone, inner: new Set<DnsName>(), left, remarks },
    records: [...sets, ...aliases],
    ...(id === undefined || id === '' ? {} : { id }),
    ...(tagged === undefined || tagged === '' ? {} : { tag: tagged }),
  };
}

/** A domain may be called by its name and its tag, which tells it from others of the name: `example.com!inside`. */
function bareName(name: string): string {
  return asciiName(name.split('!')[0] ?? name);
}

/** An alias that cannot be made stands for the records that it would answer with. */
function leftType({ type, r53_alias: alias }: IrRecord): string {
  return alias?.type ?? type;
}

/** @returns why there is no record of it, where there is none. */
function readRecord(name: DnsName, each: IrRecord, zone: DnsName): SingleRecord | RecordSet | string {
  const { type, target = '', ttl = 0, r53_alias: alias } = each;
  if (type === 'R53_ALIAS') {
    const to = fullTarget(target, zone);
    if (alias === undefined || to === undefined) return `its target ${JSON.stringify(target)} is no DNS name`;
    const evaluateTargetHealth = alias.evaluate_target_health === 'true';
    return {
      ...{ name, type: alias.type },
      alias: { zoneId: alias.zone_id ?? '', name: to, evaluateTargetHealth },
    };
  }
  if (ELSEWHERE.test(type)) return `Route 53 has no records of type ${type}`;
  const single = { name, type, ttl: ttl === 0 ? DEFAULT_TTL_S : ttl };
  if (!ANSWERS.has(type)) return { ...single, value: target };
  if (target === '') return 'it has no target';
  if (type !== 'CNAME') return { ...single, value: target };
  const to = fullTarget(target, zone);
  return to === undefined
    ? `its target ${JSON.stringify(target)} is no name with a full stop behind it, as DNSControl wants it`
    : { ...single, value: `${to}.` };
}

/** A target is whole with a full stop behind it. Without one it is a name of the zone, as long as it has no dot. */
function fullTarget(given: string, zone: DnsName): DnsName | undefined {
  const target = asciiName(given);
  if (target === '@') return zone;
  if (target.includes('.') && !target.endsWith('.')) return undefined;
  const text = target.endsWith('.') ? target : `${target}.${zone}`;
  return dnsNameProblem(text) === undefined ? dnsName(text) : undefined;
}
