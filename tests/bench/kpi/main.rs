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
    let mut ways = [Vec::new(), Vec::new(), Vec::new()];
    for _ in 0..5 {
        for (way, times) in ways.iter_mut().enumerate() {
            let (start, cpu) = (Instant::now(), cpu_time()?);
            match way {
                0 => drop(set.measure().await),
                1 => drop(by_hand.statement_for_each_grouping().await?),
                _ => drop(by_hand.rolled_up().await?),
            }
            times.push((start.elapsed(), cpu_time()? - cpu));
        }
    }
    let (start, cpu) = (Instant::now(), cpu_time()?);
    by_hand.query_for_each_kpi().await?;
    let single = (start.elapsed(), cpu_time()? - cpu);
    let [ours, each, rolled_up] = ways.map(|times| {
        let (elapsed, cpu) = times.into_iter().unzip();
        (median(elapsed), median(cpu))
    });
    println!("{name}: 20 KPIs x 4 groupings x 2 periods over {CALLS} calls");
    let line = |way: &str, (elapsed, cpu): (Duration, Duration), statements: usize| {
        let (elapsed, cpu) = (elapsed.as_secs_f64(), cpu.as_secs_f64());
        println!("  {way:<34}{elapsed:>7.2} s, {cpu:>6.2} s of CPU in this process, {statements:>3} statements");
    };
    line("callbrief", ours, measured.statements);
    line("by hand, one for each grouping", each, by_hand.statements_for_each_grouping());
    line("by hand, rolled up in one", rolled_up, by_hand.statements_rolled_up());
    line("one query for each KPI", single, 160);
    let (ours, single, best) = (ours.0, single.0, each.0.min(rolled_up.0));
    println!(
        "  {:.2} x the best by hand; {:.1} x faster than a query for each KPI",
        ours.as_secs_f64() / best.as_secs_f64(),
        single.as_secs_f64() / ours.as_secs_f64()
    );
    set.close().await;
    Ok(())
}

/// What this process has computed so far: SQLite's work is part of it, PostgreSQL's is not.
fn cpu_time() -> Result<Duration, Failure> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    // The name in parentheses may hold anything; behind it the ticks are the 12th and 13th field, 100 a second.
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace().skip(11).take(2);
    let ticks: u64 = fields.map(str::parse::<u64>).sum::<Result<_, _>>()?;
    Ok(Duration::from_millis(ticks * 10))
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}
