import type { HTMLInputAutoCompleteAttribute, ReactNode, RefObject } from "react";

interface TextFieldProps {
  readonly id: string;
  readonly label: string;
  readonly hint?: string;
  /** Default `text`. */
  readonly type?: "text" | "email" | "password";
  /** Default `off`. */
  readonly autoComplete?: HTMLInputAutoCompleteAttribute;
  readonly text: string;
  readonly onEdit: (text: string) => void;
  /** What is wrong with the text, and how to put it right. */
  readonly mistake?: string;
  readonly input: RefObject<HTMLInputElement | null>;
  /** The button beside the box. */
  readonly children?: ReactNode;
}

/** A labelled box for one line of text with its hint, its mistake and room for a button beside it. */
export function TextField(props: TextFieldProps): ReactNode {
  const { id, label, hint, type = "text", autoComplete = "off", mistake, input, children } = props;
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
          className="text-box"
          type={type}
          value={props.text}
          onChange={(event) => props.onEdit(event.target.value)}
          aria-invalid={mistake !== undefined}
          aria-describedby={describedBy || undefined}
          autoComplete={autoComplete}
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
