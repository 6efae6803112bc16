import { invalidInput } from '../route53-error.ts';

/** A request from any transport. */
export interface WireRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: ReadonlyMap<string, string>;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

export interface WireResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Refuses every parameter that the action does not have: a misspelt one must not silently have its default. */
export function assertParameters(request: WireRequest, allowed: readonly string[]): void {
  for (const name of request.query.keys()) {
    if (!allowed.includes(name)) throw invalidInput(`The parameter '${name}' is not known.`);
  }
}

/** The parameter's text; absent and empty are the same. */
export function parameter(request: WireRequest, name: string): string | undefined {
  const text = request.query.get(name);
  return text === '' ? undefined : text;
}

/** `maxitems`, a whole number above 0. @throws Route53Error InvalidInput. */
export function maxItems(request: WireRequest): number | undefined {
  return itemLimit(request, 'maxitems');
}

/** A parameter that limits a page, a whole number above 0. @throws Route53Error InvalidInput. */
export function itemLimit(request: WireRequest, name: string): number | undefined {
  const text = parameter(request, name);
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,8}$/.test(text)) throw invalidInput(`'${text}' is not a number of items above 0.`);
  return Number(text);
}

/** The id without the prefix that Route 53 may put in front of it (`/hostedzone/Z1`). */
export function bareId(id: string): string {
  return id.replace(/^\/?(?:hostedzone|change|healthcheck)\//, '');
}
