import { useEffect, useRef, type ReactNode } from "react";
import { Link, Route, Switch, useLocation } from "wouter";
import type { OrderClient } from "../orders/order-client.ts";
import type { OrderSession } from "../orders/order-session.ts";
import { resetPath } from "../users/reset-link.ts";
import type { ResetSession } from "../users/reset-session.ts";
import { OrderPage } from "./order-page.tsx";
import { PageHeading } from "./page-heading.tsx";
import { ResetPage } from "./reset-page.tsx";

const orderPath = /^\/(?:index\.html)?$/;

interface SiteProps {
  readonly client: OrderClient;
  readonly orders: OrderSession;
  readonly resets: ResetSession;
}

/** The pages and the way between them. */
export function Site({ client, orders, resets }: SiteProps): ReactNode {
  const [path] = useLocation();
  const shown = useRef(path);
  useEffect(() => {
    if (shown.current === path) return;
    shown.current = path;
    // As after a page load, reading and tabbing begin at the top of what is new.
    document.querySelector("h1")?.focus();
  }, [path]);
  return (
    <div className="page">
      <nav className="site-header" aria-label="Pages">
        <span className="brand">Tracebridge</span>
        <SiteLink id="to-orders" path="/" current={path}>
          Orders
        </SiteLink>
        <SiteLink id="to-reset" path={resetPath} current={path}>
          Reset password
        </SiteLink>
      </nav>
      <Switch>
        <Route path={orderPath}>
          <OrderPage client={client} session={orders} />
        </Route>
        <Route path={resetPath}>
          <ResetPage client={client} session={resets} />
        </Route>
        <Route>
          <LostPage />
        </Route>
      </Switch>
    </div>
  );
}

interface SiteLinkProps {
  readonly id: string;
  readonly path: string;
  readonly current: string;
  readonly children: ReactNode;
}

function SiteLink({ id, path, current, children }: SiteLinkProps): ReactNode {
  return (
    <Link id={id} href={path} aria-current={path === current ? "page" : undefined}>
      {children}
    </Link>
  );
}

function LostPage(): ReactNode {
  return (
    <PageHeading title="There is no such page">
      Go on to the <Link href="/">orders</Link>.
    </PageHeading>
  );
}
