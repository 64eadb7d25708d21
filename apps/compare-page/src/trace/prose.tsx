import type { ReactNode } from "react";

/** A text in which names stand between backticks. */
export function Prose({ text }: { readonly text: string }): ReactNode {
  // Every second piece stood between two of them.
  return text.split("`").map((piece, index) => (index % 2 === 1 ? <code key={index}>{piece}</code> : piece));
}
