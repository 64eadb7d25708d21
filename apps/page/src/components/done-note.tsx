import { useEffect, useRef, type ReactNode } from "react";

interface DoneNoteProps {
  readonly title: string;
  /** What comes next. */
  readonly children: ReactNode;
}

/** Takes the place of a form whose job is done, and its focus, so that it is read out. */
export function DoneNote({ title, children }: DoneNoteProps): ReactNode {
  const note = useRef<HTMLHeadingElement>(null);
  useEffect(() => note.current?.focus(), []);
  return (
    <div className="done">
      <h2 ref={note} tabIndex={-1} className="note good">
        {title}
      </h2>
      {children}
    </div>
  );
}
