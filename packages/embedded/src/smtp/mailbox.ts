import type { ReceivedMail } from "./received-mail.ts";

const mostMails = 100;

/** The mails received last; the oldest makes room for the newest. */
export class Mailbox {
  readonly #mails: ReceivedMail[] = [];
  #count = 0;

  add(mail: Omit<ReceivedMail, "id" | "receivedAt">): void {
    this.#count += 1;
    this.#mails.unshift({ id: this.#count, receivedAt: new Date().toISOString(), ...mail });
    this.#mails.splice(mostMails);
  }

  /** Newest first. */
  list(): readonly ReceivedMail[] {
    return [...this.#mails];
  }

  find(id: number): ReceivedMail | undefined {
    return this.#mails.find((mail) => mail.id === id);
  }
}
