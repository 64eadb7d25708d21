import { useEffect, useRef, type ReactNode, type SubmitEvent } from "react";
import { go, useAddress } from "./address.ts";
import { Link } from "./link.tsx";

const traceIdForm = /^[0-9a-f]{32}$/i;

export function Header(): ReactNode {
  const { params } = useAddress();
  const query = params.get("query") ?? "";
  return (
    <header className="app-header">
      <a className="skip-link" href="#main">
        Skip to the content
      </a>
      <Link to="/" className="brand">
        Tracebridge <span>traces</span>
      </Link>
      {/* The address is what was searched for: another one brings another text. */}
      <SearchForm key={query} query={query} />
    </header>
  );
}

function SearchForm({ query }: { readonly query: string }): ReactNode {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const focus = (event: KeyboardEvent): void => {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target))
        return;
      event.preventDefault();
      input.current?.select();
    };
    addEventListener("keydown", focus);
    return () => removeEventListener("keydown", focus);
  }, []);

  function search(event: SubmitEvent): void {
    event.preventDefault();
    const text = input.current?.value.trim() ?? "";
    if (traceIdForm.test(text)) go(`/trace/${text.toLowerCase()}`);
    else go(text === "" ? "/" : `/?query=${encodeURIComponent(text)}`);
  }

  return (
    <search className="search">
      <form onSubmit={search}>
        <label htmlFor="query" className="out-of-sight">
          Order id, trace id, attribute value or key=value
        </label>
        <input
          id="query"
          name="query"
          type="search"
          ref={input}
          defaultValue={query}
          placeholder="Order id, trace id or key=value"
          autoComplete="off"
          spellCheck={false}
          aria-keyshortcuts="/"
          title="Press / to come here"
        />
        <button type="submit">Search</button>
      </form>
    </search>
  );
}

/** Where a slash is a slash. */
function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches("input, textarea, select, [contenteditable]");
}
