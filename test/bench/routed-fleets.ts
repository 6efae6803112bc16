import type { CellFleet, FleetEndpoint, FleetRoute } from '../../lib/plan/fleet-model.ts';

const ZONES = 3;
const REGIONS = ['ap-south-1', 'eu-west-1', 'us-east-1'];
const FIRST_NETWORK = 1;

/** The second number of a target's address, by the target's place in the fleet: another one is another address. */
export type NetworkOf = (index: number) => number;

/** Gives a fleet another shape, and its targets their addresses. */
export type FleetShape = (fleet: CellFleet, networkOf?: NetworkOf) => CellFleet;

/** Targets by availability zone in turn, each with an address of its own. */
export const inZones: FleetShape = (fleet, networkOf = () => FIRST_NETWORK) => {
  const targets = fleet.targets.map((each, index) => ({
    ...each,
    az: `az${index % ZONES}`,
    ipv4: [`10.${networkOf(index)}.${Math.floor(index / 250)}.${index % 250}`],
  }));
  return { ...fleet, targets };
};

/** The same, and every endpoint answers with a third of its targets in each of three Regions. */
export const inRegions: FleetShape = (fleet, networkOf) => {
  const routed = (endpoint: FleetEndpoint): FleetEndpoint => {
    const branches = REGIONS.map((Region, region) => {
      const targets = endpoint.targets.filter((_, index) => index % REGIONS.length === region);
      return {
        id: Region,
        routing: { Region },
        route: { type: 'targets', targets, answer: 'weighted' } as const,
      };
    });
    const route: FleetRoute = { type: 'branches', policy: 'latency', branches };
    return { ...endpoint, targets: [...endpoint.targets].sort(), route };
  };
  return { ...inZones(fleet, networkOf), endpoints: fleet.endpoints.map(routed) };
};
