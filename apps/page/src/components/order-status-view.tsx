import type { ReactNode } from "react";
import type { SessionState } from "../orders/order-session.ts";
import { ProgressLine } from "./progress-line.tsx";

/** The watched order: its status, its way so far, and whether the page keeps asking. */
export function OrderStatusView({ state }: { readonly state: SessionState }): ReactNode {
  const { watched, following } = state;
  const note = readNote(state);
  return (
    <div className="status-view">
      <output aria-atomic="true" className="status-line">
        {watched ? (
          <>
            <span className="watched-id">
              Order <code>{watched.order.id}</code> <span className="out-of-sight">is</span>
            </span>
            <span className={`badge ${watched.order.status}`}>{watched.order.status}</span>
          </>
        ) : (
          <span className="hint">No order yet: submit one, or check one you know.</span>
        )}
      </output>
      {watched && <ProgressLine seen={watched.seen} />}
      <p className={following === "timed-out" ? "hint attention" : "hint"} aria-live="polite">
        {note}
      </p>
    </div>
  );
}

function readNote({ watched, following }: SessionState): string {
  const notes: string[] = [];
  if (watched?.existed) notes.push("This order existed already, so nothing was sent again.");
  if (following === "running") notes.push("Asking every few seconds …");
  if (following === "timed-out") notes.push("Stopped asking after 2 minutes. Press Check to ask again.");
  return notes.join(" ");
}
