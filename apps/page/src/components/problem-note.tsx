import type { ReactNode } from "react";
import type { Problem } from "../web-api/problem.ts";

interface ProblemNoteProps {
  readonly problem?: Problem;
  readonly retrying?: boolean;
}

/** Says what went wrong and what to do. Always there, so that screen readers announce what appears in it. */
export function ProblemNote({ problem, retrying = false }: ProblemNoteProps): ReactNode {
  return (
    <div role="alert">
      {problem && (
        <div className="note problem">
          <strong>{problem.title}.</strong> {problem.message}
          {retrying && " The page keeps asking."}
        </div>
      )}
    </div>
  );
}
