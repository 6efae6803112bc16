import type { Fence } from '../../plan/fence.ts';
import { fenceRecord, formatFence, readFenceRecords } from '../../plan/fence.ts';
import { generation, seq } from '../../plan/generation.ts';
import { dnsName } from '../../plan/names.ts';
import { fenceName, ownedSubtree } from '../../plan/owned-names.ts';
import type { RecordSet } from '../../plan/records.ts';
import { HANDOVER_HANDS } from './handover-hands.ts';
import { OBSTACLES } from './obstacles.ts';
import type { Choose, Tampering, TamperingInput } from './tampering-input.ts';
import { isPawls, pawls, pick } from './tampering-input.ts';

type Kind = (input: TamperingInput, choose: Choose) => Tampering | undefined;

/** Every way of changing records. Their order never changes, because a list of choices names them by index. */
const KINDS: readonly Kind[] = [
  deleteRecord,
  alterRecord,
  retypeRecord,
  repointAlias,
  forgeFence,
  breakFence,
  removeFence,
  otherLedgersFence,
  addLeaf,
  addStray,
  addForeign,
  removeTree,
];

/** How many ways one cell has; those of a zone with more cells follow. */
export const KINDS_OF_ONE_CELL = KINDS.length;

/**
 * Chooses one change to what stands in the zone; undefined when the chosen kind of change finds no record to work on.
 */
export function chooseTampering(input: TamperingInput, choose: Choose): Tampering | undefined {
  const { surroundings, others } = input;
  if (others !== undefined) {
    const kind = choose(KINDS_OF_ONE_CELL + HANDOVER_HANDS.length);
    return kind < KINDS.length
      ? KINDS[kind]?.(input, choose)
      : HANDOVER_HANDS[kind - KINDS.length]?.({ ...input, others }, choose);
  }
  if (surroundings === undefined) return KINDS[choose(KINDS.length)]?.(input, choose);
  const kind = choose(KINDS.length + OBSTACLES.length);
  return kind < KINDS.length
    ? KINDS[kind]?.(input, choose)
    : OBSTACLES[kind - KINDS.length]?.({ ...input, surroundings }, choose);
}

function deleteRecord(input: TamperingInput, choose: Choose): Tampering | undefined {
  const record = pick(pawls(input), choose);
  return record && { what: `delete ${record.name} ${record.type}`, deletes: [record], creates: [] };
}

function alterRecord(input: TamperingInput, choose: Choose): Tampering | undefined {
  const record = pick(pawls(input), choose);
  if (record === undefined) return undefined;
  const altered: RecordSet =
    record.alias === undefined
      ? choose(2) === 0
        ? { ...record, ttl: (record.ttl ?? 60) + 1 }
        : { ...record, values: ['192.0.2.66'] }
      : { ...record, alias: { ...record.alias, evaluateTargetHealth: !record.alias.evaluateTargetHealth } };
  return { what: `alter ${record.name} ${record.type}`, deletes: [record], creates: [altered] };
}

function retypeRecord(input: TamperingInput, choose: Choose): Tampering | undefined {
  const record = pick(pawls(input), choose);
  if (record === undefined) return undefined;
  const { name } = record;
  const deletes = input.records.filter((other) => other.name === name && isPawls(other, input));
  const made: readonly RecordSet[] = [
    { name, type: 'CNAME', ttl: 5, values: ['elsewhere.example.org'] },
    { name, type: 'AAAA', ttl: 5, values: ['2001:db8::66'] },
    { name, type: 'A', ttl: 5, values: ['192.0.2.67', '192.0.2.68'] },
    { name, type: 'A', ttl: 5, values: ['192.0.2.69'], setIdentifier: 'by-hand', weight: 0 },
  ];
  return { what: `retype ${name}`, deletes, creates: made.slice(choose(made.length)).slice(0, 1) };
}

function repointAlias(input: TamperingInput, choose: Choose): Tampering | undefined {
  const root = pick(
    pawls(input).filter(({ alias }) => alias !== undefined),
    choose,
  );
  const target = pick(
    input.records.filter(({ type, alias }) => type === root?.type && alias === undefined),
    choose,
  );
  if (root?.alias === undefined || target === undefined) return undefined;
  const alias = { ...root.alias, name: target.name };
  return { what: `point ${root.name} at ${target.name}`, deletes: [root], creates: [{ ...root, alias }] };
}

function fenceThere({ scope, records }: TamperingInput): readonly RecordSet[] {
  return records.filter(({ name }) => name === fenceName(scope));
}

function knownFence(input: TamperingInput): Fence {
  const reading = readFenceRecords(fenceThere(input));
  if (reading.type === 'fence') return reading.fence;
  return {
    generation: generation(1),
    seq: seq(1),
    plan: '0123456789ab',
    frozen: false,
    ledger: input.ledger,
    by: 'somebody',
    nonce: 'byhand00',
  };
}

function forgeFence(input: TamperingInput, choose: Choose): Tampering {
  const before = knownFence(input);
  const generations = [
    1,
    before.generation,
    before.generation + 1,
    before.generation + 7,
    before.generation + 2_000_000,
  ];
  const forged: Fence = {
    ...before,
    generation: generation(generations[choose(generations.length)] ?? 1),
    seq: seq([1, before.seq, before.seq + 5][choose(3)] ?? 1),
    plan: choose(2) === 0 ? before.plan : 'badc0ffee000',
    frozen: choose(8) === 0,
    by: 'somebody',
    nonce: `forge${String(choose(1_000)).padStart(3, '0')}`,
  };
  return {
    what: `forge ${formatFence(forged)}`,
    deletes: fenceThere(input),
    creates: [fenceRecord(forged, input.scope)],
  };
}

function breakFence(input: TamperingInput, choose: Choose): Tampering {
  const name = fenceName(input.scope);
  const made: readonly RecordSet[] = [
    { name, type: 'TXT', ttl: 5, values: ['"v2 something else"'] },
    { name, type: 'TXT', ttl: 5, values: [formatFence(knownFence(input)), '"and another"'] },
    { name, type: 'TXT', ttl: 5, values: [formatFence(knownFence(input))], setIdentifier: 'one', weight: 1 },
    { name, type: 'CNAME', ttl: 5, values: ['elsewhere.example.org'] },
    { name, type: 'A', ttl: 5, values: ['192.0.2.99'] },
  ];
  return {
    what: 'break the fence',
    deletes: fenceThere(input),
    creates: made.slice(choose(made.length)).slice(0, 1),
  };
}

function removeFence(input: TamperingInput): Tampering {
  return { what: 'remove the fence', deletes: fenceThere(input), creates: [] };
}

function otherLedgersFence(input: TamperingInput, choose: Choose): Tampering | undefined {
  // This is rare on purpose: little more can be observed in a run after it.
  if (choose(4) !== 0) return undefined;
  const fence: Fence = { ...knownFence(input), ledger: '0badc0de', nonce: 'otherled' };
  return {
    what: 'the fence of another ledger',
    deletes: fenceThere(input),
    creates: [fenceRecord(fence, input.scope)],
  };
}

function addLeaf(input: TamperingInput, choose: Choose): Tampering | undefined {
  const leaf = pick(
    pawls(input).filter(({ weight }) => weight !== undefined),
    choose,
  );
  if (leaf === undefined) return undefined;
  const extra: RecordSet = { ...leaf, setIdentifier: 'by-hand', weight: 255 };
  return { what: `add a leaf to ${leaf.name}`, deletes: [], creates: [extra] };
}

function addStray(input: TamperingInput, choose: Choose): Tampering {
  const labels = ['rollback.gone', 'g000001.gone', 'g000099.api', 'r000007.api', 'nothing', 'a.b.c'];
  const name = dnsName(`${labels[choose(labels.length)]}.${ownedSubtree(input.scope)}`);
  return { what: `add ${name}`, deletes: [], creates: [{ name, type: 'A', ttl: 5, values: ['192.0.2.70'] }] };
}

function addForeign(input: TamperingInput, choose: Choose): Tampering {
  const { zone } = input.scope;
  const endpoint = pick(input.endpoints, choose) ?? zone;
  const number = choose(1_000);
  const made: readonly RecordSet[] = [
    { name: endpoint, type: 'TXT', ttl: 300, values: [`"note ${number}"`] },
    { name: endpoint, type: 'MX', ttl: 300, values: [`10 mail-${number}.example.org`] },
    { name: dnsName(`other-${number}.${zone}`), type: 'A', ttl: 300, values: ['198.51.100.1'] },
    { name: dnsName(`sub.${endpoint}`), type: 'CNAME', ttl: 300, values: ['elsewhere.example.org'] },
    { name: dnsName(`other-cell._pawl.${zone}`), type: 'TXT', ttl: 300, values: [`"cell ${number}"`] },
    foreignAlias(input, number, choose),
  ];
  return { what: 'add a foreign record', deletes: [], creates: made.slice(choose(made.length)).slice(0, 1) };
}

/** An alias of somebody else that points at one of the cell's trees. It must keep the tree from being deleted. */
function foreignAlias(input: TamperingInput, number: number, choose: Choose): RecordSet {
  const target = pick(
    pawls(input).filter(({ alias, type }) => alias === undefined && type === 'A'),
    choose,
  );
  const name = dnsName(`alias-${number}.${input.scope.zone}`);
  if (target === undefined) return { name, type: 'A', ttl: 300, values: ['198.51.100.2'] };
  return {
    name,
    type: 'A',
    alias: { zoneId: input.scope.zoneId, name: target.name, evaluateTargetHealth: true },
  };
}

function removeTree(input: TamperingInput, choose: Choose): Tampering | undefined {
  const leaf = pick(
    pawls(input).filter(({ weight }) => weight !== undefined),
    choose,
  );
  if (leaf === undefined) return undefined;
  const deletes = input.records.filter(({ name }) => name === leaf.name);
  return { what: `remove ${leaf.name}`, deletes, creates: [] };
}
