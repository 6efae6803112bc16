import { expect, it } from 'vitest';
import { finish } from '../support/drive.ts';
import { applyNewest, worldWithPlanToApply } from '../support/scenario.ts';

it('says in one sentence that a tree stays as it is at which a hand put more than one batch can replace', async () => {
  const world = await worldWithPlanToApply();
  await applyNewest(world, 'enactor-2');
  const leaf = world.records().find(({ name, type }) => name.startsWith('g000002.api.') && type === 'A');
  if (leaf === undefined) throw new Error('the tree is not there');
  for (let extra = 0; extra < 5; extra += 1) {
    const values = Array.from({ length: 240 }, (_, index) => `10.${extra}.0.${index}`);
    world.tamper([{ action: 'CREATE', record: { ...leaf, setIdentifier: `by-hand-${extra}`, values } }]);
  }
  const before = world.records();
  await world.startEnactor('enactor-sweep', 'sweep');
  expect(await finish(world, 'enactor-sweep')).toMatchObject({
    type: 'blocked',
    endpoints: [
      {
        name: 'api.example.test',
        reason: expect.stringMatching(
          /^More stands at g000002\.api\.use1-a\._pawl\.example\.test than one batch can replace/,
        ),
      },
    ],
  });
  expect(world.records()).toEqual(before);
});
