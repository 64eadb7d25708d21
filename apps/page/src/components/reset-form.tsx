import { useEffect, useRef, useState, type ComponentProps, type ReactNode, type SubmitEvent } from "react";
import type { Reading } from "../users/credentials.ts";
import type { ResetState } from "../users/reset-session.ts";
import { ProblemNote } from "./problem-note.tsx";
import { TextField } from "./text-field.tsx";

interface ResetFormProps extends Pick<
  ComponentProps<typeof TextField>,
  "label" | "hint" | "type" | "autoComplete"
> {
  readonly state: ResetState;
  /** The member of the request that the box fills. */
  readonly member: "email" | "password";
  readonly read: (text: string) => Reading;
  readonly send: (value: string) => Promise<void>;
  readonly submitLabel: string;
  readonly busyLabel: string;
  /** Whether the box has the focus from the start. */
  readonly takesFocus: boolean;
  /** The button beside the box. */
  readonly children?: ReactNode;
}

/** The one box of a step, its button, and what went wrong. */
export function ResetForm(props: ResetFormProps): ReactNode {
  const { state, member, read, send, submitLabel, busyLabel, takesFocus, children, ...box } = props;
  const [text, setText] = useState("");
  const [mistake, setMistake] = useState<string>();
  const input = useRef<HTMLInputElement>(null);
  const { problem, busy } = state;
  const refused = problem?.field === member ? problem.message : undefined;
  const wrong = mistake ?? refused;

  useEffect(() => {
    if (takesFocus || refused !== undefined) input.current?.focus();
  }, [takesFocus, refused]);

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const reading = read(text);
    setMistake(reading.ok ? undefined : reading.message);
    if (!reading.ok) return input.current?.focus();
    await send(reading.value);
  }

  return (
    <form id={`${member}-form`} onSubmit={(event) => void submit(event)} noValidate>
      <TextField
        {...box}
        id={`reset-${member}`}
        text={text}
        onEdit={(newText) => {
          setText(newText);
          setMistake(undefined);
        }}
        mistake={wrong}
        input={input}
      >
        {children}
      </TextField>
      <button id={`send-${member}`} type="submit" className="primary" aria-disabled={busy}>
        {busy ? busyLabel : submitLabel}
      </button>
      <ProblemNote problem={wrong === undefined ? problem : undefined} />
    </form>
  );
}
