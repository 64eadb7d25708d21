/** What a client may ask for. RabbitMQ 4's defaults, except for the times. */
export interface Limits {
  /** How many channels a connection may have open. */
  channelMax: number;
  /** Longest frame, head and end included. */
  maxFrameBytes: number;
  /** Longest message body. */
  maxBodyBytes: number;
  /** Heartbeat interval suggested to clients; 0 is none. */
  heartbeatSeconds: number;
  /** A connection that is not open after this time is cut off. */
  handshakeTimeoutMillis: number;
  /** Bytes waiting in a socket above which its consumers get nothing more. */
  congestedAtBytes: number;
  /** How long close-ok is awaited before the socket is cut off. */
  closeTimeoutMillis: number;
}

export const defaultLimits: Limits = {
  channelMax: 2047,
  maxFrameBytes: 131_072,
  maxBodyBytes: 16 * 1024 * 1024,
  heartbeatSeconds: 60,
  handshakeTimeoutMillis: 10_000,
  congestedAtBytes: 1024 * 1024,
  closeTimeoutMillis: 1000,
};
