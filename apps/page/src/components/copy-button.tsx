import { useState, type ReactNode } from "react";
import { copyText } from "../trace/copy-text.ts";

interface CopyButtonProps {
  readonly text: string;
  /** The element that shows the text: selected when nothing else works. */
  readonly sourceId: string;
  readonly label: string;
  readonly what: string;
}

export function CopyButton({ text, sourceId, label, what }: CopyButtonProps): ReactNode {
  const [outcome, setOutcome] = useState<"copied" | "selected">();

  async function copy(): Promise<void> {
    setOutcome(undefined);
    if (await copyText(text)) return setOutcome("copied");
    const source = document.querySelector(`#${sourceId}`);
    if (source) document.getSelection()?.selectAllChildren(source);
    setOutcome("selected");
  }

  return (
    <>
      <button type="button" onClick={() => void copy()} onBlur={() => setOutcome(undefined)}>
        {label} <span className="out-of-sight">{what}</span>
      </button>
      <output className="copy-outcome">
        {outcome === "copied" && "Copied"}
        {outcome === "selected" && "Selected: press Ctrl+C to copy"}
      </output>
    </>
  );
}
