/** A fact that a person or a metric filter wants to see: one line of JSON in a function, one line of text locally. */
export interface Telemetry {
  /** Adds to a counter. Names come from metric-names.ts. */
  count(metric: string, value: number, dimensions?: Readonly<Record<string, string>>): void;
  /** One occurrence, with the facts that are needed to understand it later. */
  note(message: string, facts?: Readonly<Record<string, unknown>>): void;
}

/** Telemetry for callers that have no use for it. */
export const silentTelemetry: Telemetry = { count: () => undefined, note: () => undefined };
