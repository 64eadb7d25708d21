/** A request that a process has written and nobody has sent. */
export interface SentRequest {
  path: string;
  headers: Record<string, string>;
  /** In base64. */
  body: string;
}

/** What this process would have sent: counted always, kept only while `kept` is a list. */
export const sentRequests: { count: number; bytes: number; kept: SentRequest[] | undefined } = {
  count: 0,
  bytes: 0,
  kept: undefined,
};

export function noteRequest(path: string, headers: object, chunks: readonly Uint8Array[]): void {
  sentRequests.count += 1;
  for (const { length } of chunks) sentRequests.bytes += length;
  sentRequests.kept?.push({
    path,
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]),
    ),
    body: Buffer.concat(chunks).toString("base64"),
  });
}
