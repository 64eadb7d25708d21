import type { SpanScopeData } from "../scopes/span-scopes.ts";

type Attributes = Readonly<Record<string, unknown>>;

/**
 * What the application told Sentry's scopes, as a span carries it; `undefined` where it told them nothing, as most do:
 * merging whole scopes would cost more than the rest of a span.
 */
export function readScopeAttributes(
  global: SpanScopeData,
  isolation: SpanScopeData,
  current: SpanScopeData,
): Attributes | undefined {
  const layers = [global, isolation, current];
  if (layers.every(({ user, attributes }) => isEmpty(user) && isEmpty(attributes))) return undefined;
  const user: SpanScopeData["user"] = Object.assign({}, ...layers.map((layer) => layer.user));
  return Object.assign({}, ...layers.map((layer) => layer.attributes), {
    ...(user.id !== undefined && { "user.id": user.id }),
    ...(user.email !== undefined && { "user.email": user.email }),
    ...(user.ip_address !== undefined && { "user.ip_address": user.ip_address }),
    ...(user.username !== undefined && { "user.name": user.username }),
  }) as Attributes;
}

function isEmpty(record: object): boolean {
  for (const _key in record) return false;
  return true;
}
