import { useRef, useState, type ReactNode } from "react";

interface CopyableIdProps {
  readonly id: string;
  /** What it is the id of, for those who hear it: `trace id`. */
  readonly what: string;
}

/** An id with a button that copies it. Where the browser lets nobody copy, the id gets selected. */
export function CopyableId({ id, what }: CopyableIdProps): ReactNode {
  const code = useRef<HTMLElement>(null);
  const [outcome, setOutcome] = useState("");

  async function copy(): Promise<void> {
    try {
      // There is no clipboard outside https and localhost: then this throws, too.
      // https://developer.mozilla.org/en-US/docs/Web/API/Navigator/clipboard
      await navigator.clipboard.writeText(id);
      setOutcome("Copied");
    } catch {
      if (code.current) document.getSelection()?.selectAllChildren(code.current);
      setOutcome("Selected: press Ctrl+C");
    }
  }

  return (
    <span className="copyable">
      <code ref={code}>{id}</code>
      <button type="button" className="plain" onClick={() => void copy()} onBlur={() => setOutcome("")}>
        Copy<span className="out-of-sight"> {what}</span>
      </button>
      <output className="copy-outcome">{outcome}</output>
    </span>
  );
}
