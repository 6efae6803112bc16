import { parseCellFleet } from '../../fleet/cell-fleet-codec.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { pushFleet } from '../../operator/push-fleet.ts';
import type { CellFleet, FleetEndpoint } from '../../plan/fleet-model.ts';
import type { CellName, DnsName } from '../../plan/names.ts';
import { cellName } from '../../plan/names.ts';
import { SAMPLE_CELL, sampleFleet } from './sample-fleet.ts';
import type { Part, Preparation } from './scenario.ts';
import { hint, janitor, sweep } from './scenario-parts.ts';

/** Another cell of the sample's zone, without endpoints. */
export const OTHER_CELL: CellName = cellName('use1-b');

export const TWO_CELLS = [SAMPLE_CELL, OTHER_CELL] as const;

/** The enactors and the janitor of that cell. */
export const otherHint = { ...hint, cell: OTHER_CELL } as const;
export const otherSweep = { ...sweep, cell: OTHER_CELL } as const;
export const otherJanitor = { ...janitor, cell: OTHER_CELL } as const;

async function fleetOf(ledger: Ledger, cell: CellName): Promise<CellFleet | undefined> {
  const { fleet } = (await ledger.head(cell)).state;
  return fleet === null ? undefined : parseCellFleet(JSON.parse(await ledger.getBody(cell, fleet.digest)));
}

/** A person pushes a file in which every endpoint of one cell has moved to the other. */
export function pushMove(from: CellName, to: CellName): Part {
  return {
    type: 'workflow',
    writer: 'operator',
    perform: async (deps) => {
      const [giving, taking] = [await fleetOf(deps.ledger, from), await fleetOf(deps.ledger, to)];
      if (giving === undefined || taking === undefined) return undefined;
      const endpoints = [...taking.endpoints, ...giving.endpoints];
      const cells = [
        { ...giving, endpoints: [] },
        { ...taking, endpoints },
      ];
      return pushFleet(deps, { cells, apply: true });
    },
  };
}

/**
 * A person pushes the file in which the second cell has these endpoints of the sample, by their first label, and the first
 * cell has the others; and pushes it again if that was cut off.
 */
export function pushFile(size: 1 | 2, ofOther: readonly string[]): Part {
  return {
    type: 'workflow',
    writer: 'operator',
    repeated: true,
    perform: (deps) => {
      const [first, other] = TWO_CELLS.map((cell) => sampleFleet({ ...deps.writer.scope, cell }, 1, size));
      if (first === undefined || other === undefined) return Promise.resolve(undefined);
      const isOthers = ({ name }: FleetEndpoint): boolean => ofOther.includes(firstLabel(name));
      const cells = [
        { ...first, endpoints: first.endpoints.filter((endpoint) => !isOthers(endpoint)) },
        { ...other, endpoints: other.endpoints.filter(isOthers) },
      ];
      return pushFleet(deps, { cells, apply: true });
    },
  };
}

function firstLabel(name: DnsName): string {
  return name.slice(0, name.indexOf('.'));
}

/** The file in which the sample's endpoint is of its first cell. */
export const pushBack: Part = pushFile(1, []);

function planned(cell: CellName): Preparation {
  return { type: 'do', part: { type: 'planner', versions: [], cell } };
}

/** Both cells are applied, the first one with an endpoint, the second one without any. */
export const SETTLED: readonly Preparation[] = TWO_CELLS.flatMap((cell): readonly Preparation[] => [
  { type: 'raise', cell },
  { type: 'plan', version: 1, cell },
  { type: 'apply', cell },
]);

/** The first cell offers its endpoint, the second one awaits it, and both have plans for that. */
export const OFFERED: readonly Preparation[] = [
  ...SETTLED,
  { type: 'do', part: pushMove(SAMPLE_CELL, OTHER_CELL) },
  planned(SAMPLE_CELL),
  planned(OTHER_CELL),
];

/** The same, and the offer stands in the zone. */
export const OFFER_STANDS: readonly Preparation[] = [...OFFERED, { type: 'apply' }];

/** The same, where the planner of the cell that gives has not run since: its goal still has the endpoint. */
export const OFFER_UNPLANNED: readonly Preparation[] = [
  ...SETTLED,
  { type: 'do', part: pushMove(SAMPLE_CELL, OTHER_CELL) },
  { type: 'apply' },
  planned(OTHER_CELL),
];

/** The endpoint went over, and both logs say so; then a person takes it back. */
export const OFFERED_BACK: readonly Preparation[] = [
  ...OFFERED,
  { type: 'apply' },
  { type: 'apply', cell: OTHER_CELL },
  { type: 'apply' },
  { type: 'retire' },
  { type: 'do', part: pushMove(OTHER_CELL, SAMPLE_CELL) },
  planned(SAMPLE_CELL),
  planned(OTHER_CELL),
];
