import { expect, test } from 'vitest';
import { fleetText, rehearsal } from '../rehearsal.ts';

const SAID = 'answers are not asked: private zone';

test('a cell in a private zone is applied like any other, and nobody says that its answers were asked', async () => {
  const stage = await rehearsal();
  stage.makePrivate();
  const file = await stage.file('fleet.yaml', fleetText());
  await stage.pawl(`fleet push ${file} --yes`);
  await stage.pawl('plan --append');
  await stage.pawl('enact use1-a');
  const status = await stage.pawl('status');
  expect(status).toMatchObject({ exit: 0, out: expect.stringContaining(SAID) });
  const audit = await stage.pawl('audit');
  expect(audit).toMatchObject({ exit: 0, out: expect.stringContaining(SAID) });
  expect(audit.out).toContain('not asked');
  const document = JSON.parse((await stage.pawl('audit --json')).out);
  expect(document.cells[0].outcome.report).toMatchObject({ private: true, asked: 0, empty: [] });
});

test('a private zone is read for import as any other', async () => {
  const stage = await rehearsal();
  stage.makePrivate();
  const imported = await stage.pawl('import --zone example.test --cell use1-a');
  expect(imported.err).not.toContain('private');
});
