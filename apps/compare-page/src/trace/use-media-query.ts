import { useCallback, useSyncExternalStore } from "react";

/** Narrower than this, the two waterfalls stand one above the other, and details open over the page. */
const narrow = "(max-width: 56rem)";

export function useNarrowScreen(): boolean {
  const subscribe = useCallback((onChange: () => void) => {
    const query = matchMedia(narrow);
    query.addEventListener("change", onChange);
    return () => query.removeEventListener("change", onChange);
  }, []);
  return useSyncExternalStore(subscribe, () => matchMedia(narrow).matches);
}
