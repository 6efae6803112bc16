import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How a collector answers: 200, that status, or never. */
export type Answering = number | 'never';

/** One point of one metric, as a collector was told it. */
export interface CollectedPoint {
  readonly name: string;
  readonly unit: string;
  readonly description: string;
  readonly kind: 'sum' | 'gauge';
  /** Of sums: 1 for delta, 2 for cumulative (AggregationTemporality, OTLP). */
  readonly temporality: number | undefined;
  readonly isMonotonic: boolean | undefined;
  readonly value: number;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly resource: Readonly<Record<string, unknown>>;
}

export interface OtlpCollector {
  readonly url: string;
  answer(as: Answering): void;
  /** Requests, whatever they were answered. */
  readonly requests: readonly { readonly path: string | undefined; readonly headers: IncomingHttpHeaders }[];
  /** What it took. */
  readonly points: readonly CollectedPoint[];
  close(): Promise<void>;
}

interface KeyValue {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}
interface Point {
  readonly attributes?: readonly KeyValue[];
  readonly asDouble?: number;
  readonly asInt?: number | string;
}
interface Metric {
  readonly name: string;
  readonly unit: string;
  readonly description: string;
  readonly sum?: {
    readonly dataPoints: readonly Point[];
    readonly aggregationTemporality: number;
    readonly isMonotonic: boolean;
  };
  readonly gauge?: { readonly dataPoints: readonly Point[] };
}
interface Body {
  readonly resourceMetrics: readonly {
    readonly resource: { readonly attributes: readonly KeyValue[] };
    readonly scopeMetrics: readonly { readonly metrics: readonly Metric[] }[];
  }[];
}

/** A collector of OTLP in JSON on this machine, which also answers badly, and not at all. */
export async function otlpCollector(): Promise<OtlpCollector> {
  let as: Answering = 200;
  const requests: { path: string | undefined; headers: IncomingHttpHeaders }[] = [];
  const points: CollectedPoint[] = [];
  const server = createServer(async (request, response) => {
    requests.push({ path: request.url, headers: request.headers });
    const body = await read(request);
    if (as === 'never') return;
    if (as === 200) points.push(...pointsOf(JSON.parse(body)));
    response.writeHead(as, { 'content-type': 'application/json' });
    response.end('{}');
  });
  await new Promise<void>((resolve) => {
    server.listen({ host: '127.0.0.1', port: 0 }, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    answer: (now) => {
      as = now;
    },
    requests,
    points,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function pointsOf({ resourceMetrics }: Body): readonly CollectedPoint[] {
  return resourceMetrics.flatMap(({ resource, scopeMetrics }) =>
    scopeMetrics.flatMap(({ metrics }) =>
      metrics.flatMap(
        ({ name, unit, description, sum, gauge }) =>
          (sum ?? gauge)?.dataPoints.map((point) => ({
            name,
            unit,
            description,
            kind: sum === undefined ? ('gauge' as const) : ('sum' as const),
            temporality: sum?.aggregationTemporality,
            isMonotonic: sum?.isMonotonic,
            value: Number(point.asDouble ?? point.asInt),
            attributes: recordOf(point.attributes ?? []),
            resource: recordOf(resource.attributes),
          })) ?? [],
      ),
    ),
  );
}

function recordOf(entries: readonly KeyValue[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(entries.map(({ key, value }) => [key, Object.values(value)[0]]));
}
