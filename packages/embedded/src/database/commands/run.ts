import { createError, createErrorReply, createLocationError, DatabaseError } from "../errors.ts";
import type { Store } from "../store/store.ts";
import { type BsonDocument, isDocument } from "../values/types.ts";
import { COLLECTION_COMMANDS } from "./collections.ts";
import { checkFields, type CommandDefinition } from "./command.ts";
import type { Cursors } from "./cursors.ts";
import { FIND_AND_MODIFY } from "./find-and-modify.ts";
import { HANDSHAKE_COMMANDS } from "./handshake.ts";
import { INDEX_COMMANDS } from "./indexes.ts";
import { READ_COMMANDS } from "./reads.ts";
import { SESSION_COMMANDS } from "./session.ts";
import { WRITE_COMMANDS } from "./writes.ts";

/** By lower-case name: MongoDB accepts some commands in several spellings, and drivers use them. */
const COMMANDS: Readonly<Record<string, CommandDefinition>> = {
  ...HANDSHAKE_COMMANDS,
  ...SESSION_COMMANDS,
  ...READ_COMMANDS,
  ...WRITE_COMMANDS,
  findandmodify: FIND_AND_MODIFY,
  ...COLLECTION_COMMANDS,
  ...INDEX_COMMANDS,
};

/** These must be sent to the database `admin`. */
const ADMIN_ONLY = new Set(["listdatabases", "renamecollection"]);
const TRANSACTION_COMMANDS = new Set(["committransaction", "aborttransaction"]);

/** The server side that all connections share. */
export interface Server {
  readonly store: Store;
  readonly cursors: Cursors;
  readonly startedAtMillis: number;
  readonly connectionCount: () => number;
}

/** Runs one command to its end: nothing else happens in between. Never throws; a failure is a reply with `ok: 0`. */
export function runCommand(server: Server, command: BsonDocument, connectionId: number): BsonDocument {
  try {
    return run(server, command, connectionId);
  } catch (error) {
    return error instanceof DatabaseError ? createErrorReply(error) : createInternalError(error);
  }
}

/** A mistake of ours is reported to the client and ends nothing but the command. */
function createInternalError(error: unknown): BsonDocument {
  const reason = error instanceof Error ? error.message : String(error);
  return {
    ok: 0,
    errmsg: `Internal error of the embedded database: ${reason}`,
    code: 1,
    codeName: "InternalError",
  };
}

function run(server: Server, command: BsonDocument, connectionId: number): BsonDocument {
  const [name = ""] = Object.keys(command);
  const lowerCase = name.toLowerCase();
  if (TRANSACTION_COMMANDS.has(lowerCase)) {
    throw createError(
      "IllegalOperation",
      "Transaction numbers are only allowed on a replica set member or mongos",
    );
  }
  const definition = Object.hasOwn(COMMANDS, lowerCase) ? COMMANDS[lowerCase] : undefined;
  if (!definition) throw createError("CommandNotFound", `no such command: '${name}'`);
  const databaseName = command["$db"];
  if (typeof databaseName !== "string") {
    throw createLocationError(40571, "OP_MSG requests require a $db argument");
  }
  if (ADMIN_ONLY.has(lowerCase) && databaseName !== "admin") {
    throw createError("Unauthorized", `${name} may only be run against the admin database.`);
  }
  checkFields(name, command, definition);
  const variables = isDocument(command["let"]) ? command["let"] : {};
  return definition.run({
    command,
    name,
    store: server.store,
    cursors: server.cursors,
    connectionId,
    database: server.store.database(databaseName),
    scope: { variables, now: new Date(), exactNumbers: false },
    startedAtMillis: server.startedAtMillis,
    connectionCount: server.connectionCount,
  });
}
