import PostalMime from "postal-mime";

/** A mail as the server received it. Addresses are those of the envelope: where it was really sent. */
export interface ReceivedMail {
  /** Counted from 1 since the server started. */
  readonly id: number;
  /** ISO 8601, UTC. */
  readonly receivedAt: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  /** With its angle brackets; empty when the mail has none. */
  readonly messageId: string;
  /** The plain text; empty when there is none. */
  readonly text: string;
  readonly html?: string;
}

export interface Envelope {
  readonly from: string;
  readonly to: readonly string[];
}

/** Reads the parts of a mail that are shown. Attachments are left out. */
export async function readMail(
  source: Uint8Array,
  { from, to }: Envelope,
): Promise<Omit<ReceivedMail, "id" | "receivedAt">> {
  const { subject = "", messageId = "", text = "", html } = await PostalMime.parse(source);
  return { from, to, subject, messageId, text, ...(html === undefined ? {} : { html }) };
}
