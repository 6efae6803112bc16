import { expect, it } from 'vitest';
import { dnsName } from '../../lib/plan/names.ts';
import { ownedSubtree, parseOwnedName } from '../../lib/plan/owned-names.ts';
import { SCOPE } from './arbitrary-names.ts';

it.each(['rollbackx', 'g0000010', 'fencex', 'rollback', 'g000001', 'x.api', 'fence.api'])(
  'takes %s below its subtree for nothing that it made',
  (relative) => {
    expect(parseOwnedName(dnsName(`${relative}.${ownedSubtree(SCOPE)}`), SCOPE)).toEqual({ kind: 'stray' });
  },
);

it('takes its subtree itself for a stray name, and one beside it for foreign', () => {
  expect(parseOwnedName(ownedSubtree(SCOPE), SCOPE)).toEqual({ kind: 'stray' });
  expect(parseOwnedName(dnsName(`x${ownedSubtree(SCOPE)}`), SCOPE)).toBe(undefined);
});
