export interface NavigationParts {
  /** Called when another path is shown, before the application shows it. */
  readonly onNavigation: () => void;
  readonly guard: (work: () => void) => void;
}

/**
 * Watches a single-page app go to other paths, by `history`, the Navigation API, or fragments that are paths (`#/orders`).
 * Another query or fragment is the same page. A page that comes back from the browser's cache is a new view of it.
 */
export function watchNavigation({ onNavigation, guard }: NavigationParts): () => void {
  let place = readPlace();
  const look = (): void =>
    guard(() => {
      const now = readPlace();
      if (now === place) return;
      place = now;
      onNavigation();
    });
  const onPageShow = ({ persisted }: PageTransitionEvent): void => {
    if (persisted) guard(onNavigation);
  };
  const unwrap = [wrap("pushState", look), wrap("replaceState", look)];
  // Before the application's own listeners, whose requests belong to the new view.
  globalThis.addEventListener("popstate", look, { capture: true });
  globalThis.addEventListener("pageshow", onPageShow);
  // Told of all of them, where the browser has it: https://developer.mozilla.org/docs/Web/API/Navigation_API
  const entries: EventTarget | undefined = globalThis.navigation;
  entries?.addEventListener("currententrychange", look);
  return () => {
    for (const undo of unwrap) undo();
    globalThis.removeEventListener("popstate", look, { capture: true });
    globalThis.removeEventListener("pageshow", onPageShow);
    entries?.removeEventListener("currententrychange", look);
  };
}

/** Where the application is, whichever part of the address its router keeps that in. */
function readPlace(): string {
  const { pathname, hash } = location;
  return pathname + (/^#!?\/[^?]*/.exec(hash)?.[0] ?? "");
}

function wrap(method: "pushState" | "replaceState", after: () => void): () => void {
  const original = history[method];
  let isOn = true;
  const wrapped: History["pushState"] = (...args) => {
    Reflect.apply(original, history, args);
    if (isOn) after();
  };
  history[method] = wrapped;
  return () => {
    isOn = false;
    if (history[method] === wrapped) history[method] = original;
  };
}
