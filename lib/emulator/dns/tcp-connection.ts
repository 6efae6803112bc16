import type { Socket } from 'node:net';

/** Each message is preceded by its length (RFC 1035, 4.2.2). */
const LENGTH_OCTETS = 2;

/** The reply to a message, or undefined to end the connection. */
export type Reply = (message: Buffer) => Buffer | undefined;

/**
 * Answers the queries of one connection in the order in which they come, however they are cut into packets,
 * until the client ends it or is silent for `idleTimeoutMs`. Replies that the client does not read stop the
 * reading of further queries, so a connection holds a bounded amount of memory.
 */
export function serveConnection(socket: Socket, reply: Reply, idleTimeoutMs: number): void {
  let pending: Buffer = Buffer.alloc(0);

  const answerPending = (): void => {
    while (!socket.destroyed && !socket.writableNeedDrain && pending.length >= LENGTH_OCTETS) {
      const end = LENGTH_OCTETS + pending.readUInt16BE(0);
      if (pending.length < end) break;
      const answer = reply(pending.subarray(LENGTH_OCTETS, end));
      pending = pending.subarray(end);
      if (answer === undefined) {
        socket.destroy();
        return;
      }
      socket.write(framed(answer));
    }
    if (socket.writableNeedDrain) socket.pause();
    else socket.resume();
  };

  socket.on('data', (chunk: Buffer) => {
    pending = Buffer.concat([pending, chunk]);
    answerPending();
  });
  socket.on('drain', answerPending);
  socket.setTimeout(idleTimeoutMs, () => socket.destroy());
  // The client went away; a `close` event follows.
  socket.on('error', () => socket.destroy());
}

/** A message as it travels over TCP. */
function framed(message: Buffer): Buffer {
  const length = Buffer.alloc(LENGTH_OCTETS);
  length.writeUInt16BE(message.length, 0);
  return Buffer.concat([length, message]);
}
