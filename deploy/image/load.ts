/** Sends orders at a steady rate until it is told to end, and says every ten seconds what became of them. */
const web = process.env["LOAD_WEB_URL"] ?? "http://127.0.0.1:8006";
const perSecond = readRate(process.env["LOAD_ORDERS_PER_SECOND"] || "5");
const tellMillis = 10_000;
const timeoutMillis = 10_000;
/** Orders on the way; more are not begun, so that a web service that hangs costs no memory here. */
const mostOpen = 1000;

let open = 0;
const counts = { accepted: 0, refused: 0, failed: 0, "not sent": 0 };

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.once(signal, () => {
    tell();
    process.exit(0);
  });
}
console.log(`${perSecond} orders a second to ${web}`);
setInterval(() => void order(), 1000 / perSecond);
setInterval(tell, tellMillis);

async function order(): Promise<void> {
  if (open >= mostOpen) {
    counts["not sent"] += 1;
    return;
  }
  open += 1;
  try {
    const response = await fetch(`${web}/order`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ id: crypto.randomUUID() }),
      signal: AbortSignal.timeout(timeoutMillis),
    });
    await response.body?.cancel();
    counts[response.ok ? "accepted" : "refused"] += 1;
  } catch {
    counts.failed += 1;
  } finally {
    open -= 1;
  }
}

function tell(): void {
  console.log(JSON.stringify({ ...counts, open }));
}

function readRate(text: string): number {
  const rate = Number(text);
  if (rate > 0 && rate <= 1000) return rate;
  console.error(`LOAD_ORDERS_PER_SECOND="${text}" cannot be used: give a number above 0, up to 1000.`);
  process.exit(1);
}
