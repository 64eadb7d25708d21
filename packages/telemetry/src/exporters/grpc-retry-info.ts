import type { Metadata } from "@grpc/grpc-js";

/** Where gRPC puts a `google.rpc.Status`, with details of all kinds. */
const DETAILS = "grpc-status-details-bin";
const RETRY_INFO = "type.googleapis.com/google.rpc.RetryInfo";
const VARINT = 0;
const LENGTH_DELIMITED = 2;

/**
 * How long a back end asks to be left alone; the Retry-After of gRPC.
 * https://opentelemetry.io/docs/specs/otlp/#otlpgrpc-throttling
 */
export function readRetryInfoMillis(metadata: Metadata): number | undefined {
  const [status] = metadata.get(DETAILS);
  if (!(status instanceof Uint8Array)) return undefined;
  try {
    for (const detail of readMessages(status, 3)) {
      const [typeUrl] = readMessages(detail, 1);
      if (typeUrl && Buffer.from(typeUrl).toString() === RETRY_INFO) return readDelay(detail);
    }
  } catch {
    // What cannot be read asks for nothing.
  }
  return undefined;
}

/** `Any { value: RetryInfo { retry_delay: Duration { seconds, nanos } } }` */
function readDelay(detail: Uint8Array): number {
  const [retryInfo = new Uint8Array()] = readMessages(detail, 2);
  const [duration = new Uint8Array()] = readMessages(retryInfo, 1);
  const parts = new Map([...readFields(duration)].map(({ field, value }) => [field, Number(value)]));
  return (parts.get(1) ?? 0) * 1_000 + (parts.get(2) ?? 0) / 1_000_000;
}

function readMessages(message: Uint8Array, wanted: number): Uint8Array[] {
  return [...readFields(message)].flatMap(({ field, value }) =>
    field === wanted && typeof value !== "bigint" ? [value] : [],
  );
}

/** Values of fixed length do not occur in these messages; one ends the reading. */
function* readFields(bytes: Uint8Array): Generator<{ field: number; value: Uint8Array | bigint }> {
  let position = 0;
  const readVarint = (): bigint => {
    for (let value = 0n, shift = 0n; ; shift += 7n) {
      const byte = bytes[position];
      if (byte === undefined || shift > 63n) throw new RangeError("no varint");
      position += 1;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  while (position < bytes.length) {
    const tag = Number(readVarint());
    const field = tag >> 3;
    const wireType = tag & 7;
    if (wireType !== VARINT && wireType !== LENGTH_DELIMITED) return;
    const value = readVarint();
    if (wireType === VARINT) {
      yield { field, value };
    } else {
      yield { field, value: bytes.subarray(position, position + Number(value)) };
      position += Number(value);
    }
  }
}
