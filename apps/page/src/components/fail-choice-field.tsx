import type { ReactNode } from "react";
import type { FailChoice } from "../orders/order.ts";

const choices: readonly { choice: FailChoice; label: string; explanation: string }[] = [
  { choice: "no", label: "No", explanation: "The factory makes the order, and it ends as finished." },
  {
    choice: "once",
    label: "Once",
    explanation:
      "The factory fails at its first try; the message is tried again and the order still finishes.",
  },
  {
    choice: "always",
    label: "Always",
    explanation: "Every try fails; the message ends in the dead-letter queue and the order as failed.",
  },
];

interface FailChoiceFieldProps {
  readonly choice: FailChoice;
  readonly onChoose: (choice: FailChoice) => void;
  readonly mistake?: string;
}

export function FailChoiceField({ choice, onChoose, mistake }: FailChoiceFieldProps): ReactNode {
  const chosen = choices.find((one) => one.choice === choice);
  return (
    <fieldset className="field" aria-describedby="fail-explanation">
      <legend>Make it fail</legend>
      <div className="choices">
        {choices.map((one) => (
          <label key={one.choice} className="choice">
            <input
              type="radio"
              name="fail"
              value={one.choice}
              checked={one.choice === choice}
              onChange={() => onChoose(one.choice)}
            />
            {one.label}
          </label>
        ))}
      </div>
      <p id="fail-explanation" className="hint" aria-live="polite">
        {chosen?.explanation}
      </p>
      <p className="mistake" role="alert">
        {mistake}
      </p>
    </fieldset>
  );
}
