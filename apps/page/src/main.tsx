// Telemetry starts before anything else is loaded.
import { resets } from "./start.ts";
import { captureError } from "@tracebridge/telemetry/browser";
import { StrictMode, type ErrorInfo } from "react";
import { createRoot } from "react-dom/client";
import { ErrorBoundary } from "./components/error-boundary.tsx";
import { Site } from "./components/site.tsx";
import { createOrderClient } from "./orders/order-client.ts";
import { OrderSession } from "./orders/order-session.ts";
import "./base.css";
import "./styles.css";

const client = createOrderClient();
const orders = new OrderSession({ client });
const place = document.querySelector("#page");
if (place === null) throw new Error("index.html has no element with the id page");

function reportError(error: unknown, { componentStack }: ErrorInfo): void {
  captureError(error, { contexts: { react: { componentStack } }, handled: false });
}

createRoot(place).render(
  <StrictMode>
    <ErrorBoundary onError={reportError}>
      <Site client={client} orders={orders} resets={resets} />
    </ErrorBoundary>
  </StrictMode>,
);
