//! The weekly set in SQL as somebody who knows the database would write it, once for each grouping and once rolled up
//! from one pass over the rows; and as a tool writes it that asks for each number by itself. Statements that do not
//! depend on each other are sent together, as callbrief does.

use std::time::Duration;

use callbrief::source::Dialect;
use futures_util::future::try_join_all;
use sqlx::postgres::{PgPool, PgPoolOptions};
use sqlx::sqlite::{SqlitePool, SqlitePoolOptions};
use sqlx::{AssertSqlSafe, Row as _};

use crate::Failure;
use crate::weekly_set::{GROUPINGS, KPIS, Values};

/// The periods' windows.
const WINDOWS: [(&str, &str); 2] =
    [("2026-11-15 21:00:00", "2026-11-22 21:00:00"), ("2026-11-08 21:00:00", "2026-11-15 21:00:00")];

/// The KPIs over the rows, in the order of [`KPIS`]; the percentile's place is held by a NULL.
const OVER_ROWS: [&str; 20] = [
    "COUNT(*)",
    "COUNT(*) FILTER (WHERE answered)",
    "COUNT(*) FILTER (WHERE abandoned)",
    "100.0 * COUNT(*) FILTER (WHERE answered) / COUNT(*)",
    "100.0 * COUNT(*) FILTER (WHERE abandoned) / COUNT(*)",
    "100.0 * COUNT(*) FILTER (WHERE repeat_within_7d) / COUNT(*)",
    "100.0 * COUNT(*) FILTER (WHERE answered AND wait_s <= 20) / COUNT(*)",
    "AVG(wait_s) FILTER (WHERE answered)",
    "MAX(wait_s)",
    "NULL",
    "AVG(wait_s) FILTER (WHERE abandoned)",
    "AVG(talk_s + hold_s + wrap_s) FILTER (WHERE answered)",
    "AVG(talk_s) FILTER (WHERE answered)",
    "AVG(hold_s) FILTER (WHERE answered)",
    "AVG(wrap_s) FILTER (WHERE answered)",
    "100.0 * COUNT(*) FILTER (WHERE transferred) / NULLIF(COUNT(*) FILTER (WHERE answered), 0)",
    "100.0 * COUNT(*) FILTER (WHERE resolved AND NOT repeat_within_7d) \
     / NULLIF(COUNT(*) FILTER (WHERE answered AND NOT repeat_within_7d), 0)",
    "100.0 * COUNT(*) FILTER (WHERE csat >= 4) / NULLIF(COUNT(*) FILTER (WHERE csat >= 1), 0)",
    "AVG(csat)",
    "100.0 * (COUNT(*) FILTER (WHERE nps >= 9) - COUNT(*) FILTER (WHERE nps <= 6)) / NULLIF(COUNT(nps), 0)",
];

/// What the KPIs are made of, over the rows of the finest groups.
const PARTS: &str = "
    COUNT(*) AS n, COUNT(*) FILTER (WHERE answered) AS a, COUNT(*) FILTER (WHERE abandoned) AS b,
    COUNT(*) FILTER (WHERE repeat_within_7d) AS r, COUNT(*) FILTER (WHERE answered AND wait_s <= 20) AS inside,
    SUM(wait_s) FILTER (WHERE answered) AS wait_a, MAX(wait_s) AS longest, SUM(wait_s) FILTER (WHERE abandoned) AS wait_b,
    SUM(talk_s) FILTER (WHERE answered) AS talk, SUM(hold_s) FILTER (WHERE answered) AS hold,
    SUM(wrap_s) FILTER (WHERE answered) AS wrap, COUNT(*) FILTER (WHERE transferred) AS t,
    COUNT(*) FILTER (WHERE resolved AND NOT repeat_within_7d) AS solved,
    COUNT(*) FILTER (WHERE answered AND NOT repeat_within_7d) AS first,
    COUNT(*) FILTER (WHERE csat >= 4) AS pleased, COUNT(*) FILTER (WHERE csat >= 1) AS marks, SUM(csat) AS marked,
    COUNT(csat) AS rated, COUNT(*) FILTER (WHERE nps >= 9) AS promoters, COUNT(*) FILTER (WHERE nps <= 6) AS detractors,
    COUNT(nps) AS asked";

/// The KPIs over those parts.
const OVER_PARTS: [&str; 20] = [
    "SUM(n)",
    "SUM(a)",
    "SUM(b)",
    "100.0 * SUM(a) / SUM(n)",
    "100.0 * SUM(b) / SUM(n)",
    "100.0 * SUM(r) / SUM(n)",
    "100.0 * SUM(inside) / SUM(n)",
    "1.0 * SUM(wait_a) / NULLIF(SUM(a), 0)",
    "MAX(longest)",
    "NULL",
    "1.0 * SUM(wait_b) / NULLIF(SUM(b), 0)",
    "1.0 * (SUM(talk) + SUM(hold) + SUM(wrap)) / NULLIF(SUM(a), 0)",
    "1.0 * SUM(talk) / NULLIF(SUM(a), 0)",
    "1.0 * SUM(hold) / NULLIF(SUM(a), 0)",
    "1.0 * SUM(wrap) / NULLIF(SUM(a), 0)",
    "100.0 * SUM(t) / NULLIF(SUM(a), 0)",
    "100.0 * SUM(solved) / NULLIF(SUM(first), 0)",
    "100.0 * SUM(pleased) / NULLIF(SUM(marks), 0)",
    "1.0 * SUM(marked) / NULLIF(SUM(rated), 0)",
    "100.0 * (SUM(promoters) - SUM(detractors)) / NULLIF(SUM(asked), 0)",
];

/// The percentile's place among the KPIs.
const PERCENTILE: usize = 9;

pub(crate) struct ByHand {
    pool: Pool,
}

enum Pool {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

/// A statement: its rows are the grouping, the group's name and numbers for the KPIs from this place on.
struct Statement {
    period: usize,
    first: usize,
    sql: String,
}

impl ByHand {
    pub(crate) async fn connect(dialect: Dialect, url: &str) -> Result<Self, Failure> {
        // 160 queries wait long for one of four connections.
        let patience = Duration::from_mins(30);
        let pool = match dialect {
            Dialect::Sqlite => {
                let pool = SqlitePoolOptions::new().max_connections(4).acquire_timeout(patience);
                Pool::Sqlite(pool.connect(url).await?)
            }
            _ => {
                let pool = PgPoolOptions::new().max_connections(4).acquire_timeout(patience);
                Pool::Postgres(pool.connect(url).await?)
            }
        };
        Ok(Self { pool })
    }

    /// A statement for each grouping and period.
    pub(crate) async fn statement_for_each_grouping(&self) -> Result<Values, Failure> {
        let mut kpis = OVER_ROWS.map(str::to_owned);
        if let Pool::Postgres(_) = self.pool {
            kpis[PERCENTILE] = "percentile_disc(0.9) WITHIN GROUP (ORDER BY wait_s) FILTER (WHERE answered)".to_owned();
        }
        let mut statements = self.percentiles();
        for period in 0..WINDOWS.len() {
            for (grouping, _) in GROUPINGS.iter().enumerate() {
                let sql = self.grouped(period, grouping, &numbers(&kpis));
                statements.push(Statement { period, first: 0, sql });
            }
        }
        self.ask(statements).await
    }

    /// A statement for each period that goes over the rows once and rolls the finest groups up.
    pub(crate) async fn rolled_up(&self) -> Result<Values, Failure> {
        let mut statements = self.percentiles();
        if let Pool::Postgres(_) = self.pool {
            for period in 0..WINDOWS.len() {
                for (grouping, _) in GROUPINGS.iter().enumerate() {
                    let kpi = "percentile_disc(0.9) WITHIN GROUP (ORDER BY wait_s) FILTER (WHERE answered)".to_owned();
                    let sql = self.grouped(period, grouping, &numbers(&[kpi]));
                    statements.push(Statement { period, first: PERCENTILE, sql });
                }
            }
        }
        for period in 0..WINDOWS.len() {
            let rows = self.rows(period);
            let day = self.day();
            let mut sql = format!(
                "WITH fine AS MATERIALIZED (SELECT queue, agent, {day} AS day, {PARTS} FROM {rows} GROUP BY 1, 2, 3)"
            );
            for (grouping, by) in GROUPINGS.iter().enumerate() {
                let key = by.first().map_or_else(|| "''".to_owned(), |by| self.name(by, by));
                let union = if grouping == 0 { "" } else { " UNION ALL" };
                let group = by.first().map_or_else(String::new, |by| format!(" GROUP BY {by}"));
                let kpis = numbers(&OVER_PARTS.map(str::to_owned));
                sql += &format!("{union} SELECT {grouping}, {key}, {kpis} FROM fine{group}");
            }
            statements.push(Statement { period, first: 0, sql });
        }
        self.ask(statements).await
    }

    /// A query for each KPI, grouping and period.
    pub(crate) async fn query_for_each_kpi(&self) -> Result<Values, Failure> {
        let mut statements = self.percentiles();
        for period in 0..WINDOWS.len() {
            for (grouping, _) in GROUPINGS.iter().enumerate() {
                for (first, kpi) in OVER_ROWS.iter().enumerate() {
                    let kpi = match (&self.pool, first) {
                        (Pool::Sqlite(_), PERCENTILE) => continue,
                        (Pool::Postgres(_), PERCENTILE) => {
                            "percentile_disc(0.9) WITHIN GROUP (ORDER BY wait_s) FILTER (WHERE answered)"
                        }
                        _ => kpi,
                    };
                    let sql = self.grouped(period, grouping, &numbers(&[kpi.to_owned()]));
                    statements.push(Statement { period, first, sql });
                }
            }
        }
        self.ask(statements).await
    }

    pub(crate) fn statements_for_each_grouping(&self) -> usize {
        self.percentiles().len() + WINDOWS.len() * GROUPINGS.len()
    }

    pub(crate) fn statements_rolled_up(&self) -> usize {
        // PostgreSQL computes the percentiles of each grouping, SQLite lists them.
        WINDOWS.len() * (GROUPINGS.len() + 1)
    }

    fn grouped(&self, period: usize, grouping: usize, kpis: &str) -> String {
        let rows = self.rows(period);
        match GROUPINGS[grouping].first() {
            None => format!("SELECT {grouping}, '', {kpis} FROM {rows}"),
            Some(by) => {
                let key = if *by == "day" { self.day() } else { (*by).to_owned() };
                format!("SELECT {grouping}, {}, {kpis} FROM {rows} GROUP BY {key}", self.name(by, &key))
            }
        }
    }

    /// SQLite has no percentiles: the first value that nine of ten do not exceed, from the values and their numbers.
    fn percentiles(&self) -> Vec<Statement> {
        let Pool::Sqlite(_) = self.pool else { return Vec::new() };
        let mut statements = Vec::new();
        for period in 0..WINDOWS.len() {
            for (grouping, by) in GROUPINGS.iter().enumerate() {
                let rows = self.rows(period);
                let key = match by.first() {
                    None => "''".to_owned(),
                    Some(by) if *by == "day" => self.day(),
                    Some(by) => (*by).to_owned(),
                };
                let name = by.first().map_or_else(|| "k".to_owned(), |by| self.name(by, "k"));
                let sql = format!(
                    "SELECT {grouping}, {name}, CAST(MIN(wait_s) AS REAL) FROM (
                       SELECT k, wait_s, SUM(n) OVER (PARTITION BY k ORDER BY wait_s) AS upto, SUM(n) OVER (PARTITION BY k) AS total
                       FROM (SELECT {key} AS k, wait_s, COUNT(*) AS n FROM {rows} AND answered GROUP BY 1, 2))
                     WHERE upto * 10 >= total * 9 GROUP BY k"
                );
                statements.push(Statement { period, first: PERCENTILE, sql });
            }
        }
        statements
    }

    fn rows(&self, period: usize) -> String {
        let (from, to) = WINDOWS[period];
        match self.pool {
            Pool::Sqlite(_) => format!("calls WHERE started_at >= '{from}' AND started_at < '{to}'"),
            Pool::Postgres(_) => format!("calls WHERE started_at >= '{from}+00' AND started_at < '{to}+00'"),
        }
    }

    /// The number of the local day; Moscow is three hours ahead all year.
    fn day(&self) -> String {
        match self.pool {
            Pool::Sqlite(_) => "(unixepoch(started_at) + 10800) / 86400".to_owned(),
            Pool::Postgres(_) => "CAST(started_at AT TIME ZONE 'Europe/Moscow' AS DATE)".to_owned(),
        }
    }

    fn name(&self, by: &str, key: &str) -> String {
        match (&self.pool, by) {
            (Pool::Sqlite(_), "day") => format!("date({key} * 86400, 'unixepoch')"),
            (Pool::Postgres(_), "day") => format!("CAST({key} AS TEXT)"),
            _ => key.to_owned(),
        }
    }

    async fn ask(&self, statements: Vec<Statement>) -> Result<Values, Failure> {
        let answers = try_join_all(statements.into_iter().map(|statement| self.rows_of(statement))).await?;
        let mut values = Values::new();
        for (period, first, rows) in answers {
            for (grouping, name, numbers) in rows {
                let name = name.unwrap_or_else(|| "NoValue".to_owned());
                let group = values.entry((period, grouping, name)).or_insert_with(|| vec![None; KPIS.len()]);
                for (place, number) in numbers.into_iter().enumerate().filter(|(_, number)| number.is_some()) {
                    group[first + place] = number;
                }
            }
        }
        Ok(values)
    }

    async fn rows_of(&self, statement: Statement) -> Result<(usize, usize, Vec<Group>), sqlx::Error> {
        let query = AssertSqlSafe(statement.sql);
        let rows = match &self.pool {
            Pool::Sqlite(pool) => {
                let rows = sqlx::query(query).fetch_all(pool).await?;
                rows.iter().map(|row| (row.get::<i64, _>(0) as usize, row.get(1), numbers_of(row))).collect()
            }
            Pool::Postgres(pool) => {
                let rows = sqlx::query(query).fetch_all(pool).await?;
                rows.iter().map(|row| (row.get::<i32, _>(0) as usize, row.get(1), numbers_of(row))).collect()
            }
        };
        Ok((statement.period, statement.first, rows))
    }
}

/// The grouping, the group's name, and its numbers.
type Group = (usize, Option<String>, Vec<Option<f64>>);

fn numbers(kpis: &[String]) -> String {
    let kpis: Vec<String> = kpis.iter().map(|kpi| format!("CAST({kpi} AS DOUBLE PRECISION)")).collect();
    kpis.join(", ")
}

fn numbers_of<'a, R>(row: &'a R) -> Vec<Option<f64>>
where
    R: sqlx::Row,
    Option<f64>: sqlx::Decode<'a, R::Database> + sqlx::Type<R::Database>,
    usize: sqlx::ColumnIndex<R>,
{
    (2..row.len()).map(|place| row.get(place)).collect()
}
