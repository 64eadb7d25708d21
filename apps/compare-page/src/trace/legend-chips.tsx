import type { ReactNode } from "react";
import { formatCount } from "./duration-text.ts";
import { readFullSide } from "./one-sided.ts";
import type { ServiceCount } from "./service-legend.ts";
import type { Side } from "./side.ts";
import type { Workspace } from "./use-workspace.ts";

/** The services with their colours and counts. Pressing one leaves of it only the spans that others called. */
export function LegendChips({ workspace }: { readonly workspace: Workspace }): ReactNode {
  const { services, address, change } = workspace;
  const collapsed = new Set(address.services);
  const toggle = (service: string): void => {
    const others = address.services.filter((one) => one !== service);
    change({ services: others.length < address.services.length ? others : [...others, service] });
  };
  return (
    <div className="legend-line">
      <ul className="legend" aria-label="Services">
        {services.map((count) => (
          <li key={count.service}>
            <button
              type="button"
              className="chip"
              aria-expanded={!collapsed.has(count.service)}
              title={describe(count, workspace)}
              onClick={() => toggle(count.service)}
            >
              <span className="service-dot" data-colour={count.colour} aria-hidden="true" />
              <span className="chip-name">{count.service}</span>
              <ChipCount count={count} only={readFullSide(workspace.model)} />
              <span aria-hidden="true">{collapsed.has(count.service) ? "▸" : "▾"}</span>
            </button>
          </li>
        ))}
      </ul>
      <Signs />
    </div>
  );
}

/** What is drawn on the time lines besides bars. */
function Signs(): ReactNode {
  return (
    <ul className="signs" aria-label="Signs">
      <li>
        <i className="sign-critical" /> critical path
      </li>
      <li>
        <i className="sign-failed" /> failed
      </li>
      <li>
        <i className="sign-twin" /> where the other view has it
      </li>
    </ul>
  );
}

interface ChipCountProps {
  readonly count: ServiceCount;
  /** The side that there is to see, when there is one only. */
  readonly only: Side | undefined;
}

function ChipCount({ count, only }: ChipCountProps): ReactNode {
  const { left, right, failed } = count;
  const same = left === right || only !== undefined;
  return (
    <span className={same ? "quiet" : "chip-differs"}>
      {same ? count[only ?? "left"] : `${left} ≠ ${right}`}
      <span className="out-of-sight"> spans</span>
      {failed > 0 && <span className="chip-failed"> ✕ {failed}</span>}
      {failed > 0 && <span className="out-of-sight"> failed</span>}
    </span>
  );
}

function describe({ service, left, right, failed }: ServiceCount, { labels }: Workspace): string {
  const counts = `${labels.left}: ${formatCount(left, "span")}, ${labels.right}: ${formatCount(right, "span")}`;
  return `${service}. ${counts}${failed > 0 ? `, ${failed} failed` : ""}. Press to collapse or expand.`;
}
