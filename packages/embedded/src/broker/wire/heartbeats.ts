/** Sends a heartbeat when nothing else was sent for half the interval; ends a connection silent for two. */
export class Heartbeats {
  readonly #sendHeartbeat: () => void;
  readonly #onSilence: () => void;
  #timer: NodeJS.Timeout | undefined;
  #hasSent = false;
  #silentHalves = 0;

  constructor(sendHeartbeat: () => void, onSilence: () => void) {
    this.#sendHeartbeat = sendHeartbeat;
    this.#onSilence = onSilence;
  }

  /** 0 switches heartbeats off. */
  start(intervalSeconds: number): void {
    if (intervalSeconds === 0) return;
    this.#timer = setInterval(() => this.#tick(), (intervalSeconds * 1000) / 2);
  }

  #tick(): void {
    if (!this.#hasSent) this.#sendHeartbeat();
    this.#hasSent = false;
    this.#silentHalves++;
    if (this.#silentHalves > 4) this.#onSilence();
  }

  sent(): void {
    this.#hasSent = true;
  }
  received(): void {
    this.#silentHalves = 0;
  }
  stop(): void {
    clearInterval(this.#timer);
  }
}
