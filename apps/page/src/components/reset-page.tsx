import { useEffect, useState, useSyncExternalStore, type ReactNode } from "react";
import { Link } from "wouter";
import type { OrderClient } from "../orders/order-client.ts";
import { readEmailAddress, readNewPassword } from "../users/credentials.ts";
import type { ResetSession, ResetState } from "../users/reset-session.ts";
import { DoneNote } from "./done-note.tsx";
import { PageHeading } from "./page-heading.tsx";
import { ResetForm } from "./reset-form.tsx";
import { TracePanel } from "./trace-panel.tsx";
import { usePageConfig } from "./use-page-config.ts";

interface StepProps {
  readonly state: ResetState;
  readonly session: ResetSession;
  /** Whether the form came in place of another. */
  readonly startedOver: boolean;
  readonly startOver: () => void;
}

interface ResetPageProps {
  readonly client: OrderClient;
  readonly session: ResetSession;
}

export function ResetPage({ client, session }: ResetPageProps): ReactNode {
  const state = useSyncExternalStore(session.subscribe, session.getState);
  const config = usePageConfig(client);
  const [startedOver, setStartedOver] = useState(false);
  useEffect(() => () => session.leave(), [session]);
  const isRequest = state.step === "request";
  const Step = isRequest ? RequestStep : ChooseStep;
  return (
    <>
      <PageHeading title={isRequest ? "Reset your password" : "Choose a new password"}>
        {isRequest
          ? "You get a mail with a link that works once, for one hour."
          : "It takes the place of the old one."}
      </PageHeading>
      <main className="card one-step">
        <Step
          state={state}
          session={session}
          startedOver={startedOver}
          startOver={() => {
            setStartedOver(true);
            session.startOver();
          }}
        />
        {state.traceId !== undefined && <TracePanel traceId={state.traceId} config={config} />}
      </main>
    </>
  );
}

function RequestStep({ state, session, startedOver, startOver }: StepProps): ReactNode {
  if (state.said !== undefined) {
    return (
      <DoneNote title={state.said}>
        <p>If an account has this address, the mail arrives within a minute. Look in your spam folder too.</p>
        <button id="start-over" type="button" onClick={startOver}>
          Use another address
        </button>
      </DoneNote>
    );
  }
  return (
    <ResetForm
      state={state}
      member="email"
      label="E-mail address"
      hint="The one your account was made with."
      type="email"
      autoComplete="email"
      takesFocus={startedOver}
      read={readEmailAddress}
      send={(email) => session.requestReset(email)}
      submitLabel="Send the link"
      busyLabel="Sending…"
    />
  );
}

function ChooseStep({ state, session, startedOver, startOver }: StepProps): ReactNode {
  const [shown, setShown] = useState(false);
  if (state.said !== undefined) {
    return (
      <DoneNote title={state.said}>
        <p>
          The link is used up. Go on to the <Link href="/">orders</Link>.
        </p>
      </DoneNote>
    );
  }
  return (
    <>
      <ResetForm
        state={state}
        member="password"
        label="New password"
        hint="At least 8 characters. Several words make a good one."
        type={shown ? "text" : "password"}
        autoComplete="new-password"
        takesFocus={startedOver}
        read={readNewPassword}
        send={(password) => session.setPassword(password)}
        submitLabel="Set the password"
        busyLabel="Setting…"
      >
        <button id="show-password" type="button" aria-pressed={shown} onClick={() => setShown(!shown)}>
          Show <span className="out-of-sight">password</span>
        </button>
      </ResetForm>
      {state.problem?.kind === "unusable-link" && (
        <button id="start-over" type="button" onClick={startOver}>
          Request a new link
        </button>
      )}
    </>
  );
}
