//! A million calls of two weeks: the same rows for every database, first as a CSV file.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use callbrief::source::Dialect;
use chrono::{DateTime, TimeDelta, Utc};
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, Executor as _};

use crate::Failure;

/// The columns, in the file's order.
const COLUMNS: &str = "call_id, started_at, queue, agent, direction, caller, answered, abandoned, wait_s, talk_s, hold_s, \
                       wrap_s, transferred, resolved, repeat_within_7d, csat, nps";

/// Two weeks in Moscow, 9 to 22 November 2026, 8 queues, 60 agents; in the order of time.
pub(crate) fn csv(folder: &Path, calls: u32) -> Result<PathBuf, Failure> {
    let path = folder.join("calls.csv");
    let mut file = std::io::BufWriter::new(std::fs::File::create(&path)?);
    writeln!(file, "{}", COLUMNS.replace(", ", ","))?;
    let mut random = ChaCha8Rng::seed_from_u64(1);
    let first: DateTime<Utc> = "2026-11-08T21:00:00Z".parse()?;
    let length = 14.0 * 86_400.0;
    for call in 0..calls {
        let at = first + TimeDelta::seconds((length * f64::from(call) / f64::from(calls)) as i64);
        let queue = random.random_range(0..8_u32);
        // An agent works in two of the queues.
        let agent = queue * 60 / 8 + random.random_range(0..15);
        let (wait, talk) = (random.random_range(0..180_u32), random.random_range(20..600_u32));
        let answered = random.random_range(0..100_u32) < 92;
        let if_answered = |value: u32| if answered { value.to_string() } else { String::new() };
        let (name, talk) = (if_answered(agent % 60), if_answered(talk));
        let (hold, wrap) = (if_answered(wait / 4), if_answered(wait / 2 + 5));
        let resolved = if_answered(u32::from(wait % 4 != 0));
        let marks = random.random_range(0..100_u32);
        let csat = if answered && marks < 30 { (marks % 5 + 1).to_string() } else { String::new() };
        let nps = if answered && marks < 20 { (marks % 11).to_string() } else { String::new() };
        let agent = if answered { format!("Agent {name}") } else { String::new() };
        writeln!(
            file,
            "{call},{},Queue {queue},{agent},inbound,caller-{:06},{},{},{wait},{talk},{hold},{wrap},{},{resolved},{},{csat},{nps}",
            at.format("%Y-%m-%d %H:%M:%S"),
            random.random_range(0..200_000_u32),
            u32::from(answered),
            u32::from(!answered && marks < 90),
            u32::from(answered && marks % 10 == 0),
            u32::from(marks % 8 == 0),
        )?;
    }
    file.flush()?;
    Ok(path)
}

/// The file's rows as table `calls`, with the index and the statistics a careful owner would have.
pub(crate) async fn fill(dialect: Dialect, url: &str, file: &Path) -> Result<(), Failure> {
    match dialect {
        Dialect::Sqlite => {
            let options: sqlx::sqlite::SqliteConnectOptions = url.parse()?;
            let mut connection = options.create_if_missing(true).connect().await?;
            insert(&mut connection, "INTEGER", file).await?;
            connection.close().await?;
        }
        Dialect::Postgres => {
            let mut connection = sqlx::PgConnection::connect(url).await?;
            insert(&mut connection, "BOOLEAN", file).await?;
            connection.close().await?;
        }
        Dialect::MySql => return Err("MySQL is not measured".into()),
    }
    Ok(())
}

async fn insert<C>(connection: &mut C, boolean: &str, file: &Path) -> Result<(), Failure>
where
    for<'c> &'c mut C: sqlx::Executor<'c>,
{
    let table = format!(
        "DROP TABLE IF EXISTS calls;
         CREATE TABLE calls (call_id INTEGER PRIMARY KEY, started_at {}, queue TEXT NOT NULL, agent TEXT,
         direction TEXT NOT NULL, caller TEXT NOT NULL, answered {boolean} NOT NULL, abandoned {boolean} NOT NULL,
         wait_s INTEGER NOT NULL, talk_s INTEGER, hold_s INTEGER, wrap_s INTEGER, transferred {boolean} NOT NULL,
         resolved {boolean}, repeat_within_7d {boolean} NOT NULL, csat INTEGER, nps INTEGER); BEGIN;",
        if boolean == "BOOLEAN" { "TIMESTAMPTZ NOT NULL" } else { "TEXT NOT NULL" }
    );
    connection.execute(sqlx::raw_sql(AssertSqlSafe(table))).await?;
    let text = std::fs::read_to_string(file)?;
    let lines: Vec<&str> = text.lines().skip(1).collect();
    for rows in lines.chunks(500) {
        let mut sql = format!("INSERT INTO calls ({COLUMNS}) VALUES ");
        for (index, row) in rows.iter().enumerate() {
            sql.push_str(if index == 0 { "(" } else { ",(" });
            for (column, value) in row.split(',').enumerate() {
                let comma = if column == 0 { "" } else { "," };
                match (value, column) {
                    ("", _) => write!(sql, "{comma}NULL")?,
                    // Quoted, a 0 or 1 is a truth value too.
                    (value, 0 | 8..=11 | 15 | 16) => write!(sql, "{comma}{value}")?,
                    (value, 1) if boolean == "BOOLEAN" => write!(sql, "{comma}'{value}+00'")?,
                    (value, 6 | 7 | 12..=14) if boolean == "INTEGER" => write!(sql, "{comma}{value}")?,
                    (value, _) => write!(sql, "{comma}'{value}'")?,
                }
            }
            sql.push(')');
        }
        connection.execute(sqlx::raw_sql(AssertSqlSafe(sql))).await?;
    }
    let end = "CREATE INDEX calls_started_at ON calls (started_at); COMMIT; ANALYZE;";
    connection.execute(sqlx::raw_sql(end)).await?;
    Ok(())
}
