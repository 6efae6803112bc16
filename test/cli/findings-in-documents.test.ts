import { expect, it } from 'vitest';
import type { Rehearsal } from './rehearsal.ts';
import { converged, fleetText } from './rehearsal.ts';

/** A document shows a finding to programs, which want its data, and to people, who want its sentence. */
const HELD = {
  code: 'capacity-removed',
  severity: 'held',
  subject: 'api.example.test',
  removedPermille: 500,
  withinWindowPermille: 500,
  windowS: 600,
  limitPercent: 34,
  message: 'api.example.test would lose 50.0 % of its capacity, 50.0 % within 600 s, more than 34 %.',
};

async function document(stage: Rehearsal, line: string): Promise<unknown> {
  return JSON.parse((await stage.pawl(`${line} --json`)).out);
}

it('a finding of the planner has its data and its sentence, before and after it is in the log', async () => {
  const stage = await converged();
  expect(await document(stage, 'target drain api-1 --hold --yes')).toMatchObject({
    cells: [{ keptBack: [{ findings: [HELD] }] }],
  });
  const outcome = { type: 'unchanged', keptBack: [{ findings: [HELD] }] };
  expect(await document(stage, 'plan')).toMatchObject({ cells: [{ outcome }] });
  await stage.pawl('plan --append');
  expect(await document(stage, 'plan approve use1-a --dry-run')).toMatchObject({
    waiting: [{ findings: [HELD] }],
  });
  expect(await document(stage, 'status')).toMatchObject({ cells: [{ keptBack: [{ findings: [HELD] }] }] });
  expect(await document(stage, 'explain api.example.test')).toMatchObject({ keptBack: { findings: [HELD] } });
});

it("a finding about a person's plan has its data and its sentence", async () => {
  const stage = await converged();
  const path = await stage.file('fleet.yaml', fleetText({ capacity: 300 }));
  await stage.pawl(`fleet push ${path} --yes`);
  await stage.pawl('plan --append');
  await stage.pawl('enact use1-a');
  expect(await document(stage, 'rollback use1-a --dry-run')).toMatchObject({
    findings: [{ ...HELD, severity: 'note' }],
  });
});
