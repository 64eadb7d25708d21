import { useState, type ReactNode } from "react";

/** Longer texts begin with this much of them: a value may have megabytes. */
const shortLength = 320;

/** A value as it was sent; all of a long one when asked for. */
export function LongText({ text }: { readonly text: string }): ReactNode {
  const [whole, setWhole] = useState(false);
  if (whole || text.length <= shortLength * 1.25) return <code>{text}</code>;
  return (
    <>
      <code>{text.slice(0, shortLength)}…</code>{" "}
      <button type="button" className="plain" onClick={() => setWhole(true)}>
        Show all {text.length.toLocaleString("en")} characters
      </button>
    </>
  );
}
