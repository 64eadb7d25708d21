import type { Scope } from "@sentry/core";

const snapshots = new WeakMap<Scope, Scope>();

/**
 * A copy of `scope` that nobody changes: the one made last, where `scope` still holds the same. The scopes of a process change
 * rarely, and requests are forked from them. They are compared because Sentry's scopes do not tell of every change.
 */
export function takeSnapshot(scope: Scope): Scope {
  const last = snapshots.get(scope);
  if (last && isSame(scope, last)) return last;
  const snapshot = scope.clone();
  snapshots.set(scope, snapshot);
  return snapshot;
}

/** Compares as deep as `clone` copies. Feature flags are copied deeper, and so never the same. */
function isSame(scope: Scope, snapshot: Scope): boolean {
  return (
    scope.getClient() === snapshot.getClient() &&
    scope.getSession() === snapshot.getSession() &&
    scope.lastEventId() === snapshot.lastEventId() &&
    areEqual(scope.refs, snapshot.refs) &&
    isSameData(scope.getScopeData(), snapshot.getScopeData())
  );
}

function isSameData(data: object, copied: object): boolean {
  const left = data as Record<string, unknown>;
  const right = copied as Record<string, unknown>;
  for (const key in left) if (!areEqual(left[key], right[key])) return false;
  return true;
}

function areEqual(left: unknown, right: unknown): boolean {
  if (Object.is(left, right)) return true;
  if (!isObject(left) || !isObject(right)) return false;
  for (const key in left) if (!(key in right) || !Object.is(left[key], right[key])) return false;
  for (const key in right) if (!(key in left)) return false;
  return true;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
