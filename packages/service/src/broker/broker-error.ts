/**
 * Why a message was not handed over. In every case the message may be published again with the same messageId:
 * consumers recognise it.
 *
 * - `BROKER_AWAY`: there is no connection, or it broke before the broker confirmed
 * - `BROKER_TIMEOUT`: the broker did not confirm in time
 * - `BROKER_REFUSED`: the broker answered with a negative confirm
 * - `UNROUTABLE`: the queue does not exist; the broker returned the message
 */
type BrokerErrorCode = "BROKER_AWAY" | "BROKER_TIMEOUT" | "BROKER_REFUSED" | "UNROUTABLE";

export class BrokerError extends Error {
  override readonly name = "BrokerError";
  readonly code: BrokerErrorCode;

  constructor(code: BrokerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
