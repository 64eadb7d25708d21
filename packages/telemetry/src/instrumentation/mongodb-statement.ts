/** Bounds on one statement; what is beyond them is left out. */
const MAX_DEPTH = 6;
const MAX_KEYS = 32;
const MAX_ITEMS = 8;
const MAX_NODES = 200;
const MAX_LENGTH = 2048;

/** Session and cluster bookkeeping of the driver, not part of what the application asked. */
const DRIVER_KEYS = new Set(["lsid", "$clusterTime", "txnNumber", "$readPreference", "apiVersion"]);

/** Field names and operators; anything else may be data that was used as a key. */
const PLAIN_KEY = /^\$?[A-Za-z_][A-Za-z0-9_]{0,63}(?:\.(?:\$?[A-Za-z_][A-Za-z0-9_]{0,63}|\d{1,4})){0,8}$/;

/** More digits than this in a name, and it is an id or a number: data. */
const MAX_DIGITS = 6;

/** The driver addresses these to `$cmd`; the collection stands in the command. The second field tells them from a document. */
const COLLECTION_COMMANDS = [
  ["findAndModify", "query"],
  ["aggregate", "pipeline"],
] as const;
const COLLECTION_NAME = /^[A-Za-z_][\w.-]{0,119}$/;

/**
 * The shape of a MongoDB command with `?` for every value. The instrumentation's own serializer would also write keys
 * that are data, walk a document of a megabyte and spell out buffers byte by byte.
 */
export function serializeMongoCommand(command: Record<string, unknown>): string {
  const shape = readShape(command, 0, { nodes: 0 });
  return JSON.stringify(withCollection(shape, command)).slice(0, MAX_LENGTH);
}

function withCollection(shape: unknown, command: Record<string, unknown>): unknown {
  for (const [name, field] of COLLECTION_COMMANDS) {
    const collection = command[name];
    if (typeof collection !== "string" || !(field in command) || !COLLECTION_NAME.test(collection)) continue;
    return Object.assign(shape as object, { [name]: collection });
  }
  return shape;
}

function readShape(value: unknown, depth: number, state: { nodes: number }): unknown {
  state.nodes += 1;
  if (state.nodes > MAX_NODES || depth > MAX_DEPTH) return "?";
  if (Array.isArray(value)) return readListShape(value, depth, state);
  if (!isPlainObject(value)) return "?";
  const shape: Record<string, unknown> = {};
  let count = 0;
  for (const key in value) {
    if (!Object.hasOwn(value, key) || (depth === 0 && DRIVER_KEYS.has(key))) continue;
    count += 1;
    if (count > MAX_KEYS) break;
    shape[isFieldName(key) ? key : "?"] = readShape(value[key], depth + 1, state);
  }
  return shape;
}

/** Statements name the same few fields again and again; names that are data are not worth remembering. */
const MAX_KNOWN_KEYS = 1_000;
const knownKeys = new Map<string, boolean>();

function isFieldName(key: string): boolean {
  const known = knownKeys.get(key);
  if (known !== undefined) return known;
  const isName = PLAIN_KEY.test(key) && key.replaceAll(/\D/g, "").length <= MAX_DIGITS;
  if (isName && knownKeys.size < MAX_KNOWN_KEYS) knownKeys.set(key, isName);
  return isName;
}

function readListShape(list: readonly unknown[], depth: number, state: { nodes: number }): unknown {
  const items = list.slice(0, MAX_ITEMS).map((item) => readShape(item, depth + 1, state));
  return items.every((item) => item === "?") ? ["?"] : items;
}

/** Ids, dates, buffers and other values of the driver are class instances: they have no shape to show. */
function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
