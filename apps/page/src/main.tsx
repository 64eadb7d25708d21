import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { OrderPage } from "./components/order-page.tsx";
import { createOrderClient } from "./orders/order-client.ts";
import { OrderSession } from "./orders/order-session.ts";
import "./styles.css";

const client = createOrderClient();
const session = new OrderSession({ client });
const place = document.querySelector("#page");
if (place === null) throw new Error("index.html has no element with the id page");

createRoot(place).render(
  <StrictMode>
    <OrderPage client={client} session={session} />
  </StrictMode>,
);
