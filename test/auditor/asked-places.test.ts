import { describe, expect, it } from 'vitest';
import { askedPlaces } from '../../lib/auditor/asked-places.ts';
import type { FleetRoute } from '../../lib/plan/fleet-model.ts';
import type { PlannedEndpoint } from '../../lib/plan/plan.ts';
import { desiredOf, fleetOf, planOf } from '../plan/given-fleet.ts';
import { branches, latency, routed, targets, to } from '../plan/given-routes.ts';

function planned(route: FleetRoute): PlannedEndpoint {
  const [endpoint] = planOf(desiredOf(fleetOf(targets(['t0', 't1', 't2']), [routed(route)]))).endpoints;
  if (endpoint === undefined) throw new Error('the plan is empty');
  return endpoint;
}

describe('the places that an audit asks from', () => {
  it('are those of every branch, however deep', () => {
    const route = latency({
      'eu-west-1': branches('geolocation', {
        de: [{ GeoLocation: { CountryCode: 'DE' } }, to('t0')],
        default: [{ GeoLocation: { CountryCode: '*' } }, to('t1')],
        'us-ca': [{ GeoLocation: { CountryCode: 'US', SubdivisionCode: 'CA' } }, to('t2')],
      }),
      'us-east-1': branches('geoproximity', {
        near: [{ GeoProximityLocation: { AWSRegion: 'us-west-2' } }, to('t0')],
      }),
    });
    expect(askedPlaces(planned(route))).toEqual({
      places: ['DE', 'US-CA', 'eu-west-1', 'us-east-1', 'us-west-2'],
      notOwed: [],
      everywhere: true,
    });
  });

  it('are continents, points and networks too', () => {
    const networks = (LocationName: string) => ({ CidrRoutingConfig: { CollectionId: 'c', LocationName } });
    const route = branches('geolocation', {
      eu: [
        { GeoLocation: { ContinentCode: 'EU' } },
        branches('cidr', { office: [networks('office'), to('t0')], default: [networks('*'), to('t1')] }),
      ],
      sa: [{ GeoLocation: { ContinentCode: 'SA' } }, to('t1')],
      default: [
        { GeoLocation: { CountryCode: '*' } },
        branches('geoproximity', {
          dublin: [
            { GeoProximityLocation: { Coordinates: { Latitude: '53.35', Longitude: '-6.26' } } },
            to('t2'),
          ],
        }),
      ],
    });
    expect(askedPlaces(planned(route))).toEqual({
      places: ['53.35,-6.26', 'EU', 'cidr c/office', 'continent-SA'],
      notOwed: [],
      everywhere: true,
    });
  });

  it('are no Regions below a branch outside of which nobody is answered: a client there may be outside', () => {
    const route = branches('geolocation', {
      eu: [
        { GeoLocation: { ContinentCode: 'EU' } },
        latency({ 'eu-west-1': to('t0'), 'us-east-1': to('t1') }),
      ],
    });
    expect(askedPlaces(planned(route))).toEqual({
      places: ['EU'],
      notOwed: ['eu-west-1', 'us-east-1'],
      everywhere: false,
    });
  });

  it('are not everywhere where clients elsewhere get no answer', () => {
    const only = branches('geolocation', { eu: [{ GeoLocation: { ContinentCode: 'EU' } }, to('t0')] });
    expect(askedPlaces(planned(only))).toEqual({ places: ['EU'], notOwed: [], everywhere: false });
    const office = branches('cidr', {
      office: [{ CidrRoutingConfig: { CollectionId: 'c', LocationName: 'office' } }, to('t0')],
    });
    expect(askedPlaces(planned(office))).toEqual({
      places: ['cidr c/office'],
      notOwed: [],
      everywhere: false,
    });
  });

  it('are none of an endpoint without branches', () => {
    expect(askedPlaces(planned(to('t0')))).toEqual({ places: [], notOwed: [], everywhere: true });
  });
});
