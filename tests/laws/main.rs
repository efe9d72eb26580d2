//! What holds whatever happens: of texts, of what is remembered of notes, of a vault after any changes, and of what mends it.
//!
//! The seeds are fixed, so that a run is like every other; `PROPTEST_CASES` asks for more cases, and
//! `PROPTEST_RNG_SEED` for others.

mod actions;
mod facts;
mod fixes;
mod rename;
mod text;
mod vault;

use proptest::test_runner::{Config, RngSeed};

/// At least `cases`, the same ones every time.
fn config(cases: u32) -> Config {
    let asked = Config::default();
    let rng_seed = match asked.rng_seed {
        RngSeed::Random => RngSeed::Fixed(364),
        seed => seed,
    };
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() { asked.cases } else { cases };
    Config { cases, rng_seed, failure_persistence: None, max_shrink_iters: 2_000, ..asked }
}
