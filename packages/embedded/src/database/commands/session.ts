import { UUID } from "bson";
import { createKey } from "../values/key.ts";
import { isDocument } from "../values/types.ts";
import type { CommandContext, CommandDefinition } from "./command.ts";

/** Sessions are accepted and only tie cursors together; there are no transactions. */
export function readSession(lsid: unknown): string | undefined {
  return isDocument(lsid) && lsid["id"] !== undefined ? createKey(lsid["id"]) : undefined;
}

function endSessions({ command, name, cursors }: CommandContext): { ok: number } {
  const sessions = command[name];
  for (const lsid of Array.isArray(sessions) ? (sessions as unknown[]) : []) {
    const session = readSession(lsid);
    if (session !== undefined) cursors.killSession(session);
  }
  return { ok: 1 };
}

export const SESSION_COMMANDS: Readonly<Record<string, CommandDefinition>> = {
  startsession: { fields: [], run: () => ({ id: { id: new UUID() }, timeoutMinutes: 30, ok: 1 }) },
  endsessions: { fields: [], run: endSessions },
  killsessions: { fields: [], run: endSessions },
  refreshsessions: { fields: [], run: () => ({ ok: 1 }) },
};
