import "@tracebridge/page/base.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { createCompareClient } from "./api/client.ts";
import { ClientContext } from "./api/client-context.ts";
import { App } from "./shell/app.tsx";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/shell.css";

const place = document.querySelector("#page");
if (place === null) throw new Error("index.html has no element with the id page");

createRoot(place).render(
  <StrictMode>
    <ClientContext value={createCompareClient()}>
      <App />
    </ClientContext>
  </StrictMode>,
);
