/** Where one sender sends to. Each sender has addresses of its own, so that the receiver counts it apart. */
export interface SenderAddress {
  sentryDsn: string;
  /** Base of the OTLP addresses. */
  otlpEndpoint: string;
  /** Sentry's own OTLP endpoint, used as it is, and the header that it wants. */
  sentryOtlpTraces: string;
  sentryAuth: string;
}

const publicKey = "0123456789abcdef0123456789abcdef";

export function addressOf(port: number, sender: string): SenderAddress {
  const host = `127.0.0.1:${port}/${sender}`;
  return {
    sentryDsn: `http://${publicKey}@${host}/1`,
    otlpEndpoint: `http://${host}`,
    sentryOtlpTraces: `http://${host}/api/1/integration/otlp/v1/traces`,
    sentryAuth: `sentry sentry_key=${publicKey}`,
  };
}
