import { expect, it } from 'vitest';
import { audit } from '../../lib/auditor/audit.ts';
import { NO_FAULTS } from '../../lib/simulator/engine/decision.ts';
import type { Part, Scenario } from '../../lib/simulator/engine/scenario.ts';
import { prepareStage } from '../../lib/simulator/engine/scenario.ts';
import { parseReplay } from '../../lib/simulator/random/replay-line.ts';
import { replayOn } from '../../lib/simulator/random/replayed-run.ts';

const auditZone: Part = {
  type: 'workflow',
  writer: 'operator',
  perform: (deps) =>
    audit({ ...deps, zone: deps.writer.zone, scope: deps.writer.scope }, { deadline: deps.deadline }),
};

/** Two versions were applied in a zone that has no room for a third beside them, as an audit recorded. */
const crowded: Scenario = {
  name: 'first-plan',
  endpoints: 3,
  recordLimit: 18,
  before: [
    { type: 'raise' },
    { type: 'plan', version: 1 },
    { type: 'apply' },
    { type: 'do', part: auditZone },
    { type: 'plan', version: 2 },
    { type: 'apply' },
    { type: 'plan', version: 3 },
  ],
  parts: [
    { type: 'enactor', mode: 'hint' },
    { type: 'enactor', mode: 'sweep' },
    { type: 'janitor' },
    { type: 'planner', versions: [5] },
    { type: 'janitor' },
    { type: 'enactor', mode: 'hint' },
    auditZone,
  ],
  budget: { ...NO_FAULTS, faults: 3, duplicates: 1, outages: 1, advances: 2 },
};

async function play(choices: string) {
  return replayOn(await prepareStage(crowded), parseReplay(`first-plan:${choices}`));
}

/**
 * Found by a scenario of a crowded zone (I2). An enactor moves rollback roots to the live trees, so that a janitor can
 * make room. The janitor asked whether the flip before that was INSYNC, and deleted what some name server still answered
 * with: before the move was recorded, and after another enactor had recorded it without its change.
 */
it.each(['8z,4', '8z,18,6'])(
  'a janitor waits for the change that moved rollback roots (%s)',
  async (choices) => {
    const { result } = await play(choices);
    expect(result.violation).toBeUndefined();
    expect(result.decisions).toBeGreaterThan(20);
  },
);
