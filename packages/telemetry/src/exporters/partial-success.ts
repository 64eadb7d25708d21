/** https://opentelemetry.io/docs/specs/otlp/#partial-success; JSON has its 64-bit numbers as strings. */
export interface OtlpAnswer {
  partialSuccess?: {
    rejectedSpans?: number | string;
    rejectedLogRecords?: number | string;
    errorMessage?: string;
  };
}

/**
 * What a back end says of a batch that it took: how many items of it it did not, and what its operator is to know.
 *
 * @param readAnswer may throw: some back ends answer with a text of their own
 */
export function readPartialSuccess(readAnswer: () => OtlpAnswer): {
  readonly rejected: number;
  readonly problem?: string;
} {
  const { rejectedSpans, rejectedLogRecords, errorMessage } = readMember(readAnswer);
  const rejected = Math.max(0, Number(rejectedSpans ?? rejectedLogRecords) || 0);
  if (rejected === 0 && !errorMessage) return { rejected };
  const reason = errorMessage || `${rejected} rejected`;
  return { rejected, problem: `The OTLP back end did not take everything: ${reason}` };
}

function readMember(readAnswer: () => OtlpAnswer): NonNullable<OtlpAnswer["partialSuccess"]> {
  try {
    return readAnswer().partialSuccess ?? {};
  } catch {
    return {};
  }
}
