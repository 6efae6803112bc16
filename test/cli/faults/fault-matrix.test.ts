import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planOf } from '../../../lib/cell/cell-bodies.ts';
import type { Ledger } from '../../../lib/ledger/ledger.ts';
import { verifyLedger } from '../../../lib/ledger/verify.ts';
import { readFenceRecords } from '../../../lib/plan/fence.ts';
import { contentOf } from '../../../lib/plan/make-plan.ts';
import type { CellName } from '../../../lib/plan/names.ts';
import { recordsUnder } from '../../../lib/zone/read-records.ts';
import { answersIn } from '../zone/taken-world.ts';
import { baseStage, lineOf, prepared, withoutWritten } from './base-stage.ts';
import type { Disturbance, Endpoint, Fault, FaultyEndpoints, SeenRequest } from './faulty-endpoints.ts';
import { FAULTS, faultyEndpoints } from './faulty-endpoints.ts';
import type { Performed, Played, Stage } from './stage.ts';
import { play } from './stage.ts';
import type { Verb } from './verbs.ts';
import { CELL, DEPLOYING, fenceRecords, READING, WRITING, zoneOf } from './verbs.ts';

/** What a person reads of a fault that ended a command: the cause, so that they can act on it. */
const CAUSES: Readonly<Record<Fault, RegExp>> = {
  'refused connection': /nobody listens at 127\.0\.0\.1:\d+ \(ECONNREFUSED\)/,
  'reset connection': /the connection ended before an answer came \(ECONNRESET\)/,
  hang: /no answer came in time \(ETIMEDOUT\)/,
  'name that does not resolve': /the name endpoint\.invalid does not resolve \(ENOTFOUND\)/,
  denied: /User test is not authorized/,
  'expired credentials': /The token has expired/,
  'skewed clock': /Signature expired: .* clock/,
  throttled: /Rate exceeded/,
  '429': /an answer with status 429 came that is not/,
  '500': /An internal failure \(status 500\)/,
  '503': /ServiceUnavailable: Away \(status 503\)/,
  'page of a proxy':
    /an answer with status 200 came that is not [^(]*\(text\/html, from a test\), perhaps a proxy's/,
  'page without a form': /an answer with status 200 came that is not|an answer came that is not Route 53's/,
  'lost answer': /the connection ended before an answer came \(ECONNRESET\)/,
};

/** The SDK's inner sentences, bare class names, blame without a reason, and advice that leads nowhere. */
const FORBIDDEN =
  /hidden field|\$response|eserialization|SyntaxError|UnbelievableAnswer|\(Error\)|Error: Error|UnknownError|\(Unknown|who writes|create it|There is no hosted zone|a bug in Pawl|\bundefined\b|\[object|NaN|\.\.|\.:/;

/** More, or so many more than without any fault, would be waiting for an endpoint that says the same each time. */
const REQUESTS_MAX = 150;
const MORE_REQUESTS_MAX = 50;
/** A verb whose roles work while it waits takes minutes of one thread. */
const WITH_ROLES_TIMEOUT_MS = 900_000;
const TOOK_MS_MAX = 5 * 60_000;

let endpoints: FaultyEndpoints;
let roles: FaultyEndpoints;
let folder: string;
let base: Stage;

beforeAll(async () => {
  endpoints = await faultyEndpoints();
  roles = await faultyEndpoints();
  folder = await mkdtemp(join(tmpdir(), 'pawl-faults-'));
  base = await baseStage(endpoints, folder);
});

afterAll(async () => {
  await endpoints.close();
  await roles.close();
  await rm(folder, { recursive: true, force: true });
});

describe('the fault matrix of the command line', () => {
  for (const verb of WRITING) {
    it(
      `${verb.name}: whatever fails and whenever, what was done is said, and the same command finishes`,
      async () => {
        const stage = await prepared(endpoints, base, verb, folder);
        const whole = playing(verb, stage);
        const line = await lineOf(endpoints, stage, verb, folder);
        const undisturbed = await whole.pawl(line);
        expect(`${verb.name} ends with ${undisturbed.exit}: ${undisturbed.err}`).toContain(`ends with ${0}`);
        expect(undisturbed.out).toMatch(verb.says ?? /^/);
        const goal = await standing(whole);
        const table: string[] = [];
        for (const { endpoint, from } of positions(undisturbed.requests)) {
          for (const fault of FAULTS) {
            const disturbance: Disturbance = { endpoint, from, fault };
            const exit = await meets(verb, stage, disturbance, undisturbed.requests, goal);
            table.push(`${endpoint} from request ${from}: ${fault}: ${exit}`);
          }
        }
        for (const from of writesIn(undisturbed.requests)) {
          const endpoint = undisturbed.requests[from]?.endpoint ?? 'dynamodb';
          const disturbance: Disturbance = { endpoint, from, fault: 'lost answer', once: true };
          await meets(verb, stage, disturbance, undisturbed.requests, goal);
        }
        expect(table.length).toBeGreaterThan(0);
      },
      verb.roles === true ? WITH_ROLES_TIMEOUT_MS : undefined,
    );
  }

  for (const verb of [...READING, ...DEPLOYING]) {
    it(`${verb.name}: whatever fails, the cause is said, with exit 3`, async () => {
      const stage = await prepared(endpoints, base, verb, folder);
      const line = await lineOf(endpoints, stage, verb, folder);
      const undisturbed = await play(endpoints, stage).pawl(line);
      expect(undisturbed.requests).not.toHaveLength(0);
      for (const { endpoint, from } of positions(undisturbed.requests)) {
        for (const fault of FAULTS) {
          const { exit, err, out } = await play(endpoints, stage).pawl(line, {
            endpoint,
            from,
            fault,
          });
          const said = `${verb.name}, ${endpoint} from ${from}, ${fault}: exit ${exit}\n${out}${err}`;
          expect(said).not.toMatch(FORBIDDEN);
          expect(said).toContain('exit 3\n');
          expect(said).toMatch(CAUSES[fault]);
        }
      }
    });
  }
});

/** A copy of the stage, with roles where the verb waits for them. */
function playing(verb: Verb, stage: Stage): Played {
  return play(endpoints, stage, verb.roles === true ? roles : undefined);
}

/** One cell of the matrix; gives the exit code. */
async function meets(
  verb: Verb,
  stage: Stage,
  disturbance: Disturbance,
  undisturbed: readonly SeenRequest[],
  goal: unknown,
): Promise<number> {
  // A command that has written a file goes on with it, but not with that of another cell of the matrix.
  if (verb.roles === true) await withoutWritten(folder);
  const played = playing(verb, stage);
  const before = await marks(played);
  const line = await lineOf(endpoints, stage, verb, folder);
  const performed = await played.pawl(line, disturbance);
  const { exit, out, err, requests, tookMs } = performed;
  const { endpoint, from, fault } = disturbance;
  const label = `${verb.name}, ${endpoint} from request ${from} of ${undisturbed.length}, ${fault}`;
  const said = `${label}: exit ${exit} after ${requests.length} requests and ${tookMs} ms\n${out}${err}`;
  expect(said).not.toMatch(FORBIDDEN);
  const most = Math.max(REQUESTS_MAX, undisturbed.length + MORE_REQUESTS_MAX);
  expect(requests.length, said).toBeLessThan(most);
  expect(tookMs, said).toBeLessThan(TOOK_MS_MAX);
  expect([0, 3], said).toContain(exit);
  if (exit === 3) saysWhatItWrote(performed, said);
  if (exit === 3) expect(said).toMatch(CAUSES[fault]);
  expect(await marks(played), said).toEqual({
    problems: [],
    generation: expect.toSatisfy(
      (now: number) => now >= before.generation || (verb.endsFence === true && now === 0),
    ),
  });
  await finishes(line, verb, played, performed, said, goal);
  return exit;
}

/** Every write that the endpoints took is said, as done or as not known; nothing is said that was not sent. */
function saysWhatItWrote({ err, requests }: Performed, said: string): void {
  const done = /^pawl: Done: (.*)$/m.exec(err)?.[1] ?? '';
  const notKnown = /^pawl: Not known: (.*)$/m.exec(err)?.[1] ?? '';
  for (const { stored } of requests)
    if (stored !== undefined) expect(done + notKnown, said).toContain(stored);
  if (requests.every(({ isWrite }) => !isWrite)) expect(done + notKnown, said).toBe('');
  if (done + notKnown !== '') expect(err, said).toMatch(/^pawl: This finishes it: pawl /m);
}

/** What it says finishes it, or the same command, undisturbed, comes to where the command would have come at once. */
async function finishes(
  typed: string,
  verb: Verb,
  played: Played,
  { exit, err }: Performed,
  said: string,
  goal: unknown,
): Promise<void> {
  if (exit !== 0) {
    const line = /^pawl: This finishes it: pawl (.*)$/m.exec(err)?.[1] ?? typed;
    const again = await played.pawl(line);
    expect([0, verb.again ?? 0], `${said}and then ${line}:\n${again.err}`).toContain(again.exit);
  }
  expect(await standing(played), said).toEqual(goal);
}

/** The requests from which on an endpoint fails: its first one, those that write, and those that follow a write. */
function positions(
  requests: readonly SeenRequest[],
): readonly { readonly endpoint: Endpoint; readonly from: number }[] {
  const writes = writesIn(requests);
  const moments = [0, ...writes.slice(0, 1), ...writes.slice(-1)].flatMap((at) =>
    at === 0 ? [at] : [at, at + 1],
  );
  const found = (['dynamodb', 'route53'] as const).flatMap((endpoint) =>
    moments.flatMap((moment) => {
      const from = requests.findIndex((request, index) => index >= moment && request.endpoint === endpoint);
      return from < 0 ? [] : [{ endpoint, from }];
    }),
  );
  return [...new Map(found.map((each) => [`${each.endpoint} ${each.from}`, each])).values()];
}

function writesIn(requests: readonly SeenRequest[]): readonly number[] {
  return requests.flatMap(({ isWrite }, index) => (isWrite ? [index] : []));
}

/** Whether the log is intact, and the generation of the fence. */
async function marks(
  played: Played,
): Promise<{ readonly problems: readonly unknown[]; readonly generation: number }> {
  const { cells } = await verifyLedger({ ledger: await played.world().ledger() });
  const reading = readFenceRecords(await fenceRecords(played));
  return {
    problems: cells.flatMap(({ problems }) => problems),
    generation: reading.type === 'fence' ? reading.fence.generation : 0,
  };
}

/** What a person would call the state of the cell: the answers of the zone, and what the log says of it. */
async function standing(played: Played): Promise<unknown> {
  const ledger = await played.world().ledger();
  const { state } = await ledger.head(CELL);
  const plan = await planOf(ledger, CELL, state.goal);
  const reading = readFenceRecords(await fenceRecords(played));
  const { records } = await recordsUnder(await zoneOf(played), 'example.test' as never);
  const answer = (name: string) =>
    records
      .filter((record) => record.name === name)
      .flatMap(({ alias }) => records.filter((record) => record.name === alias?.name))
      .map(({ type, values, weight }) => ({ type, values, weight }));
  return {
    answers: ['api.example.test', 'www.example.test'].map(answer),
    goal: plan === undefined ? undefined : contentOf(plan),
    keptBack: state.keptBack.map(({ name, rejected }) => ({ name, rejected: rejected?.reason })),
    fence:
      reading.type === 'fence'
        ? { frozen: reading.fence.frozen, ledger: reading.fence.ledger }
        : reading.type,
    frozen: state.frozen !== null,
    paused: state.paused !== null,
    drained: state.drained,
    evacuated: state.evacuated,
    evacuatedBranches: state.evacuatedBranches,
    adopted: state.adopted,
    fleet: state.fleet?.digest,
    looser: state.loosening === null ? 'in effect' : (state.loosening.rejected?.reason ?? 'waits'),
    observations: state.observations?.digest,
    // What everything answers, and who owns what besides.
    everything: [...answersIn(records)],
    others: await Promise.all(
      (await ledger.cells()).filter((cell) => cell !== CELL).map((cell) => standingElsewhere(ledger, cell)),
    ),
  };
}

/** The same of a cell that the zone has beside the first one. */
async function standingElsewhere(ledger: Ledger, cell: CellName): Promise<unknown> {
  const { state } = await ledger.head(cell);
  const plan = await planOf(ledger, cell, state.goal);
  return {
    ...{ cell, owned: state.owned, adopted: state.adopted, fleet: state.fleet?.digest },
    ...{ goal: plan === undefined ? undefined : contentOf(plan), isPaused: state.paused !== null },
  };
}
