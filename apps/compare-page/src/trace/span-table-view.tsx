import type { SpanDetail } from "@tracebridge/compare/page-model";
import { useMemo, useState, type ReactNode } from "react";
import { LongText } from "./long-text.tsx";
import { Prose } from "./prose.tsx";
import { sides, type Side } from "./side.ts";
import { createSpanTable, type SpanTableGroup, type SpanTableRow } from "./span-table.ts";

interface SpanTableProps {
  readonly detail: SpanDetail;
  readonly labels: Record<Side, string>;
}

/** Both sides line by line, each difference with its explanation. */
export function SpanTable({ detail, labels }: SpanTableProps): ReactNode {
  const groups = useMemo(() => createSpanTable(detail), [detail]);
  const [hidden, setHidden] = useState({ equal: false, explained: false });
  const count = (kind: SpanTableGroup["kind"]): number =>
    groups.reduce((sum, group) => sum + (group.kind === kind ? group.rows.length : 0), 0);
  const shown = groups.filter(({ kind }) => kind === "open" || !hidden[kind]);
  return (
    <section aria-label="Both sides line by line">
      {detail.left && detail.right && (
        <div className="checks">
          <Check
            text={`Hide the ${count("equal")} that are equal`}
            checked={hidden.equal}
            onChange={(equal) => setHidden({ ...hidden, equal })}
          />
          <Check
            text={`Hide the ${count("explained")} explained`}
            checked={hidden.explained}
            onChange={(explained) => setHidden({ ...hidden, explained })}
          />
        </div>
      )}
      {shown.length === 0 && <p className="quiet">Nothing else: all differences are explained.</p>}
      {shown.length > 0 && (
        <table className="span-table">
          <thead>
            <tr>
              <th scope="col">Field</th>
              {sides.map((side) => (
                <th key={side} scope="col">
                  {labels[side]}
                </th>
              ))}
            </tr>
          </thead>
          {shown.map((group) => (
            <Group key={group.explanation?.rule ?? group.title} group={group} />
          ))}
        </table>
      )}
    </section>
  );
}

interface CheckProps {
  readonly text: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
}

function Check({ text, checked, onChange }: CheckProps): ReactNode {
  return (
    <label className="check">
      <input type="checkbox" checked={checked} onChange={(event) => onChange(event.target.checked)} />
      {text}
    </label>
  );
}

function Group({ group }: { readonly group: SpanTableGroup }): ReactNode {
  const { kind, title, explanation, rows } = group;
  return (
    <tbody className={kind}>
      <tr className="group-title">
        <th colSpan={3} scope="rowgroup">
          {kind === "explained" && (
            <span className="mark explained">
              <span aria-hidden="true">=</span>
              <span className="out-of-sight">explained: </span>
            </span>
          )}
          <Prose text={title} />
          {kind === "open" && (
            <span className="reason">No rule predicts these from what the other side has.</span>
          )}
          {explanation && (
            <span className="reason">
              <Prose text={explanation.reason} />
            </span>
          )}
        </th>
      </tr>
      {rows.map((row, index) => (
        <Line key={`${row.label} ${index}`} row={row} />
      ))}
    </tbody>
  );
}

function Line({ row }: { readonly row: SpanTableRow }): ReactNode {
  const { difference, label, left, right } = row;
  const verdict = difference?.verdict;
  return (
    <tr className="line">
      <th scope="row">
        {verdict === "unexplained" && <Sign kind="differs" sign="≠" text="unexplained" />}
        {verdict === "late" && <Sign kind="late" sign="◷" text="may still arrive" />}
        {breakAtDots(label)}
      </th>
      {difference === undefined && left === right ? (
        // Most lines are equal: the value once, over both columns, is quicker to read.
        <Value text={left} columns={2} />
      ) : (
        <>
          <Value text={left} columns={1} />
          <Value text={right} columns={1} />
        </>
      )}
    </tr>
  );
}

/** Names of attributes are long: a line of them ends after a dot, where there is one. */
function breakAtDots(label: string): ReactNode {
  return label
    .split(/(?<=\.)/)
    .flatMap((part, index) => (index === 0 ? [part] : [<wbr key={index} />, part]));
}

interface SignProps {
  readonly kind: "differs" | "late";
  readonly sign: string;
  readonly text: string;
}

function Sign({ kind, sign, text }: SignProps): ReactNode {
  return (
    <span className={`mark ${kind}`}>
      <span aria-hidden="true">{sign}</span>
      <span className="out-of-sight">{text} </span>
    </span>
  );
}

function Value({
  text,
  columns,
}: {
  readonly text: string | undefined;
  readonly columns: number;
}): ReactNode {
  return (
    <td colSpan={columns} className="value">
      {text === undefined ? (
        <span className="quiet">
          <span aria-hidden="true">–</span>
          <span className="out-of-sight">none</span>
        </span>
      ) : text === "" ? (
        <span className="quiet">(empty)</span>
      ) : (
        <LongText text={text} />
      )}
    </td>
  );
}
