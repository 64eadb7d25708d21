import type { Difference } from "@tracebridge/comparison";
import { useMemo, useState, type ReactNode } from "react";
import { filterDifferences } from "./difference-filter.ts";
import { DifferenceFilters } from "./difference-filters.tsx";
import { DifferenceItem, nameSpan } from "./difference-item.tsx";
import { formatCount } from "./duration-text.ts";
import { ExplainedGroup } from "./explained-group.tsx";
import type { Workspace } from "./use-workspace.ts";

/** As many are drawn at once. */
const pageSize = 100;

/** Everything that differs: what nobody can explain first, then what rules explain, by rule. */
export function DifferenceList({ workspace }: { readonly workspace: Workspace }): ReactNode {
  const { model, address, tree } = workspace;
  const choice = address.differences;
  const found = useMemo(
    () => filterDifferences(model.differences, choice, (id) => (id === undefined ? "" : nameSpan(tree, id))),
    [model, choice, tree],
  );
  const explanations = model.explanations.filter(({ rule }) => choice.rule === "" || choice.rule === rule);
  const withExplained = choice.verdict === "" || choice.verdict === "explained";
  const withOthers = choice.verdict !== "explained" && choice.rule === "";
  return (
    <div className="difference-list">
      <DifferenceFilters workspace={workspace} />
      {withOthers && <Open differences={found} workspace={workspace} />}
      {withExplained && explanations.length > 0 && (
        <section aria-label="Explained differences">
          <h3>{formatCount(model.counts.explained, "explained difference")}</h3>
          {explanations.map((explanation) => (
            <ExplainedGroup
              key={explanation.rule}
              explanation={explanation}
              workspace={workspace}
              startsOpen={choice.rule === explanation.rule}
            />
          ))}
        </section>
      )}
    </div>
  );
}

interface OpenProps {
  readonly differences: readonly Difference[];
  readonly workspace: Workspace;
}

/** Unexplained and late ones. */
function Open({ differences, workspace }: OpenProps): ReactNode {
  const { counts } = workspace.model;
  const all = counts.unexplained + counts.late;
  const told = workspace.model.differences.length;
  if (all === 0) return <p className="quiet">Nothing is unexplained.</p>;
  return (
    <section aria-label="Unexplained differences">
      <h3>
        {differences.length === told && told === all
          ? formatCount(all, "unexplained difference")
          : `${differences.length.toLocaleString("en")} of ${formatCount(all, "unexplained difference")}`}
      </h3>
      {differences.length === 0 && <p className="quiet">None of them is as the filter wants it.</p>}
      {told < all && (
        <p className="quiet">
          Only the first {told.toLocaleString("en")} are listed here; npm run compare -- {"<trace id>"} --json
          has all.
        </p>
      )}
      <GrowingList differences={differences} workspace={workspace} />
    </section>
  );
}

function GrowingList({ differences, workspace }: OpenProps): ReactNode {
  const [shown, setShown] = useState(pageSize);
  return (
    <>
      <ul>
        {differences.slice(0, shown).map((difference, index) => (
          // Two differences may be alike in every part.
          <DifferenceItem key={index} difference={difference} workspace={workspace} />
        ))}
      </ul>
      {differences.length > shown && (
        <button type="button" onClick={() => setShown(shown + pageSize)}>
          Show {Math.min(pageSize, differences.length - shown)} more
        </button>
      )}
    </>
  );
}
