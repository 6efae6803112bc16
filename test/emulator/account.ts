import { expect } from 'vitest';
import type { RequestedChange, RequestedRecord } from '../../lib/emulator/requested-changes.ts';
import type { Route53 } from '../../lib/emulator/route53.ts';
import { createRoute53 } from '../../lib/emulator/route53.ts';
import type { Route53ErrorCode } from '../../lib/emulator/route53-error.ts';
import { Route53Error } from '../../lib/emulator/route53-error.ts';
import type { Route53Settings } from '../../lib/emulator/settings.ts';
import { PROMPT_ROUTE53 } from '../../lib/emulator/settings.ts';

/** An emulated account with one zone, on a clock that only the test moves. */
export interface Account {
  readonly core: Route53;
  readonly zoneId: string;
  /** Moves the clock on, in milliseconds. */
  pass(ms: number): void;
  /** Sends one batch to the zone. */
  change(...changes: readonly RequestedChange[]): string;
  /** Sends one batch that must be refused, and gives the error. */
  refused(code: Route53ErrorCode, ...changes: readonly RequestedChange[]): Route53Error;
  /** Every record set but the apex NS and SOA, as `name type set-identifier`. */
  names(): readonly string[];
}

export function account(settings: Partial<Route53Settings> = {}, zoneName = 'example.test'): Account {
  let now = 1_000_000;
  let made = 0;
  const id = (prefix: string) => {
    made += 1;
    return `${prefix}${made}`;
  };
  const core = createRoute53({ ...PROMPT_ROUTE53, ...settings }, { now: () => now, id });
  const zoneId = core.createHostedZone({ name: zoneName, callerReference: 'first' }).zone.id;
  return {
    core,
    zoneId,
    pass: (ms) => {
      now += ms;
    },
    change: (...changes) => core.changeResourceRecordSets(zoneId, { changes }).id,
    refused: (code, ...changes) => {
      const error = refusal(() => core.changeResourceRecordSets(zoneId, { changes }));
      expect(error.code).toBe(code);
      return error;
    },
    names: () =>
      core
        .records(zoneId)
        .filter(({ name, type }) => name !== zoneName || (type !== 'NS' && type !== 'SOA'))
        .map(({ name, type, setIdentifier }) => [name, type, setIdentifier].join(' ').trim()),
  };
}

/** The refusal that `call` ends in. */
export function refusal(call: () => unknown): Route53Error {
  try {
    call();
  } catch (error) {
    if (error instanceof Route53Error) return error;
    throw error;
  }
  throw new Error('The call was accepted, but should have been refused.');
}

export function a(name: string, value: string, more: Partial<RequestedRecord> = {}): RequestedRecord {
  return { name, type: 'A', ttl: 60, values: [value], ...more };
}

export function txt(name: string, ...values: readonly string[]): RequestedRecord {
  return { name, type: 'TXT', ttl: 5, values: values.map((value) => `"${value}"`) };
}

export function weighted(name: string, setIdentifier: string, value: string, weight = 1): RequestedRecord {
  return { name, type: 'A', ttl: 60, values: [value], setIdentifier, weight };
}

export function alias(name: string, zoneId: string, target: string, type = 'A'): RequestedRecord {
  return { name, type, alias: { zoneId, name: target, evaluateTargetHealth: false } };
}

export function put(record: RequestedRecord): RequestedChange {
  return { action: 'CREATE', record };
}

export function drop(record: RequestedRecord): RequestedChange {
  return { action: 'DELETE', record };
}

export function upsert(record: RequestedRecord): RequestedChange {
  return { action: 'UPSERT', record };
}
