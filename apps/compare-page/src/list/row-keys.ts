import { useEffect, type RefObject } from "react";

const steps: Readonly<Record<string, (index: number, last: number) => number>> = {
  ArrowDown: (index, last) => Math.min(index + 1, last),
  ArrowUp: (index) => Math.max(index - 1, 0),
  Home: () => 0,
  End: (_, last) => last,
};

/** Arrows go from row to row; from the search box, down goes to the first one and up from there goes back. */
export function useRowKeys(list: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const move = (event: KeyboardEvent): void => {
      const { target, key } = event;
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
      const links = [...(list.current?.querySelectorAll<HTMLElement>("a.trace-name") ?? [])];
      const step = steps[key];
      if (!step || !(target instanceof HTMLElement) || links.length === 0) return;
      const index = links.indexOf(target);
      // Elsewhere the arrows scroll, and move through a text or a choice.
      if (index < 0 && !(key === "ArrowDown" && target.matches("body, #main, input[type=search]"))) return;
      event.preventDefault();
      if (index === 0 && key === "ArrowUp") document.querySelector<HTMLElement>("#query")?.focus();
      else links[index < 0 ? 0 : step(index, links.length - 1)]?.focus();
    };
    addEventListener("keydown", move);
    return () => removeEventListener("keydown", move);
  }, [list]);
}
