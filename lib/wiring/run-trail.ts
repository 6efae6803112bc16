import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { z } from 'zod';
import manifest from '../../package.json' with { type: 'json' };
import { FORMATS } from '../ledger/decider/formats.ts';
import { openLedger } from '../ledger/dynamodb/dynamodb-ledger.ts';
import type { Instant } from '../runtime/clock.ts';
import { systemClock } from '../runtime/clock.ts';
import { systemRandomness } from '../runtime/ids.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { TrailFinding } from '../trail/finding.ts';
import type { TrailWriter } from '../trail/trail-event.ts';
import type { TrailPass } from '../trail-watch/trail-pass.ts';
import { passTrail } from '../trail-watch/trail-pass.ts';
import { dynamodbClientDefaults } from './connect.ts';
import { parseDeployedCells } from './deployed-cells.ts';
import { trailBucket } from './trail-bucket.ts';
import { dynamodbTrailMemory } from './trail-memory.ts';

/** What the stack says of a trail, as lib/infrastructure/trail-watch.ts writes it. */
const trailSettings = z.strictObject({
  bucket: z.string().min(3),
  prefixes: z.array(z.string().min(1)).min(1),
  /** The table of what passes remember. */
  memory: z.string().min(3),
  lookBackHours: z.number().positive(),
  /** Pawl's senders; absent: whoever goes through the fence as Pawl does. */
  writers: z.array(z.string()).optional(),
});

const settings = z.object({
  PAWL_TABLE: z.string().min(1),
  PAWL_CELLS: z.string().min(2),
  PAWL_TRAIL: z.string().transform((text, context) => {
    try {
      return trailSettings.parse(JSON.parse(text));
    } catch (error) {
      context.addIssue(`not the settings of a trail: ${String(error)}`);
      return z.NEVER;
    }
  }),
});

const HOUR_MS = 3_600_000;

/**
 * The passes of the function that reads a trail. Nothing is asked of AWS here.
 *
 * @param say says one finding.
 * @throws ZodError naming each variable that is missing or wrong.
 */
export function trailPasses(
  telemetry: Telemetry,
  say: (finding: TrailFinding) => void,
  env: NodeJS.ProcessEnv = process.env,
): (deadline: Instant) => Promise<TrailPass> {
  const { PAWL_TABLE: table, PAWL_CELLS, PAWL_TRAIL: trail } = settings.parse(env);
  const cells = new Set(parseDeployedCells(PAWL_CELLS).keys());
  const client = new DynamoDBClient(dynamodbClientDefaults);
  const store = trailBucket(trail);
  const memory = dynamodbTrailMemory(client, trail.memory);
  const deps = { store, memory, cells, clock: systemClock, telemetry, say };
  const lookBackMs = trail.lookBackHours * HOUR_MS;
  return async (deadline) => {
    const ledger = await openLedger(
      { client, table, randomness: systemRandomness, clock: systemClock },
      { release: { formats: FORMATS, pawl: manifest.version } },
    );
    return passTrail(
      { ...deps, ledger, settings: { lookBackMs, isOwn: ownOf(trail.writers) } },
      { deadline },
    );
  };
}

function ownOf(writers: readonly string[] | undefined): ((who: TrailWriter) => boolean) | undefined {
  if (writers === undefined) return undefined;
  return ({ names }) => names.some((name) => writers.includes(name));
}
