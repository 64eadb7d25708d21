/** The route that the link in a mail leads to. */
export const resetPath = "/reset-password";

/**
 * The token of the link in a mail, taken out of the address bar: neither the history nor anything that records
 * addresses keeps it. To be called before anything that does. The path stays, so this is no navigation.
 */
export function takeResetToken(): string | undefined {
  const token = new URLSearchParams(location.hash.slice(1)).get("token");
  if (token === null) return undefined;
  history.replaceState(history.state, "", location.pathname + location.search);
  return token === "" ? undefined : token;
}

/**
 * Calls `take` with the token of a link that is followed while its page is open: only the fragment changes then.
 * `popstate` comes before `hashchange`, and listeners are called in the order in which they were added: what is
 * started later sees the address without the token.
 */
export function onResetLink(take: (token: string) => void): void {
  const look = (): void => {
    const token = takeResetToken();
    if (token !== undefined) take(token);
  };
  addEventListener("popstate", look, { capture: true });
}
