//! A thousand reports due at the same minute, two processes on PostgreSQL, one of them killed every two seconds for a
//! minute, a mail server that refuses five messages in a hundred at first. `bash tests/run cargo bench --bench headline`
//! starts the server; what was measured is printed, and what must not happen ends it.
#![expect(clippy::print_stdout, reason = "a bench tells what it measured")]
#![expect(clippy::unwrap_used, reason = "what fails here ends the bench")]

#[path = "../headline/mod.rs"]
mod headline;

use std::time::Duration;

use headline::{Size, run};

fn main() {
    #[expect(clippy::disallowed_methods, reason = "the server's address comes from tests/run")]
    let server = std::env::var("CALLBRIEF_TEST_POSTGRES");
    let Ok(server) = server else {
        println!("headline: CALLBRIEF_TEST_POSTGRES is not set: run bash tests/run cargo bench --bench headline");
        return;
    };
    let size = Size { reports: 1_000, kills: 30, limit: Duration::from_secs(900) };
    let outcome = run(&size, &server, u64::from(std::process::id()));
    println!("{outcome}");
    assert!(outcome.is_kept(), "something was lost or doubled");
}
