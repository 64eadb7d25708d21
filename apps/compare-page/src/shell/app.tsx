import { lazy, Suspense, useEffect, useRef, type ReactNode } from "react";
import { ListPage } from "../list/list-page.tsx";
import { useAddress } from "./address.ts";
import { Header } from "./header.tsx";
import { Link } from "./link.tsx";

/** The larger page: the list must not wait for it. */
const TracePage = lazy(async () => ({ default: (await import("../trace/trace-page.tsx")).TracePage }));

const tracePath = /^\/trace\/([0-9a-f]{32})\/?$/i;

export function App(): ReactNode {
  const main = useRef<HTMLElement>(null);
  const { pathname } = useAddress();
  const shown = useRef(pathname);
  useEffect(() => {
    // Another page begins at its beginning, for those who hear it, too.
    if (shown.current !== pathname) main.current?.focus({ preventScroll: true });
    shown.current = pathname;
  }, [pathname]);
  return (
    <>
      <Header />
      <main id="main" ref={main} tabIndex={-1}>
        <Page />
      </main>
    </>
  );
}

function Page(): ReactNode {
  const { pathname, params } = useAddress();
  const traceId = tracePath.exec(pathname)?.[1]?.toLowerCase();
  const title = readTitle(pathname, traceId, params.get("query"));
  useEffect(() => {
    document.title = `${title} · Tracebridge`;
  }, [title]);
  if (traceId !== undefined) {
    return (
      <Suspense fallback={<p className="quiet">Loading the trace…</p>}>
        <TracePage key={traceId} traceId={traceId} params={params} />
      </Suspense>
    );
  }
  if (pathname === "/") return <ListPage params={params} />;
  return (
    <section className="note">
      <h1>There is nothing at this address</h1>
      <p>
        A trace is at <code>/trace/</code> followed by its id of 32 hex digits.{" "}
        <Link to="/">Recent traces</Link>
      </p>
    </section>
  );
}

function readTitle(pathname: string, traceId: string | undefined, query: string | null): string {
  if (traceId !== undefined) return `Trace ${traceId.slice(0, 8)}`;
  if (pathname !== "/") return "Not found";
  return query ? `Traces with ${query}` : "Traces";
}
