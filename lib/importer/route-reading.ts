import { endpointSchema } from '../fleet/schema.ts';
import type { EndpointDraft } from './described-zone.ts';

/**
 * The draft as the reader of fleet files can check it. A reader that knows no routes is given the targets of a route as
 * one set: it still checks every name, value and limit of theirs.
 */
export function readable({ route, ...draft }: EndpointDraft): EndpointDraft {
  return Object.hasOwn(endpointSchema.shape, 'route') ? { ...draft, route } : draft;
}
