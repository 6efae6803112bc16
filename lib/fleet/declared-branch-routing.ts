import { AWS_REGIONS } from '../plan/aws-regions.ts';
import { CONTINENTS, COUNTRIES, US_STATES } from '../plan/geo-codes.ts';
import type { BranchRouting, GeoLocationFields, RoutingPolicy } from '../plan/routing.ts';
import type { ReportMistake } from './mistakes.ts';
import type { ProximityInput, RouteInput } from './route-schema.ts';
import { nearest } from './suggestion.ts';
import type { Path } from './wording.ts';
import { quoted, subject } from './wording.ts';

/** What a branch's key, and what stands under it, say of whom it answers; undefined, and reported, where that is a mistake. */
export function branchRouting(
  policy: RoutingPolicy,
  { key, path }: { readonly key: string; readonly path: Path },
  input: RouteInput,
  report: ReportMistake,
): BranchRouting | undefined {
  switch (policy) {
    case 'weighted':
      return { weight: input.weighted?.[key]?.share ?? 0 };
    case 'latency':
      return isRegion(key, path, report, 'key') ? { Region: key } : undefined;
    case 'geolocation': {
      const place = placeOf(key, path, report);
      return place === undefined ? undefined : { GeoLocation: place };
    }
    case 'geoproximity':
      return proximityOf(input.geoproximity?.[key] ?? {}, path, report);
    case 'failover':
      return { Failover: key === 'primary' ? 'PRIMARY' : 'SECONDARY' };
    case 'cidr': {
      const CollectionId = input.cidr?.collection ?? '';
      return { CidrRoutingConfig: { CollectionId, LocationName: key === 'default' ? '*' : key } };
    }
  }
}

function isRegion(name: string, at: Path, report: ReportMistake, part: 'key' | 'value'): boolean {
  if (AWS_REGIONS.includes(name)) return true;
  const meant = nearest(name, AWS_REGIONS);
  const advice = meant === undefined ? 'use one such as eu-west-1.' : `did you mean ${quoted(meant)}?`;
  const what = part === 'key' ? subject(at) : `${subject(at)} is ${quoted(name)}, which`;
  report(at, `${what} is no Region that Route 53 routes by: ${advice}`, part);
  return false;
}

function placeOf(key: string, at: Path, report: ReportMistake): GeoLocationFields | undefined {
  if (key === 'default') return { CountryCode: '*' };
  const [, kind, code = '', part] =
    /^(?:(continent|country)-)?([A-Z]{2})(?:-([A-Z0-9]{1,3}))?$/.exec(key) ?? [];
  const isContinent = CONTINENTS.has(code);
  const isCountry = COUNTRIES.has(code);
  if (part !== undefined) {
    if (code === 'US' && US_STATES.has(part)) return { CountryCode: code, SubdivisionCode: part };
    if (code === 'US') {
      report(at, `${subject(at)} is no state of the United States: use one such as US-CA.`, 'key');
      return undefined;
    }
    report(
      at,
      `${subject(at)} is a part of a country whose parts Route 53 does not know: use ${code}.`,
      'key',
    );
    return undefined;
  }
  if (kind === undefined && isContinent && isCountry) {
    const both = `continent-${code} or country-${code}`;
    report(at, `${subject(at)} is the code of a continent and of a country: write ${both}.`, 'key');
    return undefined;
  }
  if (isContinent && kind !== 'country') return { ContinentCode: code };
  if (isCountry && kind !== 'continent') return { CountryCode: code };
  const what = kind === undefined ? 'neither a continent nor a country' : `no ${kind}`;
  report(at, `${subject(at)} is ${what} of ISO 3166-1: use one such as EU, DE or US-CA.`, 'key');
  return undefined;
}

function proximityOf(
  { region, coordinates, bias }: ProximityInput,
  path: Path,
  report: ReportMistake,
): BranchRouting | undefined {
  if ((region === undefined) === (coordinates === undefined)) {
    const what = region === undefined ? 'neither a region nor' : 'both a region and';
    report(path, `${subject(path)} has ${what} coordinates: use one of them.`);
    return undefined;
  }
  const Bias = bias === undefined || bias === 0 ? {} : { Bias: bias };
  if (region !== undefined) {
    const isKnown = isRegion(region, [...path, 'region'], report, 'value');
    return isKnown ? { GeoProximityLocation: { AWSRegion: region, ...Bias } } : undefined;
  }
  const [latitude = 0, longitude = 0] = coordinates ?? [];
  const rough = [latitude, longitude].find((each) => Math.round(each * 100) / 100 !== each);
  if (rough !== undefined) {
    const at = [...path, 'coordinates'];
    report(at, `${subject(at)} holds ${rough}, and Route 53 takes two decimals: round it.`);
    return undefined;
  }
  const Coordinates = { Latitude: latitude.toFixed(2), Longitude: longitude.toFixed(2) };
  return { GeoProximityLocation: { Coordinates, ...Bias } };
}
