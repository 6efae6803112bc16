import { Worker } from 'node:worker_threads';
import type { TrailEvent } from '../trail/trail-event.ts';
import { TrailUnreadable } from '../trail/trail-event.ts';
import type { PackedEvents } from './packed-events.ts';
import { eventUnpacker } from './packed-events.ts';
import type { TrailReading } from './read-trail.ts';
import { readTrail } from './read-trail.ts';
import type { TrailFile } from './trail-files.ts';

/** What the thread says: events, the end of all files, or what is wrong with one of them. */
export type TrailMessage =
  | { readonly type: 'events'; readonly packed: PackedEvents }
  | { readonly type: 'end'; readonly others: number }
  | { readonly type: 'unreadable'; readonly message: string };

/** What the thread is given. */
export interface TrailErrand {
  readonly files: readonly TrailFile[];
  /** How many pieces were taken from it: it waits for this where it is too far ahead. */
  readonly taken: Int32Array<SharedArrayBuffer>;
}

/** Pieces that are read and not taken yet, at most. */
export const PIECES_AHEAD = 8;
/** Below this a thread costs more than it brings: it takes longer to start than the files take to be read. */
const SMALL_BYTES = 4_000_000;

/** The young generation's heap: what is made of a file is garbage as soon as it is sent. */
const YOUNG_MB = 96;

/** The file of a thread: in a clone TypeScript as this one, in a package JavaScript as this one. */
const WORKER = new URL(import.meta.url.replace(/[^/]+([.][jt]s)$/, 'read-trail-worker$1'));

/**
 * The events of these files as `readTrail` gives them. Large files are read in a thread of its own, so that one core reads
 * while another one plays. Records come over as JSON, which is read faster than copied objects are made, and each as a rule once.
 *
 * @param smallBytes of all files together: so many are read here.
 * @throws TrailUnreadable at the first file that is no trail, or not whole.
 */
export async function* readTrailBeside(
  files: readonly TrailFile[],
  reading: TrailReading,
  smallBytes = SMALL_BYTES,
): AsyncGenerator<readonly TrailEvent[]> {
  if (files.reduce((sum, { bytes }) => sum + bytes, 0) <= smallBytes) {
    yield* readTrail(files, reading);
    return;
  }
  const taken = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const worker = new Worker(WORKER, {
    workerData: { files, taken } satisfies TrailErrand,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
  });
  const unpack = eventUnpacker();
  try {
    for await (const message of messagesOf(worker)) {
      if (message.type === 'unreadable') throw new TrailUnreadable(message.message);
      if (message.type === 'end') {
        reading.others += message.others;
        return;
      }
      Atomics.add(taken, 0, 1);
      Atomics.notify(taken, 0);
      yield unpack(message.packed);
    }
  } finally {
    await worker.terminate();
  }
}

/** The messages of a thread in their order. @throws Error when it ends before it has said that it does. */
async function* messagesOf(worker: Worker): AsyncGenerator<TrailMessage> {
  const come: TrailMessage[] = [];
  let failed: Error | undefined;
  let wake = (): void => {};
  worker.on('message', (message: TrailMessage) => {
    come.push(message);
    wake();
  });
  worker.on('error', (error) => {
    failed = error;
    wake();
  });
  worker.on('exit', (code) => {
    failed ??= new Error(`the thread that reads the trail ended with code ${code}`);
    wake();
  });
  for (;;) {
    const message = come.shift();
    if (message !== undefined) yield message;
    else if (failed !== undefined) throw failed;
    else
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
  }
}
