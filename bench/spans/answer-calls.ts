import type { Call, CommandName, Commands, Reply } from "./commands.ts";

type Answers = { [Name in CommandName]: (...args: Parameters<Commands[Name]>) => unknown };

/** Does what the parent says, and tells it when that is done. */
export function answerCalls(commands: Answers): void {
  process.on("message", (message) => {
    if (isCall(message)) void answer(message, commands);
  });
  process.send?.({ call: 0 } satisfies Reply);
}

async function answer({ call, name, args }: Call, commands: Answers): Promise<void> {
  const command = commands[name] as (...args: readonly unknown[]) => unknown;
  try {
    process.send?.({ call, result: await command(...args) } satisfies Reply);
  } catch (error) {
    process.send?.({ call, error: String(error) } satisfies Reply);
  }
}

function isCall(message: unknown): message is Call {
  return typeof message === "object" && message !== null && "call" in message && "name" in message;
}
