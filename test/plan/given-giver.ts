import type { Fence } from '../../lib/plan/fence.ts';
import { fenceRecord } from '../../lib/plan/fence.ts';
import { generation, seq } from '../../lib/plan/generation.ts';
import type { DnsName } from '../../lib/plan/names.ts';
import { cellName } from '../../lib/plan/names.ts';
import { offerRecord } from '../../lib/plan/offers.ts';
import type { CellScope } from '../../lib/plan/owned-names.ts';
import { rollbackName, treeName } from '../../lib/plan/owned-names.ts';
import { aliasTo } from '../../lib/plan/plan.ts';
import type { RecordSet } from '../../lib/plan/records.ts';
import { SCOPE } from './arbitrary-names.ts';

/** Another cell of the zone of SCOPE, which gives it endpoints. */
export const GIVER: CellScope = { ...SCOPE, cell: cellName('euw1-a') };
/** The identity of the ledger of the cell that takes. */
export const TAKERS_LEDGER = '5be1c07a';

export const GIVERS_FENCE: Fence = {
  ...{ generation: generation(7), seq: seq(40), plan: '9f3c2a71b0de', frozen: false },
  ...{ ledger: '0123abcd', by: 'enactor-c', nonce: 'cccccccc' },
};

/** The root of an endpoint at the giver's tree 7. */
export function giversRoot(name: DnsName, type = 'A'): RecordSet {
  return aliasTo(name, type, treeName('g000007', name, GIVER), GIVER);
}

/** What stands there of an endpoint that the giver offers to the cell of SCOPE, its fence included; without trees. */
export function offeredThere(name: DnsName): readonly RecordSet[] {
  return [
    fenceRecord(GIVERS_FENCE, GIVER),
    giversRoot(name),
    { ...giversRoot(name), name: rollbackName(name, GIVER) },
    offerRecord({ name, to: SCOPE.cell, ledger: TAKERS_LEDGER }, GIVER),
  ];
}
