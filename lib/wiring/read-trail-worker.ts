import { parentPort, workerData } from 'node:worker_threads';
import { TrailUnreadable } from '../trail/trail-event.ts';
import { eventPacker } from './packed-events.ts';
import type { TrailReading } from './read-trail.ts';
import { readTrail } from './read-trail.ts';
import type { TrailErrand, TrailMessage } from './read-trail-beside.ts';
import { PIECES_AHEAD } from './read-trail-beside.ts';

const port = parentPort;
if (port !== null) {
  const say = (message: TrailMessage): void => port.postMessage(message);
  const { files, taken } = workerData as TrailErrand;
  const reading: TrailReading = { files: files.length, others: 0 };
  const pack = eventPacker();
  let said = 0;
  try {
    for await (const events of readTrail(files, reading)) {
      say({ type: 'events', packed: pack(events) });
      said += 1;
      for (let now = Atomics.load(taken, 0); said - now >= PIECES_AHEAD; now = Atomics.load(taken, 0))
        Atomics.wait(taken, 0, now);
    }
    say({ type: 'end', others: reading.others });
  } catch (error) {
    if (!(error instanceof TrailUnreadable)) throw error;
    say({ type: 'unreadable', message: error.message });
  }
}
