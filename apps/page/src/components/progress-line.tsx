import type { ReactNode } from "react";
import { readProgress, type ProgressStep, type SeenStatus } from "../orders/progress.ts";

const timeOfDay = new Intl.DateTimeFormat(undefined, { timeStyle: "medium", hourCycle: "h23" });

/** The order's way through its statuses, with the time at which this page saw each. */
export function ProgressLine({ seen }: { readonly seen: readonly SeenStatus[] }): ReactNode {
  const first = seen[0]?.at;
  return (
    <ol className="progress" aria-label="Progress">
      {readProgress(seen).map((step) => (
        <li
          key={step.label}
          className={`step ${step.state} ${step.label === "failed" ? "failed" : ""}`}
          aria-current={step.state === "current" ? "step" : undefined}
        >
          <span className="step-label">{step.label}</span>
          <StepTime step={step} first={first} />
        </li>
      ))}
    </ol>
  );
}

function StepTime({ step, first }: { readonly step: ProgressStep; readonly first?: number }): ReactNode {
  if (step.at === undefined)
    return <span className="step-time">{step.state === "missed" ? "not seen" : ""}</span>;
  const afterSeconds = first === undefined ? 0 : (step.at - first) / 1000;
  return (
    <span className="step-time">
      <time dateTime={new Date(step.at).toISOString()}>{timeOfDay.format(step.at)}</time>
      {afterSeconds > 0 && <span className="step-after"> +{afterSeconds.toFixed(1)} s</span>}
    </span>
  );
}
