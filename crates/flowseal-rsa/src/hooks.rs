//! Ways for tests to break the engine and to look inside, built under `--cfg flowseal_hooks` only.
