import { useCallback, useMemo } from "react";
import { go } from "../shell/address.ts";
import { createTraceSearch, readTraceAddress, type TraceAddress } from "./trace-address.ts";

export type ChangeAddress = (change: Partial<TraceAddress>, how?: "push" | "replace") => void;

/**
 * The trace page's state, which lives in the address. `push` makes an entry for the back button: for choices that one
 * wants to come back to. Typing and zooming replace the current entry.
 */
export function useTraceAddress(params: URLSearchParams): [TraceAddress, ChangeAddress] {
  const search = params.toString();
  const address = useMemo(() => readTraceAddress(search), [search]);
  const change = useCallback<ChangeAddress>((change, how = "replace") => {
    const next = createTraceSearch({ ...readTraceAddress(location.search), ...change });
    if (next !== location.search)
      go(location.pathname + next, { replace: how === "replace", keepScroll: true });
  }, []);
  return [address, change];
}
