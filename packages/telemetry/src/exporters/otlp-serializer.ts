import { ExportResultCode } from "@opentelemetry/core";
import type { ISerializer } from "@opentelemetry/otlp-transformer";
import { tellDiag } from "../problems/index.ts";
import type { ExportOutcome } from "./deadline-exporter.ts";

/** Writes what OTLP sends and reads what it answers. */
export interface OtlpSerializer<Item> {
  readonly contentType: string;
  write(items: Item[]): Uint8Array | undefined;
  /** A success may be a partial one. */
  readOutcome(answer: Uint8Array): ExportOutcome;
}

/** https://opentelemetry.io/docs/specs/otlp/#partial-success; JSON has its 64-bit numbers as strings. */
interface OtlpAnswer {
  partialSuccess?: {
    rejectedSpans?: number | string;
    rejectedLogRecords?: number | string;
    errorMessage?: string;
  };
}

export function createOtlpSerializer<Item>(
  contentType: string,
  serializer: ISerializer<Item[], OtlpAnswer>,
): OtlpSerializer<Item> {
  return {
    contentType,
    write: (items) => serializer.serializeRequest(items),
    readOutcome: (answer) => {
      const { rejectedSpans, rejectedLogRecords, errorMessage } = readPartialSuccess(serializer, answer);
      const rejected = Math.max(0, Number(rejectedSpans ?? rejectedLogRecords) || 0);
      if (rejected > 0 || errorMessage) {
        tellDiag(
          "warn",
          `The OTLP back end did not take everything: ${errorMessage || `${rejected} rejected`}`,
        );
      }
      return { code: ExportResultCode.SUCCESS, rejected };
    },
  };
}

function readPartialSuccess(
  serializer: ISerializer<never, OtlpAnswer>,
  answer: Uint8Array,
): NonNullable<OtlpAnswer["partialSuccess"]> {
  try {
    return serializer.deserializeResponse(answer).partialSuccess ?? {};
  } catch {
    // Some back ends answer with a text of their own.
    return {};
  }
}
