//! How long the weekly set of KPIs takes over a million calls: 20 KPIs by four groupings in two periods, beside the best
//! hand-written SQL for the same numbers, one query for each KPI, grouping and period, and `DuckDB`. Also how much memory
//! it takes, and what 500 KPIs cost. `cargo bench --bench kpi` measures on SQLite, `bash tests/run cargo bench --bench kpi`
//! on PostgreSQL too. What was measured is printed, nothing is asserted but that all ways give the same numbers.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a bench tells what it measured")]
#![expect(
    clippy::disallowed_methods,
    reason = "servers' addresses come from tests/run; a measured child knows its part"
)]

mod by_hand;
mod calls;
mod duckdb;
mod many_kpis;
mod weekly_set;

use std::path::Path;
use std::time::{Duration, Instant};

use by_hand::ByHand;
use callbrief::source::Dialect;
use weekly_set::WeeklySet;

/// How many calls there are in the two periods together.
const CALLS: u32 = 1_000_000;

type Failure = Box<dyn std::error::Error>;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    match (arguments.next().as_deref(), arguments.next()) {
        // The program runs itself for this: memory that others used before would be counted.
        (Some("measure-memory"), Some(folder)) => return weekly_set::measure_memory(Path::new(&folder)).await,
        (Some("500"), _) => return many_kpis::measure().await,
        _ => {}
    }
    let folder = tempfile::tempdir()?;
    let sqlite = format!("sqlite:{}", folder.path().join("calls.db").display());
    let file = calls::csv(folder.path(), CALLS)?;
    calls::fill(Dialect::Sqlite, &sqlite, &file).await?;
    compare("SQLite", Dialect::Sqlite, &sqlite, folder.path()).await?;
    duckdb::print(&file)?;
    weekly_set::print_memory(folder.path())?;
    let small = tempfile::tempdir()?;
    let url = format!("sqlite:{}", small.path().join("calls.db").display());
    calls::fill(Dialect::Sqlite, &url, &calls::csv(small.path(), CALLS / 10)?).await?;
    WeeklySet::new(&url, small.path()).await?.close().await;
    weekly_set::print_memory(small.path())?;
    match std::env::var("CALLBRIEF_TEST_POSTGRES") {
        Ok(url) => {
            calls::fill(Dialect::Postgres, &url, &file).await?;
            compare("PostgreSQL", Dialect::Postgres, &url, folder.path()).await?;
        }
        Err(_) => eprintln!("not measured: PostgreSQL; run bash tests/run cargo bench --bench kpi"),
    }
    many_kpis::measure().await
}

/// Times callbrief and the ways by hand in turn, so that a drift of the machine's speed meets all of them.
async fn compare(name: &str, dialect: Dialect, url: &str, folder: &Path) -> Result<(), Failure> {
    let set = WeeklySet::new(url, folder).await?;
    let by_hand = ByHand::connect(dialect, url).await?;
    let expected = by_hand.statement_for_each_grouping().await?;
    let measured = set.measure().await;
    weekly_set::assert_same(&measured.values, &expected);
    weekly_set::assert_same(&by_hand.rolled_up().await?, &expected);
    let (mut ours, mut each, mut rolled_up) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..5 {
        let start = Instant::now();
        set.measure().await;
        ours.push(start.elapsed());
        let start = Instant::now();
        by_hand.statement_for_each_grouping().await?;
        each.push(start.elapsed());
        let start = Instant::now();
        by_hand.rolled_up().await?;
        rolled_up.push(start.elapsed());
    }
    let start = Instant::now();
    by_hand.query_for_each_kpi().await?;
    let single = start.elapsed();
    let [ours, each, rolled_up] = [ours, each, rolled_up].map(median);
    let best = each.min(rolled_up);
    println!("{name}: 20 KPIs x 4 groupings x 2 periods over {CALLS} calls");
    println!("  callbrief                         {:>8.2} s  ({} statements)", ours.as_secs_f64(), measured.statements);
    println!("  by hand, one for each grouping    {:>8.2} s", each.as_secs_f64());
    println!("  by hand, rolled up in one         {:>8.2} s", rolled_up.as_secs_f64());
    println!("  one query for each KPI            {:>8.2} s  (160 queries)", single.as_secs_f64());
    println!(
        "  {:.2} x the best by hand; {:.1} x faster than a query for each KPI",
        ours.as_secs_f64() / best.as_secs_f64(),
        single.as_secs_f64() / ours.as_secs_f64()
    );
    set.close().await;
    Ok(())
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}
