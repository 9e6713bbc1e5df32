//! Datasets on every kind of database: windows and time buckets give the same rows and keys as civil time computed
//! in Rust, across the days the clock changes.

use std::collections::BTreeSet;
use std::sync::Arc;

use callbrief::dataset::{bucket_key, probe, windowed, without_time};
use callbrief::diagnostics::{SourceFile, Span, Spanned};
use callbrief::source::{Dialect, Limits, Value};
use callbrief::time::{Bucket, BucketStart, Window};
use callbrief::workspace::{ColumnDefinition, ColumnKind, DatasetDefinition, Localized, TimeStorage};
use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, TimeZone, Timelike, Utc};
use chrono_tz::{America, Asia, Australia, Europe, Tz};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::databases::{Engine, TestDatabase, each};

/// The ways to store an instant, with the column's type in each kind of database.
fn storages(dialect: Dialect) -> Vec<(&'static str, &'static str, TimeStorage)> {
    let (timestamp, local) = match dialect {
        Dialect::Sqlite => ("TEXT", "TEXT"),
        Dialect::Postgres => ("TIMESTAMPTZ", "TIMESTAMP"),
        Dialect::MySql => ("TIMESTAMP NULL", "DATETIME"),
    };
    let mut storages = vec![
        ("utc_text", "VARCHAR(40)", TimeStorage::UtcText),
        ("unix_s", "BIGINT", TimeStorage::UnixSeconds),
        ("unix_ms", "BIGINT", TimeStorage::UnixMilliseconds),
        ("berlin", local, TimeStorage::Local(Europe::Berlin)),
        ("new_york", local, TimeStorage::Local(America::New_York)),
    ];
    if dialect != Dialect::Sqlite {
        storages.push(("instant", timestamp, TimeStorage::Timestamptz));
    }
    storages
}

fn calls(dialect: Dialect, instants: &BTreeSet<DateTime<Utc>>) -> String {
    let columns: Vec<String> = storages(dialect).iter().map(|(name, kind, _)| format!("{name} {kind}")).collect();
    let rows: Vec<String> = instants
        .iter()
        .enumerate()
        .map(|(id, instant)| {
            let values: Vec<String> =
                storages(dialect).iter().map(|storage| stored(dialect, *instant, storage.2)).collect();
            format!("({id}, {})", values.join(", "))
        })
        .collect();
    let zone = if dialect == Dialect::MySql { "SET time_zone = '+00:00';" } else { "" };
    format!("{zone} CREATE TABLE calls (id INT, {}); INSERT INTO calls VALUES {}", columns.join(", "), rows.join(", "))
}

fn stored(dialect: Dialect, instant: DateTime<Utc>, storage: TimeStorage) -> String {
    match storage {
        TimeStorage::UnixSeconds => instant.timestamp().to_string(),
        // Milliseconds inside the second must not matter.
        TimeStorage::UnixMilliseconds => (instant.timestamp_millis() + 999).to_string(),
        TimeStorage::Local(zone) => {
            format!("'{}'", instant.with_timezone(&zone).naive_local().format("%Y-%m-%d %H:%M:%S"))
        }
        TimeStorage::Timestamptz if dialect == Dialect::Postgres => {
            format!("'{}+00:00'", instant.format("%Y-%m-%d %H:%M:%S"))
        }
        TimeStorage::UtcText | TimeStorage::Timestamptz => format!("'{}'", instant.format("%Y-%m-%d %H:%M:%S")),
    }
}

/// What the stored value can still tell: a local time that comes twice is its first pass.
fn readable(instant: DateTime<Utc>, storage: TimeStorage) -> DateTime<Utc> {
    match storage {
        TimeStorage::Local(zone) => {
            let local = instant.with_timezone(&zone).naive_local();
            zone.from_local_datetime(&local).earliest().unwrap().with_timezone(&Utc)
        }
        _ => instant,
    }
}

fn expected(bucket: Bucket, instant: DateTime<Utc>, zone: Tz) -> BucketStart {
    let local = instant.with_timezone(&zone);
    let day = local.date_naive();
    match bucket {
        Bucket::QuarterHour | Bucket::HalfHour | Bucket::Hour => {
            let minutes = match bucket {
                Bucket::QuarterHour => 15,
                Bucket::HalfHour => 30,
                _ => 60,
            };
            let into = i64::from(local.minute() % minutes * 60 + local.second());
            BucketStart::Hour(instant - TimeDelta::seconds(into))
        }
        Bucket::Day => BucketStart::Date(day),
        Bucket::Week => BucketStart::Date(day - TimeDelta::days(day.weekday().num_days_from_monday().into())),
        Bucket::Month => BucketStart::Date(NaiveDate::from_ymd_opt(day.year(), day.month(), 1).unwrap()),
        Bucket::HourOfDay => BucketStart::Number(local.hour()),
        Bucket::Weekday => BucketStart::Number(day.weekday().number_from_monday()),
    }
}

pub(crate) fn definition(query: &str, time: &str, storage: TimeStorage) -> DatasetDefinition {
    let file = Arc::new(SourceFile { path: "calls.yaml".to_owned(), text: String::new() });
    let spanned = |value: &str| Spanned::new(value.to_owned(), Span { file: Arc::clone(&file), range: 0..0 });
    let column = ColumnDefinition { name: spanned(time), kind: ColumnKind::Time(storage), title: Localized::default() };
    DatasetDefinition {
        id: spanned("calls"),
        source: spanned("pbx"),
        time: spanned(time),
        query: spanned(query),
        columns: [(time.to_owned(), column)].into_iter().collect(),
    }
}

/// Instants over the window, more of them near the given changes of the clock.
fn instants(window: Window, changes: &[&str]) -> BTreeSet<DateTime<Utc>> {
    let mut random = ChaCha8Rng::seed_from_u64(7);
    let seconds = (window.to - window.from).num_seconds();
    let mut instants: BTreeSet<DateTime<Utc>> =
        (0..150).map(|_| window.from + TimeDelta::seconds(random.random_range(-86_400..seconds + 86_400))).collect();
    for change in changes {
        let change: DateTime<Utc> = change.parse().unwrap();
        instants.extend([-1, 0, 1].map(|second| change + TimeDelta::seconds(second)));
        instants.extend((0..60).map(|_| change + TimeDelta::seconds(random.random_range(-10_800..10_800))));
    }
    instants.extend([window.from, window.to]);
    instants.extend([window.from, window.to].map(|border| border - TimeDelta::seconds(1)));
    instants
}

async fn check(database: &TestDatabase, instants: &BTreeSet<DateTime<Utc>>, window: Window, zone: Tz) {
    let dialect = database.dialect();
    let instants: Vec<DateTime<Utc>> = instants.iter().copied().collect();
    for (name, _, storage) in storages(dialect) {
        let epoch = dialect.epoch_seconds(name, storage);
        let keys: Vec<String> =
            Bucket::ALL.iter().map(|bucket| bucket_key(*bucket, &epoch, dialect, storage, zone, window)).collect();
        for query in ["SELECT * FROM calls;", &format!("SELECT * FROM calls WHERE {name} >= :from AND {name} < :to")] {
            let at = format!("{} {name} {zone} {window:?} {query}", dialect.name());
            let rows = windowed(&definition(query, name, storage), dialect, window);
            let sql = format!("SELECT id, {} FROM ({}) AS calls ORDER BY id", keys.join(", "), rows.sql);
            let parameters: Vec<(&str, Value)> =
                rows.parameters.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
            let found: Vec<Vec<i64>> = database
                .fetch(&sql, &parameters)
                .await
                .into_iter()
                .map(|row| row.into_iter().map(|value| integer(&value)).collect())
                .collect();
            let inside = instants
                .iter()
                .enumerate()
                .map(|(id, instant)| (id, readable(*instant, storage)))
                .filter(|(_, instant)| window.from <= *instant && *instant < window.to);
            let mut rows = found.iter();
            for (id, instant) in inside {
                let row = rows.next().unwrap_or_else(|| panic!("{instant} is missing: {at}"));
                assert_eq!(usize::try_from(row[0]), Ok(id), "{instant}: {at}");
                for (bucket, key) in Bucket::ALL.into_iter().zip(&row[1..]) {
                    assert_eq!(bucket.start(*key), Some(expected(bucket, instant, zone)), "{instant}: {at}");
                }
            }
            assert_eq!(rows.next(), None, "{at}");
        }
    }
}

fn integer(value: &Value) -> i64 {
    match value {
        Value::Integer(number) => *number,
        other => panic!("{other:?} is no whole number"),
    }
}

fn window(from: &str, to: &str) -> Window {
    Window { from: from.parse().unwrap(), to: to.parse().unwrap() }
}

#[tokio::test]
async fn buckets_are_exact_when_the_clock_changes() {
    let year = window("2025-12-29T00:00:00Z", "2027-01-04T00:00:00Z");
    let changes = [
        "2026-03-08T07:00:00Z",
        "2026-11-01T06:00:00Z",
        "2026-03-29T01:00:00Z",
        "2026-10-25T01:00:00Z",
        "2026-04-04T15:00:00Z",
        "2026-10-03T15:30:00Z",
    ];
    let instants = instants(year, &changes);
    let windows = [
        year,
        window("2026-10-18T22:00:00Z", "2026-10-25T23:00:00Z"),
        window("2026-10-25T00:00:00Z", "2026-10-25T01:00:00Z"),
        window("2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"),
        window("2026-10-25T01:00:00Z", "2026-10-25T02:00:00Z"),
        window("2026-03-29T01:00:00Z", "2026-03-29T02:00:00Z"),
        window("2026-07-01T00:00:00Z", "2026-07-02T00:00:00Z"),
    ];
    let zones = [
        Europe::Moscow,
        Europe::Berlin,
        America::New_York,
        Asia::Kolkata,
        Asia::Kathmandu,
        Australia::Lord_Howe,
        Tz::UTC,
    ];
    for database in each(Limits::default(), |engine| calls(engine.dialect(), &instants)).await {
        for window in windows {
            for zone in zones {
                check(&database, &instants, window, zone).await;
            }
        }
    }
}

#[tokio::test]
async fn a_probe_finds_mistakes_on_every_database() {
    let none = BTreeSet::from(["2026-11-23T00:00:00Z".parse::<DateTime<Utc>>().unwrap()]);
    for database in each(Limits::default(), |engine| calls(engine.dialect(), &none)).await {
        let name = database.dialect().name();
        let found = async |query: &str, time: &str| {
            let found = probe(&database.source, &definition(query, time, TimeStorage::UtcText)).await.unwrap();
            found.into_iter().map(|found| format!("{} {}", found.code, found.message)).collect::<Vec<_>>()
        };
        assert_eq!(found("SELECT * FROM calls -- all", "utc_text").await, Vec::<String>::new(), "{name}");
        let missing = found("SELECT id FROM calls", "utc_text").await;
        assert_eq!(missing, ["CB604 the query of dataset `calls` delivers no column `utc_text`"], "{name}");
        let failed = found("SELECT * FROM cals WHERE utc_text > :from", "utc_text").await;
        assert!(failed[0].starts_with("CB603 ") && failed[0].contains("cals"), "{name}: {failed:?}");
    }
}

#[tokio::test]
async fn a_time_column_declared_wrongly_is_found() {
    let none = BTreeSet::from(["2026-11-23T00:00:00Z".parse::<DateTime<Utc>>().unwrap()]);
    for database in each(Limits::default(), |engine| calls(engine.dialect(), &none)).await {
        let mut refused = Vec::new();
        for (name, _, right) in storages(database.dialect()) {
            for (_, _, storage) in storages(database.dialect()) {
                let definition = definition("SELECT * FROM calls", name, storage);
                let found = probe(&database.source, &definition).await.unwrap();
                assert!(storage != right || found.is_empty(), "{name}: {found:?}");
                refused.extend(found.iter().map(|found| found.message.clone()));
            }
        }
        refused.dedup();
        insta::assert_snapshot!(database.dialect().name(), refused.join("\n"));
    }
}

#[tokio::test]
async fn rows_without_a_time_are_counted() {
    let setup = |engine: Engine| {
        let (civil, zero) = match engine.dialect() {
            Dialect::Sqlite => ("VARCHAR(40)", "'0000-00-00 00:00:00'"),
            Dialect::Postgres => ("TIMESTAMP", "NULL"),
            Dialect::MySql => ("DATETIME", "'0000-00-00 00:00:00'"),
        };
        let modes = if engine.dialect() == Dialect::MySql { "SET sql_mode = '';" } else { "" };
        format!(
            "{modes} CREATE TABLE calls (spoken VARCHAR(40), civil {civil}, seconds BIGINT);
             INSERT INTO calls VALUES ('2026-11-23 08:00:00', '2026-11-23 08:00:00', 1795420800),
                 ('yesterday', {zero}, NULL), (NULL, NULL, NULL), ('', NULL, 1795420801)"
        )
    };
    let day = window("2026-11-23T00:00:00Z", "2026-11-24T00:00:00Z");
    for database in each(Limits::default(), setup).await {
        for (time, storage, expected) in [
            ("spoken", TimeStorage::UtcText, 3),
            ("civil", TimeStorage::Local(Europe::Berlin), 3),
            ("seconds", TimeStorage::UnixSeconds, 2),
        ] {
            let count = async |query: &str| {
                let statement = without_time(&definition(query, time, storage), database.dialect(), day);
                let parameters: Vec<(&str, Value)> =
                    statement.parameters.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
                database.value(&statement.sql, &parameters).await
            };
            let at = format!("{:?} {time}", database.engine);
            assert_eq!(count("SELECT * FROM calls -- all").await, Value::Integer(expected), "{at}");
            let cut = format!("SELECT * FROM calls WHERE {time} >= :from AND {time} < :to;");
            assert_eq!(count(&cut).await, Value::Integer(0), "{at}");
        }
    }
}
