import type { DnsName } from '../../plan/names.ts';
import { isWithin } from '../../plan/names.ts';
import { offerRecord } from '../../plan/offers.ts';
import type { CellScope } from '../../plan/owned-names.ts';
import { endpointLabels, ownedSubtree, parseOwnedName } from '../../plan/owned-names.ts';
import type { RecordSet } from '../../plan/records.ts';
import type { Choose, Tampering, TamperingInput } from './tampering-input.ts';
import { pick } from './tampering-input.ts';

/** A zone in which the hand's cell is not alone. */
type Input = TamperingInput & { readonly others: readonly CellScope[] };
type Kind = (input: Input, choose: Choose) => Tampering | undefined;

/**
 * Every way of changing what a handover rests on, besides the records of one cell. A list of choices names them by index,
 * after the ways that one cell has: their order never changes.
 */
export const HANDOVER_HANDS: readonly Kind[] = [
  deleteOffer,
  alterOffer,
  forgeOffer,
  moveRoot,
  deleteStagedTree,
  deleteRollback,
  deleteRoot,
];

function kindOf({ name }: RecordSet, scope: CellScope): string | undefined {
  return parseOwnedName(name, scope)?.kind;
}

function offersIn({ records, scope }: Input): readonly RecordSet[] {
  return records.filter((record) => kindOf(record, scope) === 'offer');
}

function deleteOffer(input: Input, choose: Choose): Tampering | undefined {
  const offer = pick(offersIn(input), choose);
  return offer && { what: `delete the offer ${offer.name}`, deletes: [offer], creates: [] };
}

/** To another ledger, to a cell that there is not, to nobody who could read it, or by its TTL alone. */
function alterOffer(input: Input, choose: Choose): Tampering | undefined {
  const offer = pick(offersIn(input), choose);
  const [other] = input.others;
  if (offer === undefined || other === undefined) return undefined;
  const values = [
    `"v1 to=${other.cell} ledger=0badc0de"`,
    `"v1 to=gone ledger=${input.ledger}"`,
    '"v9 something else"',
  ];
  const drawn = values[choose(values.length + 1)];
  const altered: RecordSet = drawn === undefined ? { ...offer, ttl: 300 } : { ...offer, values: [drawn] };
  return { what: `alter the offer ${offer.name}`, deletes: [offer], creates: [altered] };
}

/** An offer that the cell's log may know nothing of, of any endpoint and to any other cell. */
function forgeOffer(input: Input, choose: Choose): Tampering | undefined {
  const name = pick(input.endpoints, choose);
  const to = pick(input.others, choose)?.cell;
  if (name === undefined || to === undefined) return undefined;
  const forged = offerRecord({ name, to, ledger: input.ledger }, input.scope);
  const deletes = input.records.filter((record) => record.name === forged.name);
  return { what: `forge the offer ${forged.name}`, deletes, creates: [forged] };
}

function rootIn({ records }: Input, name: DnsName | undefined): RecordSet | undefined {
  return records.find((record) => record.name === name && record.alias !== undefined);
}

/** The root of an endpoint goes to a tree of the hand's cell, whoever has it. */
function moveRoot(input: Input, choose: Choose): Tampering | undefined {
  const { scope } = input;
  const root = rootIn(input, pick(input.endpoints, choose));
  if (root?.alias === undefined) return undefined;
  const labels = endpointLabels(root.name, scope);
  const isTree = ({ name, type, alias }: RecordSet): boolean => {
    const owned = parseOwnedName(name, scope);
    return owned?.kind === 'tree' && owned.endpoint === labels && type === root.type && alias === undefined;
  };
  const tree = pick(input.records.filter(isTree), choose);
  if (tree === undefined) return undefined;
  const moved = { ...root, alias: { ...root.alias, name: tree.name } };
  return { what: `point ${root.name} at ${tree.name}`, deletes: [root], creates: [moved] };
}

/** A tree that no alias points at: staged, or left. */
function deleteStagedTree(input: Input, choose: Choose): Tampering | undefined {
  const { records, scope } = input;
  const pointed = new Set(records.flatMap(({ alias }) => alias?.name ?? []));
  const trees = records.filter((record) => kindOf(record, scope) === 'tree' && !pointed.has(record.name));
  const tree = pick(trees, choose)?.name;
  const deletes = records.filter(({ name }) => name === tree);
  return tree && { what: `delete the tree ${tree}`, deletes, creates: [] };
}

function deleteRollback(input: Input, choose: Choose): Tampering | undefined {
  const { records, scope } = input;
  const rollback = pick(
    records.filter((record) => kindOf(record, scope) === 'rollback'),
    choose,
  );
  return rollback && { what: `delete ${rollback.name}`, deletes: [rollback], creates: [] };
}

/** The root of an endpoint that the hand's cell has. */
function deleteRoot(input: Input, choose: Choose): Tampering | undefined {
  const { records, scope, endpoints } = input;
  const isOurs = ({ name, alias }: RecordSet): boolean =>
    alias !== undefined && endpoints.includes(name) && isWithin(alias.name, ownedSubtree(scope));
  const root = pick(records.filter(isOurs), choose);
  return root && { what: `delete the root ${root.name}`, deletes: [root], creates: [] };
}
