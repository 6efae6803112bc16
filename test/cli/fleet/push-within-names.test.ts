import { expect, it } from 'vitest';
import { cellName } from '../../../lib/plan/names.ts';
import { fleetText, rehearsal } from '../rehearsal.ts';

const CELL = cellName('use1-a');

it.each(['--yes', '--dry-run'])(
  'a push with %s is refused for a name that the functions of the stack may not write',
  async (flag) => {
    const { file, pawl, ledger } = await rehearsal();
    const extra = ['shop', '"*"'].map(
      (label) =>
        `      ${label.replace(/(\w+|\*)/, '$1.example.test')}: { kind: addresses, targets: [api-1, api-2] }\n`,
    );
    const path = await file('fleet.yaml', fleetText({ extra: extra.join('') }));
    const deployedNames = new Map([[CELL, ['api.example.test', 'w*.example.test']]]);
    const { exit, err } = await pawl(`fleet push ${path} ${flag}`, { world: { deployedNames } });
    expect(exit).toBe(1);
    expect(err).toContain(
      'The functions of the stack may not write *.example.test, shop.example.test in the cell use1-a. Deploy with this fleet file',
    );
    expect((await ledger.head(CELL)).number).toBe(0);
  },
);

it.each([
  ['whose names are all covered', new Map([[CELL, ['*.example.test']]])],
  ['of which the stack says no names', new Map()],
])('a push is taken for a cell %s', async (_what, deployedNames) => {
  const { file, pawl, ledger } = await rehearsal();
  const path = await file('fleet.yaml', fleetText());
  expect((await pawl(`fleet push ${path} --yes`, { world: { deployedNames } })).exit).toBe(0);
  expect((await ledger.head(CELL)).state.fleet?.zone).toBe('example.test');
});
