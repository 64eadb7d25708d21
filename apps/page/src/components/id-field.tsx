import type { ReactNode, RefObject } from "react";

interface IdFieldProps {
  readonly id: string;
  readonly label: string;
  readonly hint?: string;
  readonly text: string;
  readonly onEdit: (text: string) => void;
  /** What is wrong with the text, and how to put it right. */
  readonly mistake?: string;
  readonly input: RefObject<HTMLInputElement | null>;
  /** The button beside the box. */
  readonly children: ReactNode;
}

/** A labelled box for an order id with its hint, its mistake and one button beside it. */
export function IdField(props: IdFieldProps): ReactNode {
  const { id, label, hint, text, onEdit, mistake, input, children } = props;
  const hintId = `${id}-hint`;
  const mistakeId = `${id}-mistake`;
  const describedBy = [mistake && mistakeId, hint && hintId].filter(Boolean).join(" ");
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <div className="row">
        <input
          id={id}
          ref={input}
          type="text"
          value={text}
          onChange={(event) => onEdit(event.target.value)}
          aria-invalid={mistake !== undefined}
          aria-describedby={describedBy || undefined}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
        />
        {children}
      </div>
      <p id={mistakeId} className="mistake" role="alert">
        {mistake}
      </p>
      {hint && (
        <p id={hintId} className="hint">
          {hint}
        </p>
      )}
    </div>
  );
}
