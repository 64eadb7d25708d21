import { useRef, useState, type ReactNode, type SubmitEvent } from "react";
import { readOrderId } from "../orders/order-id.ts";
import type { OrderSession, SessionState } from "../orders/order-session.ts";
import { TextField } from "./text-field.tsx";
import { ProblemNote } from "./problem-note.tsx";

interface CheckFormProps {
  readonly state: SessionState;
  readonly session: OrderSession;
}

export function CheckForm({ state, session }: CheckFormProps): ReactNode {
  const [mistake, setMistake] = useState<{ text: string; message: string }>();
  const input = useRef<HTMLInputElement>(null);

  async function check(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const reading = readOrderId(state.checkId);
    setMistake(reading.ok ? undefined : { text: state.checkId, message: reading.message });
    if (!reading.ok) return input.current?.focus();
    await session.check(reading.id);
  }

  return (
    <form id="check" onSubmit={(event) => void check(event)} noValidate>
      <TextField
        id="check-id"
        label="Id to check"
        text={state.checkId}
        onEdit={(text) => session.editCheckId(text)}
        // A submit fills the box too: the mistake belongs to the text that had it.
        mistake={mistake?.text === state.checkId ? mistake.message : undefined}
        input={input}
      >
        <button id="check-order" type="submit" aria-disabled={state.activity !== "idle"}>
          {state.activity === "checking" ? "Checking…" : "Check"}
        </button>
      </TextField>
      <label className="choice">
        <input
          type="checkbox"
          checked={state.followWanted}
          onChange={(event) => session.follow(event.target.checked)}
        />
        Keep asking until the order is done
      </label>
      <ProblemNote problem={state.checkProblem} retrying={state.following === "running"} />
    </form>
  );
}
