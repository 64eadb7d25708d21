/** What a DSN says: https://develop.sentry.dev/sdk/foundations/transport/authentication/ */
export interface ReadDsn {
  /** As pages are told it, and name it in their envelopes: without the secret part that old DSNs have. */
  readonly publicDsn: string;
  readonly envelopeUrl: URL;
}

/** `dsn` is one that the configuration has accepted. */
export function readDsn(dsn: string): ReadDsn {
  const { protocol, username, host, pathname } = new URL(dsn);
  const parts = pathname.split("/").filter((part) => part !== "");
  const project = parts.at(-1) ?? "";
  const prefix = parts.slice(0, -1).map((part) => `/${part}`);
  const query = new URLSearchParams({ sentry_version: "7", sentry_key: username });
  return {
    publicDsn: `${protocol}//${username}@${host}${prefix.join("")}/${project}`,
    envelopeUrl: new URL(
      `${protocol}//${host}${prefix.join("")}/api/${project}/envelope/?${query.toString()}`,
    ),
  };
}
