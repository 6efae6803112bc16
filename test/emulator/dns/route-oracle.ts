/**
 * An oracle for routing trees that shares no code with the emulator: it knows the tree as data, never as record sets, and
 * says by brute force over all leaves which of them may answer a client.
 */

type Point = readonly [latitude: number, longitude: number];

export interface Asker {
  readonly continent?: string;
  readonly country?: string;
  readonly subdivision?: string;
  readonly point?: Point;
  /** The dotted address; only its first three octets are compared. */
  readonly address: string;
}

export interface Leaf {
  readonly kind: 'leaf';
  readonly value: string;
  readonly healthy: boolean;
}

export type Branch =
  | Leaf
  /** Multivalue records, which are no aliases. */
  | { readonly kind: 'several'; readonly of: readonly Leaf[] }
  | { readonly kind: 'weighted'; readonly of: readonly { readonly weight: number; readonly to: Branch }[] }
  | { readonly kind: 'failover'; readonly primary: Branch; readonly secondary: Branch }
  | {
      readonly kind: 'latency';
      readonly of: readonly { readonly point: Point; readonly region: string; readonly to: Branch }[];
    }
  | {
      readonly kind: 'proximity';
      readonly of: readonly { readonly point: Point; readonly bias: number; readonly to: Branch }[];
    }
  | { readonly kind: 'geo'; readonly of: readonly { readonly where: string; readonly to: Branch }[] }
  | {
      readonly kind: 'cidr';
      readonly of: readonly {
        readonly location: string;
        readonly octets: readonly string[];
        readonly to: Branch;
      }[];
    };

/** An answer that may come: `count` different ones of the values. */
export interface Outcome {
  readonly values: readonly string[];
  readonly count: number;
}

const SEVERAL_MAX = 8;

/** Every answer that may come; an empty list is no answer. */
export function mayAnswer(root: Branch, asker: Asker): readonly Outcome[] {
  return ends(root)
    .filter(({ path }) => path.every(([node, child]) => allowed(node, asker).includes(child)))
    .map(({ last }) => {
      const of = last.kind === 'several' ? last.of : last.kind === 'leaf' ? [last] : [];
      const healthy = of.filter((leaf) => leaf.healthy);
      const values = (healthy.length > 0 ? healthy : of).map(({ value }) => value);
      return { values, count: Math.min(values.length, SEVERAL_MAX) };
    });
}

/** Whether the answer is one of those that may come. */
export function isAmong(answer: readonly string[], outcomes: readonly Outcome[]): boolean {
  return outcomes.some(
    ({ values, count }) =>
      new Set(answer).size === count &&
      answer.length === count &&
      answer.every((value) => values.includes(value)),
  );
}

/** Whether some way through the tree ends at a node that has nothing for the client. */
export function mayBeEmpty(root: Branch, asker: Asker): boolean {
  if (isEnd(root)) return false;
  const next = allowed(root, asker);
  return next.length === 0 || next.some((child) => mayBeEmpty(child, asker));
}

type Step = readonly [node: Branch, child: Branch];

function isEnd(node: Branch): boolean {
  return node.kind === 'leaf' || node.kind === 'several';
}

/** The ways from the node to each leaf or set of multivalue records. */
function ends(node: Branch): readonly { readonly path: readonly Step[]; readonly last: Branch }[] {
  if (isEnd(node)) return [{ path: [], last: node }];
  return children(node).flatMap((child) =>
    ends(child).map(({ path, last }) => ({ path: [[node, child] as const, ...path], last })),
  );
}

function children(node: Branch): readonly Branch[] {
  if (node.kind === 'leaf') return [];
  if (node.kind === 'several') return node.of;
  if (node.kind === 'failover') return [node.primary, node.secondary];
  return node.of.map(({ to }) => to);
}

function alive(node: Branch): boolean {
  return node.kind === 'leaf' ? node.healthy : children(node).some(alive);
}

/** The children that the node may send the client to: the best rank among the live, or among all when none lives. */
function allowed(node: Branch, asker: Asker): readonly Branch[] {
  const ranked = ranks(node, asker).filter(([, rank]) => rank < Number.POSITIVE_INFINITY);
  const live = ranked.filter(([child]) => alive(child));
  // A lone record answers, whatever its health.
  const pool = live.length > 0 ? live : ranked;
  const best = Math.min(...pool.map(([, rank]) => rank));
  return pool.filter(([, rank]) => rank === best).map(([child]) => child);
}

function ranks(node: Branch, asker: Asker): readonly (readonly [Branch, number])[] {
  switch (node.kind) {
    case 'leaf':
    case 'several':
      return [];
    case 'failover':
      return [
        [node.primary, 1],
        [node.secondary, 2],
      ];
    case 'weighted':
      return node.of.map(({ weight, to }) => [to, weight > 0 ? 1 : 2]);
    case 'latency':
      return node.of.map(({ point, to }) => [to, away(asker, point)]);
    case 'proximity':
      return node.of.map(({ point, bias, to }) => [
        to,
        asker.point === undefined ? 1 : (away(asker, point) * (100 - bias)) / 100,
      ]);
    case 'geo':
      return node.of.map(({ where, to }) => [to, placeRank(where, asker)]);
    case 'cidr':
      return node.of.map(({ location, octets, to }) => [to, networkRank(location, octets, asker)]);
  }
}

function placeRank(where: string, { continent, country, subdivision }: Asker): number {
  const order = [`${country}-${subdivision}`, `${country}`, `continent ${continent}`, 'default'];
  const rank = order.indexOf(where);
  return rank < 0 ? Number.POSITIVE_INFINITY : rank;
}

function networkRank(location: string, octets: readonly string[], { address }: Asker): number {
  if (location === '*') return 100;
  const matches = octets.filter((prefix) => `${address}.`.startsWith(`${prefix}.`));
  if (matches.length === 0) return Number.POSITIVE_INFINITY;
  return 10 - Math.max(...matches.map((prefix) => prefix.split('.').length));
}

/** The angle between two points, by the product of their vectors; the same for all when nobody knows where the client is. */
function away({ point }: Asker, to: Point): number {
  if (point === undefined) return 1;
  const [a, b] = [vector(point), vector(to)];
  const product = a.reduce((sum, part, index) => sum + part * (b[index] ?? 0), 0);
  return Math.acos(Math.max(-1, Math.min(1, product)));
}

function vector([latitude, longitude]: Point): readonly number[] {
  const [up, east] = [latitude, longitude].map((degrees) => degrees / (180 / Math.PI));
  return [
    Math.cos(up ?? 0) * Math.cos(east ?? 0),
    Math.cos(up ?? 0) * Math.sin(east ?? 0),
    Math.sin(up ?? 0),
  ];
}
