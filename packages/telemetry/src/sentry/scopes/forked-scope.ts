import type { Client, Scope } from "@sentry/core";
import { takeSnapshot } from "./scope-snapshot.ts";
import type { SpanScopeData } from "./span-scopes.ts";

type ScopeData = ReturnType<Scope["getScopeData"]>;

interface Fork {
  /** What the scope held when it was forked; nobody changes it. */
  readonly base: Scope;
  /** For Sentry's event processors, above that of the base. */
  readonly metadata?: ScopeData["sdkProcessingMetadata"];
  /** Is given the scope when it is made. */
  readonly prepare?: (scope: Scope) => void;
}

type Change = (scope: Scope) => void;

/** So many changes make the scope. */
const MAX_WAITING = 50;

/**
 * A scope of Sentry's that is made when somebody wants it, and holds what it would hold had it been made at once. A request
 * has three, which cost as much as its spans, while nearly no request has an error or tells its scopes anything.
 */
export class ForkedScope {
  readonly #fork: Fork;
  #made: Scope | undefined;
  #waiting: Change[] | undefined;

  private constructor(fork: Fork, made?: Scope) {
    this.#fork = fork;
    this.#made = made;
  }

  static of(scope: Scope): ForkedScope {
    return new ForkedScope({ base: scope }, scope);
  }

  get scope(): Scope {
    return this.#made ?? this.#make();
  }

  isScope(scope: Scope): boolean {
    return this.#made === scope;
  }

  readClient(): Client | undefined {
    return (this.#made ?? this.#fork.base).getClient();
  }

  readData(): SpanScopeData {
    if (this.#made) return this.#made.getScopeData();
    const { base, metadata } = this.#fork;
    const data = base.getScopeData();
    return metadata ? { ...data, sdkProcessingMetadata: metadata } : data;
  }

  /** A scope with what this one holds by now. */
  fork(own?: Omit<Fork, "base">): ForkedScope {
    const { base, metadata, prepare } = this.#fork;
    // One that nobody has seen is as it was forked. What a request is to have in common must be made first.
    const isUntouched = !this.#made && !this.#waiting && !metadata;
    if (isUntouched && !own) return new ForkedScope(this.#fork);
    const from = isUntouched && !prepare ? base : takeSnapshot(this.scope);
    if (!own) return new ForkedScope({ base: from });
    const inherited = from.getScopeData().sdkProcessingMetadata;
    return new ForkedScope({
      base: from,
      ...own,
      ...(own.metadata && { metadata: { ...inherited, ...own.metadata } }),
    });
  }

  /** Changes the scope now, or else when it is made. */
  change(change: Change): void {
    if (this.#made) {
      change(this.#made);
      return;
    }
    this.#waiting ??= [];
    this.#waiting.push(change);
    if (this.#waiting.length >= MAX_WAITING) this.#make();
  }

  #make(): Scope {
    const { base, metadata, prepare } = this.#fork;
    const scope = base.clone();
    const waiting = this.#waiting;
    // Changes may ask for this very scope.
    this.#made = scope;
    this.#waiting = undefined;
    if (metadata) replaceMetadata(scope, metadata);
    prepare?.(scope);
    for (const change of waiting ?? []) tryChange(change, scope);
    return scope;
  }
}

/** Sentry merges what a key holds with what it is set to: nothing of an outer request may stay. */
function replaceMetadata(scope: Scope, metadata: ScopeData["sdkProcessingMetadata"]): void {
  const nothing = Object.fromEntries(Object.keys(metadata).map((key) => [key, undefined]));
  scope.setSDKProcessingMetadata(nothing).setSDKProcessingMetadata(metadata);
}

/** Whoever asks for the scope must not be told of what a hook threw. */
function tryChange(change: Change, scope: Scope): void {
  try {
    change(scope);
  } catch {
    // The scope does without it.
  }
}
