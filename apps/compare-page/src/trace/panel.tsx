import { useLayoutEffect, useRef, type ReactNode } from "react";

interface PanelProps {
  readonly title: string;
  /** Back to the list that it was opened from. */
  readonly onBack?: () => void;
  readonly onClose: () => void;
  /** Over the page instead of beside it. */
  readonly modal: boolean;
  readonly children: ReactNode;
}

/** What stands beside the waterfalls, or on a narrow screen over them. */
export function Panel({ title, onBack, onClose, modal, children }: PanelProps): ReactNode {
  const content = (
    <>
      <header className="panel-head">
        {onBack && (
          <button type="button" className="plain" onClick={onBack}>
            ← Differences
          </button>
        )}
        <h2>{title}</h2>
        <button type="button" className="plain" onClick={onClose}>
          Close<span className="out-of-sight"> this panel</span>
        </button>
      </header>
      {/* What scrolls can be reached by the keyboard. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className="panel-body" tabIndex={0} role="group" aria-label={title}>
        {children}
      </div>
    </>
  );
  if (modal)
    return (
      <Sheet onClose={onClose} title={title}>
        {content}
      </Sheet>
    );
  return (
    <aside className="panel" aria-label={title}>
      {content}
    </aside>
  );
}

interface SheetProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** The browser keeps the focus in it, closes it on Escape, and gives the focus back. */
export function Sheet({ title, onClose, children }: SheetProps): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  // Before it leaves the document, or the focus would not go back to where it was.
  useLayoutEffect(() => {
    const { current } = dialog;
    current?.showModal();
    return () => current?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      className="panel sheet"
      aria-label={title}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      {children}
    </dialog>
  );
}
