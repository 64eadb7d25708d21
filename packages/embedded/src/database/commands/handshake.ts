import { createError } from "../errors.ts";
import type { BsonDocument } from "../values/types.ts";
import { MAX_DOCUMENT_BYTES, MAX_MESSAGE_BYTES, MAX_WRITE_BATCH } from "../wire/limits.ts";
import type { CommandContext, CommandDefinition } from "./command.ts";

/** The MongoDB whose commands are imitated, and the wire version that belongs to it. */
const VERSION = "7.0.0";
const WIRE_VERSION = 21;
const PRODUCT = "Tracebridge embedded database";

/** No `setName` and no `msg`: a standalone, so that drivers use neither retryable writes nor transactions. */
function runHello({ connectionId, name }: CommandContext): BsonDocument {
  return {
    helloOk: true,
    ...(name === "hello" ? {} : { ismaster: true }),
    isWritablePrimary: true,
    maxBsonObjectSize: MAX_DOCUMENT_BYTES,
    maxMessageSizeBytes: MAX_MESSAGE_BYTES,
    maxWriteBatchSize: MAX_WRITE_BATCH,
    localTime: new Date(),
    logicalSessionTimeoutMinutes: 30,
    connectionId,
    minWireVersion: 0,
    maxWireVersion: WIRE_VERSION,
    readOnly: false,
    ok: 1,
  };
}

function runBuildInfo(): BsonDocument {
  return {
    version: VERSION,
    versionArray: [...VERSION.split(".").map(Number), 0],
    gitVersion: PRODUCT,
    modules: [],
    allocator: "v8",
    javascriptEngine: "none",
    bits: 64,
    debug: false,
    maxBsonObjectSize: MAX_DOCUMENT_BYTES,
    storageEngines: ["memory"],
    ok: 1,
  };
}

function runServerStatus({ startedAtMillis, connectionCount, cursors }: CommandContext): BsonDocument {
  return {
    host: PRODUCT,
    version: VERSION,
    process: PRODUCT,
    pid: process.pid,
    uptime: (Date.now() - startedAtMillis) / 1000,
    localTime: new Date(),
    connections: { current: connectionCount() },
    metrics: { cursor: { open: { total: cursors.size } } },
    ok: 1,
  };
}

function refuseLogin(): never {
  throw createError(
    "AuthenticationFailed",
    "The embedded database has no users: connect without credentials",
  );
}

const hello: CommandDefinition = { fields: [], acceptsAnyField: true, run: runHello };

export const HANDSHAKE_COMMANDS: Readonly<Record<string, CommandDefinition>> = {
  hello,
  ismaster: hello,
  ping: { fields: [], run: () => ({ ok: 1 }) },
  buildinfo: { fields: [], run: runBuildInfo },
  serverstatus: { fields: [], acceptsAnyField: true, run: runServerStatus },
  connectionstatus: {
    fields: ["showPrivileges"],
    run: () => ({ authInfo: { authenticatedUsers: [], authenticatedUserRoles: [] }, ok: 1 }),
  },
  saslstart: { fields: [], acceptsAnyField: true, run: refuseLogin },
  authenticate: { fields: [], acceptsAnyField: true, run: refuseLogin },
  logout: { fields: [], run: () => ({ ok: 1 }) },
};
