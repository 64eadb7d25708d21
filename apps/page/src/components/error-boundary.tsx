import { Component, type ErrorInfo, type ReactNode } from "react";

interface ErrorBoundaryProps {
  /** Called with each error of rendering, and the components in which it happened. */
  readonly onError: (error: unknown, info: ErrorInfo) => void;
  readonly children: ReactNode;
}

/** Shows what to do when the page cannot be drawn, where React would leave nothing on the screen. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, { readonly failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { readonly failed: boolean } {
    return { failed: true };
  }

  override componentDidCatch(error: unknown, info: ErrorInfo): void {
    this.props.onError(error, info);
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    return (
      <main className="page">
        <div className="card one-step" role="alert">
          <h1>This page broke</h1>
          <p className="note problem">
            <strong>Something in it could not be shown.</strong> An order that was submitted goes on all the
            same: load the page again, and check the order by its id.
          </p>
          <button id="reload" type="button" className="primary" onClick={() => location.reload()}>
            Load the page again
          </button>
        </div>
      </main>
    );
  }
}
