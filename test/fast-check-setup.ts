import { configureGlobal } from "fast-check";

/**
 * Property tests try the same inputs in every run, so that a change is judged by what it changed. To explore others:
 * `FAST_CHECK_SEED=$RANDOM npm test`.
 */
configureGlobal({ seed: Number(process.env["FAST_CHECK_SEED"] ?? "20261121") });
