//! The headline in small: reports that are due together, processes that are killed, a mail server that refuses now and then.
//! `cargo bench --bench headline` is the full size.

use std::time::Duration;

use super::databases::server;
use super::headline_run::{Size, run};

#[test]
fn whatever_is_killed_every_recipient_has_each_report_once() {
    let size = Size { reports: 40, kills: 6, limit: Duration::from_secs(150) };
    let outcome = run(&size, &server("CALLBRIEF_TEST_POSTGRES"), 1);
    assert!(outcome.is_kept(), "{outcome}");
    assert!(outcome.refused > 0 && outcome.peak_mb < 150, "{outcome}");
}
