// @module-tag slow
import { beforeEach, describe, expect, it } from 'vitest';
import { emulatedZone } from '../../lib/emulator/emulated-zone.ts';
import { enact } from '../../lib/enactor/enact.ts';
import { staticSource } from '../../lib/fleet/sources/static-source.ts';
import { memoryLedger } from '../../lib/ledger/memory-ledger.ts';
import { adoptEndpoint } from '../../lib/operator/adopt.ts';
import type { OperatorZoneDeps } from '../../lib/operator/operator.ts';
import { pushFleet } from '../../lib/operator/push-fleet.ts';
import type { WriterRole } from '../../lib/plan/batch-kinds.ts';
import type { CellFleet } from '../../lib/plan/fleet-model.ts';
import type { DnsName } from '../../lib/plan/names.ts';
import { dnsName } from '../../lib/plan/names.ts';
import type { RecordSet } from '../../lib/plan/records.ts';
import { planCell } from '../../lib/planner/plan-cell.ts';
import { instant } from '../../lib/runtime/clock.ts';
import { silentTelemetry } from '../../lib/telemetry/telemetry.ts';
import { guardedZone } from '../../lib/zone/guarded-zone.ts';
import type { Zone } from '../../lib/zone/zone.ts';
import type { VirtualClock } from '../runtime/virtual-clock.ts';
import { seededRandomness, virtualClock } from '../runtime/virtual-clock.ts';
import type { Question, Surroundings } from '../support/answers-by-place.ts';
import { answersByPlace } from '../support/answers-by-place.ts';
import type { Imported } from '../support/imported.ts';
import { imported } from '../support/imported.ts';
import type { MixedZone } from '../support/mixed-zone.ts';
import { mixedZone } from '../support/mixed-zone.ts';
import { seededChoice } from '../support/seeded-choice.ts';

const REGIONS = [
  'us-east-1',
  'us-west-2',
  'eu-west-1',
  'eu-central-1',
  'ap-northeast-1',
  'ap-southeast-2',
  'sa-east-1',
  'af-south-1',
];
const ANSWERS: ReadonlySet<string> = new Set(['A', 'AAAA', 'CNAME']);
const FAR_MS = 3_600_000;
/** Draws of what fails together: half of everything, or an eighth. */
const MIXTURES = 24;
const LIMIT_MS = 120_000;

/** What may be out of order at once: ids of health checks, and names of load balancers. */
interface Trouble {
  readonly failing: ReadonlySet<string>;
  readonly gone?: ReadonlySet<string>;
}

let clock: VirtualClock;
let mixed: MixedZone;

beforeEach(async () => {
  clock = virtualClock();
  mixed = await mixedZone(clock);
});

/** Every name with its types, with something below a wildcard, and addresses behind a CNAME. */
function questionsOf(records: readonly RecordSet[]): readonly Question[] {
  const all = records
    .filter(({ type }) => ANSWERS.has(type))
    .flatMap(({ name, type }) => {
      const asked = dnsName(name.replace('*', 'some'));
      return (type === 'CNAME' ? ['CNAME', 'A'] : [type]).map((each) => ({ name: asked, type: each }));
    });
  return [...new Map(all.map((each) => [`${each.name} ${each.type}`, each])).values()];
}

function answersOf(
  records: readonly RecordSet[],
  questions: readonly Question[],
  trouble: Trouble,
): readonly string[] {
  const around: Surroundings = {
    zone: mixed.zone,
    cidrBlocks: (id) => mixed.core.cidrBlocks(id),
    ...trouble,
  };
  return answersByPlace(records, questions, REGIONS, around);
}

/** Nothing, everything, and some of it. */
function troubles(records: readonly RecordSet[]): readonly Trouble[] {
  const { checks, zone } = mixed;
  const outside = ({ alias }: RecordSet) => alias !== undefined && alias.zoneId !== zone.id;
  const balancers = records.filter(outside).flatMap(({ alias }) => alias?.name ?? []);
  const some = Array.from({ length: MIXTURES }, (_, seed) => {
    const choice = seededChoice(seed + 1);
    const isDown = () => choice(seed % 2 === 0 ? 2 : 8) === 0;
    return { failing: new Set(checks.filter(isDown)), gone: new Set(balancers.filter(isDown)) };
  });
  return [{ failing: new Set() }, { failing: new Set(checks), gone: new Set(balancers) }, ...some];
}

/** Pushes the cell, adopts each of its names, and runs an enactor to its end. `watch` is called after each write. */
async function takeOver(fleet: CellFleet, watch: (commit: string) => void): Promise<void> {
  const { core, zone: hosted } = mixed;
  const { cell } = fleet;
  const scope = { cell, zone: hosted.name, zoneId: hosted.id };
  const bare = emulatedZone(core, hosted.id);
  const zone: Zone = {
    ...bare,
    change: async (batch) => {
      const outcome = await bare.change(batch);
      watch(`${batch.kind} ${outcome.type}`);
      return outcome;
    },
  };
  const randomness = seededRandomness();
  const ledger = memoryLedger('5be1c07a');
  const common = { ledger, clock, telemetry: silentTelemetry };
  const writer = (role: WriterRole) => {
    return { zone: guardedZone(zone, role, scope), scope, randomness, role, name: role };
  };
  const operator: OperatorZoneDeps = { ...common, randomness, name: 'ana', writer: writer('operator') };
  expect(await pushFleet(operator, { cells: [fleet], apply: true, functionsRead: 5 })).toMatchObject({
    type: 'done',
  });
  const planner = { ...common, source: staticSource(), name: 'planner' };
  expect(await planCell(planner, { cell, append: true })).toMatchObject({
    type: 'appended',
    proposed: { disposition: 'approved' },
  });
  for (const { name } of fleet.endpoints)
    expect(await adoptEndpoint(operator, { cell, name, apply: true })).toMatchObject({ change: 'adopted' });
  const outcome = await enact(
    {
      ...common,
      writer: writer('enactor'),
      settings: { insyncPollMs: 2_000, unknownChangeMs: 300_000 },
    },
    { mode: 'hint', deadline: instant(clock.now() + FAR_MS) },
  );
  expect(outcome).toMatchObject({ type: 'applied', generation: 1, reason: 'flip' });
}

/** The records that are not Pawl's, and those that it has not been given. */
function leftAlone(records: readonly RecordSet[], taken: ReadonlySet<DnsName>): readonly RecordSet[] {
  const pawls = `_pawl.${mixed.zone.name}`;
  return records.filter(({ name, type }) => !name.endsWith(pawls) && !(taken.has(name) && ANSWERS.has(type)));
}

function namesOf({ fleets }: Imported): ReadonlySet<DnsName> {
  return new Set(fleets.flatMap(({ endpoints }) => endpoints.map(({ name }) => name)));
}

describe('a zone in which every routing policy is in use', () => {
  it.each([
    ['as it is imported', 76, undefined],
    ['with the names behind others too', 99, 'all'],
  ])(
    'answers every client as before once it is taken over, %s',
    async (_, count, all) => {
      const { core, zone } = mixed;
      const before = core.records(zone.id);
      const questions = questionsOf(before);
      const expected = troubles(before).map((trouble) => ({
        trouble,
        answers: answersOf(before, questions, trouble),
      }));
      const names = all === undefined ? undefined : [...new Set(before.map(({ name }) => name))];
      const file = imported(before, zone, { names });
      const taken = namesOf(file);
      expect(taken.size).toBe(count);
      const [fleet, ...others] = file.fleets;
      if (fleet === undefined || others.length > 0) throw new Error('the zone is one cell');

      const commits: string[] = [];
      const seen = new Set<readonly RecordSet[]>();
      await takeOver(fleet, (commit) => {
        commits.push(commit);
        const answerable = core.answerable(zone.id).filter((records) => !seen.has(records));
        for (const records of answerable)
          for (const { trouble, answers } of expected.slice(0, 2))
            expect(answersOf(records, questions, trouble)).toEqual(answers);
        for (const records of answerable) seen.add(records);
      });
      expect(commits).toContain('flip accepted');
      expect(commits.filter((commit) => !commit.endsWith('accepted'))).toEqual([]);

      const after = core.records(zone.id);
      for (const { trouble, answers } of expected)
        expect(answersOf(after, questions, trouble), [...trouble.failing].join()).toEqual(answers);
      expect(leftAlone(after, taken)).toEqual(leftAlone(before, taken));
      for (const name of taken) {
        const roots = after.filter((each) => each.name === name && ANSWERS.has(each.type));
        expect(roots.map(({ alias }) => alias?.name.split('.').includes('g000001'))).toEqual(
          roots.map(() => true),
        );
      }
    },
    LIMIT_MS,
  );
});
