export interface NavigationParts {
  /** Called when another path is shown, before the application shows it. */
  readonly onNavigation: () => void;
  readonly guard: (work: () => void) => void;
}

/**
 * Watches a single-page app go to other paths. Another query or fragment is the same page. A page that comes back from
 * the browser's cache is a new view of it.
 */
export function watchNavigation({ onNavigation, guard }: NavigationParts): () => void {
  let path = location.pathname;
  const look = (): void =>
    guard(() => {
      if (location.pathname === path) return;
      path = location.pathname;
      onNavigation();
    });
  const onPageShow = ({ persisted }: PageTransitionEvent): void => {
    if (persisted) guard(onNavigation);
  };
  const unwrap = [wrap("pushState", look), wrap("replaceState", look)];
  // Before the application's own listeners, whose requests belong to the new view.
  globalThis.addEventListener("popstate", look, { capture: true });
  globalThis.addEventListener("pageshow", onPageShow);
  return () => {
    for (const undo of unwrap) undo();
    globalThis.removeEventListener("popstate", look, { capture: true });
    globalThis.removeEventListener("pageshow", onPageShow);
  };
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
