import { useRef, useSyncExternalStore, type ReactNode } from "react";
import type { OrderClient } from "../orders/order-client.ts";
import type { OrderSession } from "../orders/order-session.ts";
import { CheckForm } from "./check-form.tsx";
import { OrderForm } from "./order-form.tsx";
import { PageHeading } from "./page-heading.tsx";
import { OrderStatusView } from "./order-status-view.tsx";
import { TracePanel } from "./trace-panel.tsx";
import { usePageConfig } from "./use-page-config.ts";

interface OrderPageProps {
  readonly client: OrderClient;
  readonly session: OrderSession;
}

export function OrderPage({ client, session }: OrderPageProps): ReactNode {
  const state = useSyncExternalStore(session.subscribe, session.getState);
  const config = usePageConfig(client);
  const checkCard = useRef<HTMLElement>(null);
  const traced = state.watched?.order;
  return (
    <>
      <PageHeading title="Orders">
        Submit an order, watch it being made, then look at the one trace that runs through every service.
      </PageHeading>
      <main className="columns">
        <section className="card new-order" aria-labelledby="new-order-heading">
          <h2 id="new-order-heading">New order</h2>
          <OrderForm
            state={state}
            session={session}
            // On a narrow screen the answer appears below the fold.
            onAccepted={() => checkCard.current?.scrollIntoView({ block: "nearest" })}
          />
        </section>
        <section className="card check-order" ref={checkCard} aria-labelledby="check-order-heading">
          <h2 id="check-order-heading">Check order</h2>
          <CheckForm state={state} session={session} />
          <OrderStatusView state={state} />
          {traced && <TracePanel key={traced.id} traceId={traced.traceId} config={config} />}
        </section>
        <Explanation />
      </main>
    </>
  );
}

function Explanation(): ReactNode {
  return (
    <aside className="explanation" aria-labelledby="explanation-heading">
      <h2 id="explanation-heading">What happens</h2>
      <ol>
        <li>
          <strong>web</strong> saves the order and puts a message on a queue.
        </li>
        <li>
          <strong>order</strong> saves it too, passes it on, and reports every change back.
        </li>
        <li>
          <strong>factory</strong> makes it. That takes a few seconds.
        </li>
      </ol>
      <p>What the page asks for, queue messages and database calls of all three share one trace id.</p>
    </aside>
  );
}
