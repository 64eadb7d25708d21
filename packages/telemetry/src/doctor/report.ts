import type { Examination } from "./examine.ts";

/** Prints each examination as it comes; resolves with the number of findings. */
export async function reportExaminations(
  examinations: AsyncIterable<Examination>,
  print: (line: string) => void,
): Promise<number> {
  let findings = 0;
  for await (const { subject, findings: found } of examinations) {
    findings += found.length;
    print(`${found.length === 0 ? "ok     " : "finding"}  ${subject}`);
    for (const finding of found) print(`         ${finding}`);
  }
  return findings;
}

export function describeResult(findings: number): string {
  if (findings === 0) return "Nothing is wrong.";
  return findings === 1 ? "1 finding." : `${findings} findings.`;
}
