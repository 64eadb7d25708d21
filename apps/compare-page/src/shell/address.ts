import { useMemo, useSyncExternalStore } from "react";

/** Where the reader is: the only state that outlives a reload. */
export interface Address {
  readonly pathname: string;
  readonly params: URLSearchParams;
}

const listeners = new Set<() => void>();

export function useAddress(): Address {
  const href = useSyncExternalStore(subscribe, () => location.pathname + location.search);
  return useMemo(() => {
    const { pathname, searchParams } = new URL(href, location.origin);
    return { pathname, params: searchParams };
  }, [href]);
}

interface GoOptions {
  /** Leaves no step to go back to. */
  readonly replace?: boolean;
  /** The same page with another choice on it. */
  readonly keepScroll?: boolean;
}

/** Shows another address of this app. */
export function go(to: string, { replace = false, keepScroll = false }: GoOptions = {}): void {
  if (replace) history.replaceState(undefined, "", to);
  else {
    history.pushState(undefined, "", to);
    if (!keepScroll) scrollTo(0, 0);
  }
  for (const listener of listeners) listener();
}

/** The present address with other parameters; undefined removes one. */
export function withParams(changes: Readonly<Record<string, string | undefined>>): string {
  const { pathname, search } = location;
  const params = new URLSearchParams(search);
  for (const [key, value] of Object.entries(changes)) {
    if (value === undefined || value === "") params.delete(key);
    else params.set(key, value);
  }
  return params.size > 0 ? `${pathname}?${params}` : pathname;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  addEventListener("popstate", listener);
  return () => {
    listeners.delete(listener);
    removeEventListener("popstate", listener);
  };
}
