import { parseDeployment } from '../../lib/infrastructure/deployment.ts';
import type { RateShare } from '../../lib/infrastructure/rate-shares.ts';
import { containersOf, rateShares } from '../../lib/infrastructure/rate-shares.ts';
import { ROLES, zoneAccess } from '../../lib/roles.ts';
import type { RateSettings } from '../../lib/runtime/rate-budget.ts';
import { COMMAND_RATE } from '../../lib/wiring/command-rate.ts';
import type { Caller, Share, SharingProcess } from './shared-account.ts';
import { shareAccount } from './shared-account.ts';

/** What the processes of one account promise each other, as docs/adr/0052-what-others-leave-is-borrowed.md has it. */
export interface SharingRule {
  readonly name: string;
  /** Plays it with the chances of this seed, for an account with so many cells; what was wrong, empty when nothing was. */
  broken(cells: number, seed: number): Promise<readonly string[]>;
}

const BUSY: Caller = { urgency: 'routine', everyMs: 0 };
/** A person at a keyboard, or a rescue: one request after another, about one a second. */
const PERSON: SharingProcess = { rate: COMMAND_RATE, callers: [{ urgency: 'urgent', everyMs: 1_000 }] };
const OPEN_PER_SECOND = 8;
const RESERVED_OF_BURST = 10;

function deploymentOf(cells: number) {
  const named = Array.from({ length: cells }, (_, index) => [
    `c${index}`,
    { zone: 'example.test', zoneId: 'Z0000000000000000USE1', names: ['*.example.test'] },
  ]);
  return parseDeployment({ cells: Object.fromEntries(named) });
}

/** The rate of every container that a stack of so many cells can have at once. */
function containers(cells: number): readonly RateShare[] {
  const deployment = deploymentOf(cells);
  const shares = rateShares(deployment);
  return ROLES.filter((role) => zoneAccess(role) !== 'none').flatMap((role) =>
    Array.from({ length: containersOf(role, deployment) }, () => shares[role.name]),
  );
}

function enactor(cells: number): RateSettings {
  return rateShares(deploymentOf(cells)).enactor;
}

/** The value below which this part of the values is. */
function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.POSITIVE_INFINITY;
}

function count(shares: readonly Share[], from = 0): number {
  return shares.reduce((sum, { servedAt }) => sum + servedAt.filter((at) => at >= from).length, 0);
}

/** The sentences of the conditions that do not hold. */
function unless(...conditions: readonly (readonly [holds: boolean, otherwise: string])[]): string[] {
  return conditions.flatMap(([holds, otherwise]) => (holds ? [] : [otherwise]));
}

const lone: SharingRule = {
  name: 'one that is alone gets most of what the reserve leaves, soon, and nothing of the reserve',
  broken: async (cells, seed) => {
    const seconds = 60;
    const callers = Array.from({ length: 4 }, () => BUSY);
    const { shares, lowest } = await shareAccount([{ rate: enactor(cells), callers }], seconds, seed);
    const all = shares.flat();
    const sixth =
      all.flatMap(({ servedAt }) => servedAt).toSorted((a, b) => a - b)[5] ?? Number.POSITIVE_INFINITY;
    return unless(
      [count(all) >= seconds * OPEN_PER_SECOND * 0.9, `${count(all)} requests in ${seconds} s`],
      [sixth <= 3_000, `the sixth after ${sixth} ms`],
      [lowest >= RESERVED_OF_BURST, `${lowest} left in the account's bucket`],
    );
  },
};

const few: SharingRule = {
  name: 'a few that are busy divide it without a person noticing',
  broken: async (cells, seed) => {
    const seconds = 300;
    const rate = enactor(cells);
    const busy = Array.from({ length: 5 }, () => ({ rate, callers: [BUSY, BUSY] }));
    const { shares } = await shareAccount([...busy, PERSON], seconds, seed);
    const each = shares.slice(0, -1).map((share) => count(share) / seconds);
    const took = shares.at(-1)?.flatMap(({ tookMs }) => tookMs) ?? [];
    const total = each.reduce((sum, rate) => sum + rate, 0);
    return unless(
      [total >= OPEN_PER_SECOND * 0.6, `${total.toFixed(2)} a second in all`],
      [
        Math.min(...each) >= rate.requestsPerSecond * 1.5,
        `${Math.min(...each).toFixed(2)} a second for the last of them`,
      ],
      [quantile(took, 0.95) <= 100, `the person waits ${quantile(took, 0.95)} ms (95 %)`],
    );
  },
};

const atOnce: SharingRule = {
  name: 'where all begin to borrow at the same instant, a person gets through within seconds',
  broken: async (cells, seed) => {
    const busy = containers(cells).map((rate) => ({ rate, callers: [BUSY, BUSY] }));
    const hasty: SharingProcess = { ...PERSON, callers: [{ urgency: 'urgent', everyMs: 500 }] };
    const { shares } = await shareAccount([...busy, hasty], 60, seed);
    const took = shares.at(-1)?.[0]?.tookMs ?? [];
    const soonMs = cells > 12 ? 8_000 : 3_500;
    return unless(
      [took.length >= (cells > 12 ? 20 : 40), `${took.length} requests of a person in the first minute`],
      [quantile(took, 0.95) <= soonMs, `a person waits ${quantile(took, 0.95)} ms (95 %)`],
      [Math.max(...took) <= 15_000, `a person waits ${Math.max(...took)} ms`],
    );
  },
};

const all: SharingRule = {
  name: 'where all are busy without end, everybody has its floor and urgent work gets through',
  broken: async (cells, seed) => {
    const seconds = 600;
    const rates = containers(cells);
    // One of them has something urgent beside its routine work, as an enactor has a flip.
    const callers = (index: number): readonly Caller[] =>
      index === 0 ? [BUSY, BUSY, { urgency: 'urgent', everyMs: 5_000 }] : [BUSY, BUSY];
    const busy = rates.map((rate, index) => ({ rate, callers: callers(index) }));
    const { shares } = await shareAccount([...busy, PERSON], seconds, seed);
    const parts = rates.map(
      ({ requestsPerSecond }, index) => count(shares[index]?.slice(0, 2) ?? []) / seconds / requestsPerSecond,
    );
    const total = count(shares.slice(0, -1).flat()) / seconds;
    const person = shares.at(-1)?.[0]?.tookMs ?? [];
    const flips = shares[0]?.[2]?.tookMs ?? [];
    // 30 cells are 157 containers.
    const soonMs = cells > 12 ? 3_000 : 1_500;
    const longestMs = cells > 12 ? 20_000 : 12_000;
    return unless(
      [Math.min(...parts) >= 0.95, `one got ${Math.min(...parts).toFixed(2)} of its floor`],
      [total >= OPEN_PER_SECOND, `${total.toFixed(2)} a second in all`],
      [person.length >= seconds * 0.6, `${person.length} requests of a person in ${seconds} s`],
      [quantile(person, 0.95) <= soonMs, `a person waits ${quantile(person, 0.95)} ms (95 %)`],
      [quantile(flips, 0.95) <= soonMs * 2, `a flip waits ${quantile(flips, 0.95)} ms (95 %)`],
      [Math.max(...person, ...flips) <= longestMs, `somebody waits ${Math.max(...person, ...flips)} ms`],
    );
  },
};

const afterwards: SharingRule = {
  name: 'what was crowded is borrowed again when the others have gone',
  broken: async (cells, seed) => {
    const [crowdedMs, seconds] = [120_000, 480];
    const rates = containers(cells);
    const busy = rates.map((rate, index) => ({
      rate,
      callers: [BUSY, BUSY],
      ...(index === 0 ? {} : { until: crowdedMs }),
    }));
    const { shares } = await shareAccount(busy, seconds, seed);
    const last = count(shares[0] ?? [], (seconds - 60) * 1_000) / 60;
    return unless([last >= OPEN_PER_SECOND * 0.8, `${last.toFixed(2)} a second in the last minute`]);
  },
};

/** Something that is not Pawl's, and sends at a steady rate. */
const otherTool: SharingRule = {
  name: 'another tool of the account gets what it sends',
  broken: async (cells, seed) => {
    const seconds = 300;
    const tool = { rate: { requestsPerSecond: 4, burst: 4, reserve: 0 }, callers: [BUSY, BUSY] };
    const busy = Array.from({ length: 3 }, () => ({ rate: enactor(cells), callers: [BUSY, BUSY] }));
    const { shares } = await shareAccount([tool, ...busy], seconds, seed);
    const got = count(shares[0] ?? []) / seconds;
    return unless([got >= 3.6, `it gets ${got.toFixed(2)} of the 4 requests a second that it sends`]);
  },
};

export const SHARING_RULES: readonly SharingRule[] = [lone, few, atOnce, all, afterwards, otherTool];
