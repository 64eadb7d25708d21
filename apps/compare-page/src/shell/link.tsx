import type { AnchorHTMLAttributes, MouseEvent, ReactNode } from "react";
import { go } from "./address.ts";

interface LinkProps extends AnchorHTMLAttributes<HTMLAnchorElement> {
  readonly to: string;
}

/** A link within this app: a plain click changes the page in place, everything else is left to the browser. */
export function Link({ to, onClick, children, ...rest }: LinkProps): ReactNode {
  function follow(event: MouseEvent<HTMLAnchorElement>): void {
    onClick?.(event);
    const modified = event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
    if (event.defaultPrevented || event.button !== 0 || modified) return;
    event.preventDefault();
    go(to);
  }
  return (
    <a href={to} onClick={follow} {...rest}>
      {children}
    </a>
  );
}
