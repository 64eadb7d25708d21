import type { Socket } from "node:net";
import { createErrorReply, DatabaseError } from "./errors.ts";
import type { BsonDocument } from "./values/types.ts";
import { MessageSplitter } from "./wire/message-splitter.ts";
import { readRequest } from "./wire/read-request.ts";
import { writeReply } from "./wire/write-reply.ts";
import { OP_MSG } from "./wire/message.ts";

/**
 * Serves one client: one command after the other, in order. Bytes that are not the protocol close this connection
 * and touch no other. A client that does not read its replies is not read from either.
 */
export function serveConnection(socket: Socket, run: (command: BsonDocument) => BsonDocument): void {
  const splitter = new MessageSplitter();
  const answerAll = (): void => {
    try {
      for (let message = splitter.next(); message; message = splitter.next()) {
        answer(socket, message, run);
        if (socket.writableNeedDrain) {
          socket.pause();
          return;
        }
      }
    } catch {
      socket.destroy();
    }
  };
  socket.setNoDelay(true);
  socket.on("error", () => socket.destroy());
  socket.on("data", (chunk) => {
    splitter.push(chunk);
    if (!socket.writableNeedDrain) answerAll();
  });
  socket.on("drain", () => {
    answerAll();
    if (!socket.writableNeedDrain) socket.resume();
  });
}

function answer(socket: Socket, message: Buffer, run: (command: BsonDocument) => BsonDocument): void {
  try {
    const request = readRequest(message);
    const reply = run(request.command);
    if (request.wantsReply) socket.write(writeReply(request, reply));
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    socket.write(writeReply({ requestId: message.readInt32LE(4), opCode: OP_MSG }, createErrorReply(error)));
  }
}
