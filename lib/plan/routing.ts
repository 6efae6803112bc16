/**
 * The routing policies by which Route 53 chooses among record sets of one name and type, besides the simple one
 * (Route 53 Developer Guide, "Choosing a routing policy").
 */
export type RoutingPolicy = 'weighted' | 'latency' | 'geolocation' | 'geoproximity' | 'failover' | 'cidr';

/** A part of the world, as Route 53 names it; `CountryCode: '*'` is everywhere else. */
export type GeoLocationFields =
  | { readonly ContinentCode: string }
  | { readonly CountryCode: string; readonly SubdivisionCode?: string };

/** A point of the world, by Region or coordinates (text of at most two decimals), and how far it reaches. */
export type GeoProximityFields = (
  | { readonly AWSRegion: string }
  | { readonly Coordinates: { readonly Latitude: string; readonly Longitude: string } }
) & {
  /** -99 to 99; absent: 0. */
  readonly Bias?: number;
};

/** How Route 53 comes to choose a branch: a weight, or the fields of its policy as the API names them. */
export type BranchRouting =
  /** 0 to 255. */
  | { readonly weight: number }
  | { readonly Region: string }
  | { readonly GeoLocation: GeoLocationFields }
  | { readonly GeoProximityLocation: GeoProximityFields }
  | { readonly Failover: 'PRIMARY' | 'SECONDARY' }
  | { readonly CidrRoutingConfig: { readonly CollectionId: string; readonly LocationName: string } };
