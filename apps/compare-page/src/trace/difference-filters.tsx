import { fieldWords } from "@tracebridge/compare/difference-words";
import type { DifferenceField } from "@tracebridge/comparison";
import type { ReactNode } from "react";
import { readChoices } from "./difference-filter.ts";
import { anyDifference, type DifferenceChoice } from "./trace-address.ts";
import type { Workspace } from "./use-workspace.ts";

type Option = readonly [value: string, text: string];

/** What the list is narrowed to; it is part of the address. */
export function DifferenceFilters({ workspace }: { readonly workspace: Workspace }): ReactNode {
  const { model, address, change, services } = workspace;
  const choice = address.differences;
  const set = (part: Partial<DifferenceChoice>): void => change({ differences: { ...choice, ...part } });
  const isNarrowed = Object.values(choice).some((value) => value !== "");
  const fields = readChoices(model.differences, ({ field }) => field);
  return (
    <div className="difference-filters">
      <Choice
        label="Verdict"
        value={choice.verdict}
        options={["unexplained", "late", "explained"].map((verdict) => [verdict, verdict])}
        onChange={(verdict) => set({ verdict })}
      />
      <Choice
        label="Field"
        value={choice.field}
        options={fields.map((field) => [field, fieldWords[field as DifferenceField]])}
        onChange={(field) => set({ field })}
      />
      <Choice
        label="Service"
        value={choice.service}
        options={services.map(({ service }) => [service, service])}
        onChange={(service) => set({ service })}
      />
      <Choice
        label="Rule"
        value={choice.rule}
        options={model.explanations.map(({ rule, title }) => [rule, title])}
        onChange={(rule) => set({ rule })}
      />
      <input
        type="search"
        aria-label="Text in the differences"
        placeholder="Text"
        value={choice.text}
        onChange={(event) => set({ text: event.target.value })}
        autoComplete="off"
        spellCheck={false}
      />
      {isNarrowed && (
        <button type="button" className="plain" onClick={() => change({ differences: anyDifference })}>
          Clear filter
        </button>
      )}
    </div>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly Option[];
  readonly onChange: (value: string) => void;
}

function Choice({ label, value, options, onChange }: ChoiceProps): ReactNode {
  // A link may name what does not occur here.
  const known = value === "" || options.some(([option]) => option === value);
  return (
    <select aria-label={label} value={value} onChange={(event) => onChange(event.target.value)}>
      <option value="">{label}: any</option>
      {!known && <option value={value}>{value}</option>}
      {options.map(([option, text]) => (
        <option key={option} value={option}>
          {text}
        </option>
      ))}
    </select>
  );
}
