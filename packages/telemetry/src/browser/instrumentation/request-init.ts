/** What `fetch` reads of its second argument: https://fetch.spec.whatwg.org/#requestinit */
const MEMBERS = [
  "method",
  "headers",
  "body",
  "referrer",
  "referrerPolicy",
  "mode",
  "credentials",
  "cache",
  "redirect",
  "integrity",
  "keepalive",
  "signal",
  "duplex",
  "priority",
  "window",
] as const satisfies readonly (keyof RequestInit | "duplex" | "window")[];

/**
 * A copy of `init` with other headers. Its members may come from a class, or from the browser when a `Request` stands for
 * it; they are read as `fetch` would read them, and become the copy's own, so that whoever copies it once more has all.
 * @throws TypeError when `init` is no object
 */
export function replaceHeaders(
  init: RequestInit | null | undefined,
  headers: Headers,
  request: Request | undefined,
): RequestInit {
  const copy: Record<string, unknown> = { ...init };
  for (const name of MEMBERS) {
    const value: unknown = init && !(name in copy) ? Reflect.get(init, name) : undefined;
    if (value !== undefined) copy[name] = value;
  }
  // Any member but none at all makes `fetch` forget what the request says of these two.
  if (request && MEMBERS.every((name) => copy[name] === undefined)) {
    copy["referrer"] = request.referrer;
    copy["referrerPolicy"] = request.referrerPolicy;
  }
  return { ...copy, headers };
}
