import type { ReactNode } from "react";
import type { Problem } from "../api/problem.ts";

interface ProblemNoteProps {
  readonly problem: Problem;
  readonly onRetry?: () => void;
  readonly children?: ReactNode;
}

/** Says what went wrong and what to do. */
export function ProblemNote({ problem, onRetry, children }: ProblemNoteProps): ReactNode {
  return (
    <div className="note problem" role="alert">
      <strong>{problem.title}.</strong> {problem.message} {children}
      {onRetry && (
        <button type="button" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  );
}
