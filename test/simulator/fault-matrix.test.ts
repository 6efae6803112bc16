import { describe, expect, it } from 'vitest';
import { NO_FAULTS } from '../../lib/simulator/decision.ts';
import { quietPhase } from '../../lib/simulator/quiet-phase.ts';
import type { Part, Preparation, Scenario, Stage } from '../../lib/simulator/scenario.ts';
import { prepareStage } from '../../lib/simulator/scenario.ts';
import { siteOf } from '../../lib/simulator/sightings.ts';

/** One role at work, alone, in a cell that gives it everything to do that it can have to do. */
interface Work {
  readonly part: Part;
  readonly before: readonly Preparation[];
  /** Every call that it makes, as port, verb and what is written. */
  readonly sites: readonly string[];
}

const THREE_APPLIED: readonly Preparation[] = [1, 2, 3].flatMap((version) => [
  { type: 'plan', version } as const,
  { type: 'apply' } as const,
]);

const STAGE_AND_FLIP = [
  'zone.listRecords',
  'ledger.head',
  'ledger.getBody',
  'zone.change stage',
  'ledger.append PlanStaged',
  'zone.changeStatus',
  'clock.sleep',
  'zone.change flip',
  'ledger.append PlanApplied',
];

const WORKS: readonly Work[] = [
  {
    part: { type: 'enactor', mode: 'hint' },
    before: [...THREE_APPLIED, { type: 'plan', version: 4 }],
    sites: STAGE_AND_FLIP,
  },
  {
    part: { type: 'enactor', mode: 'sweep' },
    before: [{ type: 'plan', version: 1 }],
    sites: [...STAGE_AND_FLIP, 'zone.change fence'],
  },
  {
    part: { type: 'janitor' },
    before: THREE_APPLIED,
    sites: [
      'zone.listRecords',
      'ledger.head',
      'zone.changeStatus',
      'ledger.getBody',
      'ledger.append TreesRetired',
      'zone.change retire',
      'ledger.append PlanApplied',
    ],
  },
  {
    part: { type: 'planner', versions: [4] },
    before: THREE_APPLIED,
    sites: [
      'ledger.head',
      'ledger.getBody',
      'ledger.putBody',
      'ledger.append FleetDeclared',
      'source.observe',
      'ledger.append PlanAppended',
    ],
  },
  {
    part: { type: 'freeze' },
    before: THREE_APPLIED,
    sites: ['ledger.head', 'ledger.append CellFrozen', 'zone.listRecords', 'zone.change freeze'],
  },
  {
    part: { type: 'thaw' },
    before: [...THREE_APPLIED, { type: 'freeze' }],
    sites: ['zone.listRecords', 'ledger.head', 'zone.change fence', 'ledger.append CellThawed'],
  },
];

/** What may happen to a call. `after`: what it asks for was done, and nobody was told. */
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
    const name = work.part.type === 'enactor' ? `enactor (${work.part.mode})` : work.part.type;
    it(`of the ${name}: every call site met every fault, before and after its commit, and the cell recovered`, async () => {
      const met = new Map<string, number>();
      const stage = await prepareStage(scenarioOf(work));
      const calls = await sitesOf(stage);
      expect([...new Set(calls)].sort()).toEqual([...work.sites].sort());
      for (const [index, site] of calls.entries()) {
        for (const fault of faultsOf(site)) {
          await recover(stage, index, fault);
          const cell = `${site} ${fault.fault} ${fault.commits}`;
          met.set(cell, (met.get(cell) ?? 0) + 1);
        }
      }
      const cells = work.sites.flatMap((site) =>
        faultsOf(site).map((f) => `${site} ${f.fault} ${f.commits}`),
      );
      expect(cells.filter((cell) => (met.get(cell) ?? 0) === 0)).toEqual([]);
    });
  }
});

/** A read commits nothing, and a sleep asks nobody. */
function faultsOf(site: string): readonly Fault[] {
  const writes = site.startsWith('zone.change ') || site.startsWith('ledger.append ');
  if (writes) return FAULTS;
  const reads = FAULTS.filter(({ commits, fault }) => commits === 'before' && fault !== 'timeout');
  return site === 'clock.sleep' ? reads.filter(({ fault }) => fault === 'crash') : reads;
}

function scenarioOf({ part, before }: Work): Scenario {
  return { name: 'alone', endpoints: 2, before, parts: [part], budget: { ...NO_FAULTS, faults: 1 } };
}

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

async function recover(stage: Stage, index: number, { fault, commits }: Fault): Promise<void> {
  const play = await stage.begin();
  const actor = play.seats[0]?.name ?? '';
  for (let call = 0; call < index; call += 1) await play.apply({ type: 'run', actor }, () => 0);
  await play.apply({ type: fault, actor }, () => 0);
  if (commits === 'after') await play.apply({ type: 'land', request: 0 }, () => 0);
  while (play.callOf(actor) !== undefined) await play.apply({ type: 'run', actor }, () => 0);
  await play.apply({ type: 'rest' }, () => 0);
  await quietPhase(play);
}
