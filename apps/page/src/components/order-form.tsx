import { useRef, useState, type ReactNode, type SubmitEvent } from "react";
import { createOrderId, readOrderId } from "../orders/order-id.ts";
import type { FailChoice } from "../orders/order.ts";
import type { OrderSession, SessionState } from "../orders/order-session.ts";
import { FailChoiceField } from "./fail-choice-field.tsx";
import { TextField } from "./text-field.tsx";
import { ProblemNote } from "./problem-note.tsx";

interface OrderFormProps {
  readonly state: SessionState;
  readonly session: OrderSession;
  /** The service took the order. */
  readonly onAccepted: () => void;
}

export function OrderForm({ state, session, onAccepted }: OrderFormProps): ReactNode {
  const [text, setText] = useState(() => createOrderId());
  const [fail, setFail] = useState<FailChoice>("no");
  const [mistake, setMistake] = useState<string>();
  const input = useRef<HTMLInputElement>(null);
  const problem = state.submitProblem;
  const refused = problem?.kind === "invalid" ? problem.field : undefined;
  const wrongId = mistake ?? (refused === "id" ? problem?.message : undefined);
  const wrongChoice = refused === "fail" ? problem?.message : undefined;

  function edit(newText: string): void {
    setText(newText);
    setMistake(undefined);
  }

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const reading = readOrderId(text);
    setMistake(reading.ok ? undefined : reading.message);
    if (!reading.ok) return input.current?.focus();
    setText(reading.id);
    await session.submit(reading.id, fail);
    const { submitProblem } = session.getState();
    if (submitProblem === undefined) onAccepted();
    else if (submitProblem.field === "id") input.current?.focus();
  }

  const busy = state.activity !== "idle";
  return (
    <form id="order" onSubmit={(event) => void submit(event)} noValidate>
      <TextField
        id="order-id"
        label="Order id"
        hint="Up to 64 letters, digits and hyphens. Yours to change."
        text={text}
        onEdit={edit}
        mistake={wrongId}
        input={input}
      >
        <button id="new-id" type="button" onClick={() => edit(createOrderId())}>
          New id
        </button>
      </TextField>
      <FailChoiceField choice={fail} onChoose={setFail} mistake={wrongChoice} />
      <button id="submit-order" type="submit" className="primary" aria-disabled={busy}>
        {state.activity === "submitting" ? "Submitting…" : "Submit"}
      </button>
      <ProblemNote problem={(wrongId ?? wrongChoice) === undefined ? problem : undefined} />
    </form>
  );
}
