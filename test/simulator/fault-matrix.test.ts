// @module-tag slow
import { describe, expect, it } from 'vitest';
import { NO_FAULTS } from '../../lib/simulator/engine/decision.ts';
import type { Play } from '../../lib/simulator/engine/playing.ts';
import { quietPhase } from '../../lib/simulator/engine/quiet-phase.ts';
import type { Scenario, Stage } from '../../lib/simulator/engine/scenario.ts';
import { act, prepareStage } from '../../lib/simulator/engine/scenario.ts';
import { siteOf } from '../../lib/simulator/ports/port-call.ts';
import { callSites, sitesIn } from './call-sites.ts';
import { HANDOVER_WORKS } from './handover-works.ts';
import { OPERATORS_WORKS } from './operator-works.ts';
import type { Work } from './works.ts';
import { ROLES_WORKS } from './works.ts';

const WORKS: readonly Work[] = [...ROLES_WORKS, ...OPERATORS_WORKS, ...HANDOVER_WORKS];

/** What may happen to a call. `after`: the request took effect, and the caller did not learn it. */
const FAULTS = [
  { fault: 'throttle', commits: 'before' },
  { fault: 'crash', commits: 'before' },
  { fault: 'crash', commits: 'after' },
  { fault: 'timeout', commits: 'before' },
  { fault: 'timeout', commits: 'after' },
] as const;

type Fault = (typeof FAULTS)[number];

describe('the fault matrix', () => {
  for (const work of WORKS) {
    it(`of the ${work.name}: every call site met every fault, before and after its commit, and the cell recovered`, async () => {
      const met = new Map<string, number>();
      const stage = await prepareStage(scenarioOf(work));
      const calls = await sitesOf(stage);
      for (const [index, site] of calls.entries()) {
        for (const fault of faultsOf(site)) {
          await recover(work, stage, index, fault);
          const cell = `${site} ${fault.fault} ${fault.commits}`;
          met.set(cell, (met.get(cell) ?? 0) + 1);
        }
      }
      const cells = calls.flatMap((site) => faultsOf(site).map((f) => `${site} ${f.fault} ${f.commits}`));
      expect(cells.length).toBeGreaterThan(0);
      expect(cells.filter((cell) => (met.get(cell) ?? 0) === 0)).toEqual([]);
    });
  }

  it('has every call site that stands in the text of a workflow', async () => {
    const met = new Map<string, readonly string[]>();
    for (const work of WORKS) met.set(work.name, await sitesOf(await prepareStage(scenarioOf(work))));
    const missing = [...callSites()].flatMap(([file, sites]) => {
      const works = WORKS.filter(({ covers }) => covers.some((path) => `${file}/`.startsWith(`${path}/`)));
      const seen = new Set(works.flatMap(({ name }) => met.get(name) ?? []));
      return sites.filter((site) => !seen.has(site)).map((site) => `${site} in ${file}`);
    });
    expect(missing).toEqual([]);
  });

  it('would miss a call that somebody adds', () => {
    const text = `await ledger.events(cell); await deps.zone.describe(); fencedWrite(w, { kind: 'retire' });
      await execute(ledger, () => ({ type: 'ThawCell' })); await clock.sleep(1); await getPlan(ledger);`;
    expect(sitesIn(text)).toEqual([
      ...['clock.sleep', 'ledger.append CellThawed', 'ledger.events', 'ledger.getBody', 'ledger.head'],
      ...['zone.change retire', 'zone.describe'],
    ]);
    expect([...callSites().values()].flat().length).toBeGreaterThan(70);
  });
});

/** A read commits nothing, and a sleep sends no request. */
function faultsOf(site: string): readonly Fault[] {
  const writes = ['zone.change ', 'ledger.append ', 'successor.ask'].some((write) => site.startsWith(write));
  if (writes) return FAULTS;
  const reads = FAULTS.filter(({ commits, fault }) => commits === 'before' && fault !== 'timeout');
  return site === 'clock.sleep' ? reads.filter(({ fault }) => fault === 'crash') : reads;
}

function scenarioOf({ part, person, before, recordLimit, cells }: Work): Scenario {
  const budget = { ...NO_FAULTS, faults: 1 };
  const parts = person === undefined ? [part] : [part, person];
  return { name: 'alone', endpoints: 2, cells, recordLimit, before, parts, budget };
}

/** The call sites of the work when nothing goes wrong. */
async function sitesOf(stage: Stage): Promise<readonly string[]> {
  const play = await stage.begin();
  const [seat] = play.seats;
  const name = seat?.name ?? '';
  const sites: string[] = [];
  for (let call = play.callOf(name); call !== undefined; call = play.callOf(name)) {
    sites.push(siteOf(call));
    await play.apply({ type: 'run', actor: name }, () => 0);
  }
  return sites;
}

async function recover(work: Work, stage: Stage, index: number, { fault, commits }: Fault): Promise<void> {
  const play = await stage.begin();
  const [seat] = play.seats;
  const actor = seat?.name ?? '';
  for (let call = 0; call < index; call += 1) await play.apply({ type: 'run', actor }, () => 0);
  await play.apply({ type: fault, actor }, () => 0);
  if (commits === 'after') await play.apply({ type: 'land', request: 0 }, () => 0);
  while (play.callOf(actor) !== undefined) await play.apply({ type: 'run', actor }, () => 0);
  await play.apply({ type: 'rest' }, () => 0);
  if (work.again === true && seat !== undefined) await act(play, 'again', seat.role);
  await settle(work, play);
}

/** The undisturbed round. It sweeps where a hand was at work. */
async function settle({ before, recordLimit }: Work, play: Play): Promise<void> {
  const byHand = before.some(({ type }) => type === 'tamper');
  const { ending } = await quietPhase(play, byHand ? 'sweep' : 'hint');
  if (recordLimit !== undefined) expect(ending).toBe('at goal');
}
