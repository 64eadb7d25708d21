import type { SpanScopeData } from "../scopes/forked-scope.ts";

type Attributes = Readonly<Record<string, unknown>>;

/** What the application told Sentry's scopes. */
export interface ScopeAttributes {
  /** Of the user; as Sentry's own spans, a span carries them above what the scopes hold. */
  readonly user: Attributes;
  readonly others: Attributes;
}

/** `undefined` where it told them nothing, as most do: merging whole scopes would cost more than the rest of a span. */
export function readScopeAttributes(
  global: SpanScopeData,
  isolation: SpanScopeData,
  current: SpanScopeData,
): ScopeAttributes | undefined {
  const layers = [global, isolation, current];
  if (layers.every(({ user, attributes }) => isEmpty(user) && isEmpty(attributes))) return undefined;
  const user: SpanScopeData["user"] = Object.assign({}, ...layers.map((layer) => layer.user));
  return {
    user: {
      "user.id": user.id,
      "user.email": user.email,
      "user.ip_address": user.ip_address,
      "user.name": user.username,
    },
    others: Object.assign({}, ...layers.map((layer) => layer.attributes)),
  };
}

function isEmpty(record: object): boolean {
  for (const _key in record) return false;
  return true;
}
