import { useEffect, type ReactNode } from "react";

interface PageHeadingProps {
  readonly title: string;
  readonly children: ReactNode;
}

/** What this page is, also in the title of the window. It can have the focus, as it gets it when the page is changed. */
export function PageHeading({ title, children }: PageHeadingProps): ReactNode {
  useEffect(() => {
    document.title = `${title} · Tracebridge`;
  }, [title]);
  return (
    <header className="page-heading">
      <h1 tabIndex={-1}>{title}</h1>
      <p>{children}</p>
    </header>
  );
}
