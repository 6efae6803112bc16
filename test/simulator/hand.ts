import type { Fence } from '../../lib/plan/fence.ts';
import { fenceRecord, readFenceRecords } from '../../lib/plan/fence.ts';
import { generation, seq } from '../../lib/plan/generation.ts';
import { dnsName } from '../../lib/plan/names.ts';
import type { CellScope } from '../../lib/plan/owned-names.ts';
import { fenceName } from '../../lib/plan/owned-names.ts';
import type { RecordSet } from '../../lib/plan/records.ts';
import { create, remove } from '../../lib/plan/records.ts';
import type { Preparation } from '../../lib/simulator/engine/scenario.ts';

/** A change of the zone by hand before a workflow begins. */
type ByHand = Preparation & { readonly type: 'tamper' };

const API = dnsName('api.example.test');
const WEB = dnsName('web.example.test');
const LEAF_TTL_S = 60;

/** Gives the leaf of api's live tree another TTL. */
export const ALTERED_LEAF: ByHand = leafWithTtl(61);
/** Gives the leaf its right TTL again. */
export const MENDED_LEAF: ByHand = leafWithTtl(LEAF_TTL_S);

/** Deletes the root of api. */
export const DELETED_ROOT: ByHand = { type: 'tamper', changes: (_, there) => [remove(rootIn(there))] };

/** Points the root of api at the tree that its rollback root points at. */
export const ROOT_PUT_BACK: ByHand = {
  type: 'tamper',
  changes: (_, there) => {
    const root = rootIn(there);
    const rollback = found(there, ({ name }) => name.startsWith('rollback.api.'));
    return [remove(root), create({ ...root, ...(rollback.alias && { alias: rollback.alias }) })];
  },
};

/** Creates a record at the name of web, which is declared and not Pawl's yet. */
export const WEB_TAKEN: ByHand = {
  type: 'tamper',
  changes: () => [create({ name: WEB, type: 'A', ttl: 300, values: ['198.51.100.9'] })],
};

/** Route 53 refuses every change of the root of api from now on. */
export const PROTECTED_ROOT: Preparation = {
  type: 'hinder',
  hindrance: { type: 'protect', name: API, recordType: 'A' },
};

/** The zone has no room for another tree, and nobody has told the log. */
export const LOWER_LIMIT: Preparation = { type: 'hinder', hindrance: { type: 'limit', records: 11 } };

export const MISSING_FENCE: ByHand = {
  type: 'tamper',
  changes: (scope, there) => [remove(fenceIn(scope, there))],
};

/** The zone as it stands after a restore of the ledger from a backup. */
export const FENCE_AHEAD: ByHand = forged((fence) => ({
  ...fence,
  generation: generation(fence.generation + 7),
  seq: seq(fence.seq + 9),
  plan: 'badc0ffee000',
}));

/** The same, where no plan was lost: the fence names an event that the ledger does not have any more. */
export const EVENTS_LOST: ByHand = forged((fence) => ({
  ...fence,
  head: { number: 900, digits: 'badc0ffee000' },
}));

/** The zone as it stands after its own restore from a backup. */
export const FENCE_BEHIND: ByHand = forged((fence) => ({ ...fence, seq: seq(fence.seq - 2) }));

export const OTHER_LEDGERS_FENCE: ByHand = forged((fence) => ({ ...fence, ledger: '0badc0de' }));

function forged(forge: (fence: Fence) => Fence): ByHand {
  return {
    type: 'tamper',
    changes: (scope, there) => {
      const reading = readFenceRecords([fenceIn(scope, there)]);
      if (reading.type !== 'fence') throw new Error('there is no fence to forge');
      const fence = forge({ ...reading.fence, by: 'somebody', nonce: 'byhand00' });
      return [remove(fenceIn(scope, there)), create(fenceRecord(fence, scope))];
    },
  };
}

function leafWithTtl(ttl: number): ByHand {
  return {
    type: 'tamper',
    changes: (_, there) => {
      const tree = rootIn(there).alias?.name;
      const leaf = found(there, ({ name }) => name === tree);
      return [remove(leaf), create({ ...leaf, ttl })];
    },
  };
}

function rootIn(there: readonly RecordSet[]): RecordSet {
  return found(there, ({ name, alias }) => name === API && alias !== undefined);
}

function fenceIn(scope: CellScope, there: readonly RecordSet[]): RecordSet {
  return found(there, ({ name }) => name === fenceName(scope));
}

function found(there: readonly RecordSet[], is: (record: RecordSet) => boolean): RecordSet {
  const record = there.find(is);
  if (record === undefined) throw new Error('the zone does not hold what a hand reaches for');
  return record;
}
