import { ExportResultCode } from "@opentelemetry/core";
import type { ISerializer } from "@opentelemetry/otlp-transformer";
import { tellDiag } from "../problems/index.ts";
import type { ExportOutcome } from "./deadline-exporter.ts";
import { readPartialSuccess } from "./partial-success.ts";
import type { OtlpAnswer } from "./partial-success.ts";

/** Writes what OTLP sends and reads what it answers. */
export interface OtlpSerializer<Item> {
  readonly contentType: string;
  write(items: Item[]): Uint8Array | undefined;
  /** A success may be a partial one. */
  readOutcome(answer: Uint8Array): ExportOutcome;
}

export function createOtlpSerializer<Item>(
  contentType: string,
  serializer: ISerializer<Item[], OtlpAnswer>,
): OtlpSerializer<Item> {
  return {
    contentType,
    write: (items) => serializer.serializeRequest(items),
    readOutcome: (answer) => {
      const { rejected, problem } = readPartialSuccess(() => serializer.deserializeResponse(answer));
      if (problem !== undefined) tellDiag("warn", problem);
      return { code: ExportResultCode.SUCCESS, rejected };
    },
  };
}
