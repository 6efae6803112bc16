import { expect, test } from 'vitest';
import { fleetText, rehearsal } from '../rehearsal.ts';

/** The fleet with multivalue answers of `api`, or of one branch of it. */
function fleetWith(route: string): string {
  return fleetText().replace('kind: addresses, targets: [api-1, api-2]', `kind: addresses, route: ${route}`);
}

/** A cell in which `api` was weighted, then had this route. */
async function changedTo(route: string) {
  const stage = await rehearsal();
  for (const text of [fleetText(), fleetWith(route)]) {
    const path = await stage.file('fleet.yaml', text);
    expect((await stage.pawl(`fleet push ${path} --yes`)).exit).toBe(0);
    await stage.pawl('plan --append');
    expect((await stage.pawl('enact use1-a')).exit).toBe(0);
  }
  return stage;
}

test('explain says that answers are multivalue, and shows no weights of them', async () => {
  const { pawl } = await changedTo('{ targets: [api-1, api-2], answer: multivalue }');
  const { out } = await pawl('explain api.example.test');
  expect(out).toMatch(/^api-1 +az1 +A +multivalue +192\.0\.2\.1 +multivalue, whatever its capacity$/m);
  expect(out).not.toContain('the largest is');
  const { out: text } = await pawl('explain api.example.test --json');
  expect(JSON.parse(text)).toMatchObject({
    targets: [{ records: [{ answers: 'multivalue' }] }, { records: [{ answers: 'multivalue' }] }],
  });
});

test('plan diff says that the answer became multivalue, in place of weights', async () => {
  const { pawl } = await changedTo('{ targets: [api-1, api-2], answer: multivalue }');
  const { out } = await pawl('plan diff use1-a@1 @2');
  expect(out).toMatch(/^api\.example\.test +changed +api-1 +A +255 +multivalue +-$/m);
  expect(out).toContain('api.example.test: answer weighted -> multivalue\n');
  const { out: back } = await pawl('plan diff use1-a@2 @1');
  expect(back).toMatch(/^api\.example\.test +changed +api-1 +A +multivalue +255 +-$/m);
  expect(back).toContain('api.example.test: answer multivalue -> weighted\n');
  const { out: text } = await pawl('plan diff use1-a@1 @2 --json');
  expect(JSON.parse(text)).toMatchObject({
    endpoints: [
      {
        answers: [{ before: 'weighted', after: 'multivalue' }],
        leaves: [{ multivalueAfter: true }, { multivalueAfter: true }],
      },
    ],
  });
});

test('of branches, only those that are multivalue', async () => {
  const { pawl } = await changedTo(
    '{ latency: { eu-west-1: { targets: [api-1], answer: multivalue }, us-east-1: { targets: [api-2] } } }',
  );
  const { out } = await pawl('explain api.example.test');
  expect(out).toMatch(/^api-1 in eu-west-1 +az1 +A +multivalue +192/m);
  expect(out).toMatch(/^api-2 in us-east-1 +az2 +A +255 +192\.0\.2\.2 +capacity 100, the largest is 100$/m);
});
