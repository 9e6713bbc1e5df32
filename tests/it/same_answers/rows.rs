//! Random rows, windows and zones; the ways to store an instant; the tables that hold the same rows in each engine.

use chrono::{DateTime, TimeDelta, TimeZone, Utc};
use chrono_tz::{America, Asia, Australia, Europe, Tz};
use proptest::prelude::*;

use crate::databases::Engine;
use callbrief::time::Window;

/// Names that databases like to take for one another, or for something else.
pub(super) const NAMES: [&str; 14] = [
    "Sales",
    "sales",
    "SALES",
    "Sales ",
    " Sales",
    "Продажи",
    "продажи",
    "Ёлка",
    "Елка",
    "strasse",
    "straße",
    "50%_off",
    "",
    "O'Brien \\ \"x\" -- :from ? $1",
];

/// One call.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) instant: DateTime<Utc>,
    pub(super) queue: Option<&'static str>,
    pub(super) agent: Option<&'static str>,
    pub(super) answered: Option<bool>,
    pub(super) resolved: Option<bool>,
    pub(super) wait_s: Option<i32>,
    pub(super) price: Option<f64>,
    pub(super) score: Option<f64>,
}

/// A column that holds each row's instant.
#[derive(Clone, Copy, Debug)]
pub(super) enum Storage {
    UtcText,
    UnixSeconds,
    UnixSecondsDecimal,
    UnixSecondsReal,
    UnixMilliseconds,
    UnixMillisecondsReal,
    Timestamptz,
    /// A date-time whose zone is UTC; MySQL compares it with texts, so there it may be declared as one.
    UtcCivil,
    Local(Tz),
}

/// The zones of windows and of civil times in databases.
pub(super) const ZONES: [Tz; 6] =
    [Europe::Berlin, America::New_York, America::Santiago, Australia::Lord_Howe, Asia::Kolkata, Europe::Moscow];

/// The changes of their clocks in 2026; of the zones without any, a new year.
const CHANGES: [&str; 9] = [
    "2026-03-29T01:00:00Z",
    "2026-10-25T01:00:00Z",
    "2026-03-08T07:00:00Z",
    "2026-11-01T06:00:00Z",
    "2026-04-05T03:00:00Z",
    "2026-09-06T04:00:00Z",
    "2026-04-04T15:00:00Z",
    "2026-10-03T15:30:00Z",
    "2025-12-31T21:00:00Z",
];

impl Storage {
    pub(super) fn all() -> Vec<Self> {
        let mut all = vec![
            Self::UtcText,
            Self::UnixSeconds,
            Self::UnixSecondsDecimal,
            Self::UnixSecondsReal,
            Self::UnixMilliseconds,
            Self::UnixMillisecondsReal,
            Self::Timestamptz,
            Self::UtcCivil,
        ];
        all.extend([Europe::Berlin, America::Santiago, Australia::Lord_Howe].map(Self::Local));
        all
    }

    /// The column's name.
    pub(super) fn column(self) -> String {
        match self {
            Self::UtcText => "utc_text".to_owned(),
            Self::UnixSeconds => "unix_s".to_owned(),
            Self::UnixSecondsDecimal => "unix_s_decimal".to_owned(),
            Self::UnixSecondsReal => "unix_s_real".to_owned(),
            Self::UnixMilliseconds => "unix_ms".to_owned(),
            Self::UnixMillisecondsReal => "unix_ms_real".to_owned(),
            Self::UtcCivil => "utc_civil".to_owned(),
            Self::Timestamptz => "instant".to_owned(),
            Self::Local(zone) => format!("local_{}", zone.name().rsplit('/').next().unwrap().to_lowercase()),
        }
    }

    /// How a dataset declares it. SQLite has no instants of its own.
    pub(super) fn declared(self, engine: Engine) -> String {
        match self {
            Self::UnixSeconds | Self::UnixSecondsDecimal | Self::UnixSecondsReal => {
                "{ type: time, stored_as: unix_s }".to_owned()
            }
            Self::UnixMilliseconds | Self::UnixMillisecondsReal => "{ type: time, stored_as: unix_ms }".to_owned(),
            Self::Timestamptz if engine != Engine::Sqlite => "{ type: time, stored_as: timestamptz }".to_owned(),
            Self::UtcCivil if matches!(engine, Engine::Sqlite | Engine::Postgres) => {
                "{ type: time, stored_as: local, timezone: UTC }".to_owned()
            }
            Self::UtcText | Self::UtcCivil | Self::Timestamptz => "{ type: time, stored_as: utc_text }".to_owned(),
            Self::Local(zone) => format!("{{ type: time, stored_as: local, timezone: {} }}", zone.name()),
        }
    }

    fn column_type(self, engine: Engine) -> &'static str {
        match (self, engine) {
            (Self::UnixSeconds | Self::UnixMilliseconds, _) => "BIGINT",
            (Self::UnixSecondsReal | Self::UnixMillisecondsReal, _) | (Self::UnixSecondsDecimal, Engine::Sqlite) => {
                "DOUBLE PRECISION"
            }
            (Self::UnixSecondsDecimal, _) => "DECIMAL(16, 3)",
            (Self::UtcText, _) | (_, Engine::Sqlite) => "VARCHAR(40)",
            (Self::Timestamptz, Engine::Postgres) => "TIMESTAMPTZ",
            (Self::Timestamptz, _) => "TIMESTAMP(3) NULL",
            (Self::Local(_) | Self::UtcCivil, Engine::Postgres) => "TIMESTAMP",
            (Self::Local(_) | Self::UtcCivil, _) => "DATETIME(3)",
        }
    }

    fn literal(self, instant: DateTime<Utc>, engine: Engine) -> String {
        let millis = instant.timestamp_millis();
        match self {
            Self::UnixSeconds => instant.timestamp().to_string(),
            Self::UnixSecondsDecimal | Self::UnixSecondsReal => format!("{}.{:03}", millis / 1_000, millis % 1_000),
            Self::UnixMilliseconds | Self::UnixMillisecondsReal => millis.to_string(),
            Self::Timestamptz if engine == Engine::Postgres => format!("'{}+00:00'", instant.format("%F %T%.3f")),
            Self::UtcText | Self::UtcCivil | Self::Timestamptz => format!("'{}'", instant.format("%F %T%.3f")),
            Self::Local(zone) => format!("'{}'", instant.with_timezone(&zone).format("%F %T%.3f")),
        }
    }

    /// What the stored value can still tell: a local time that comes twice is its first pass.
    pub(super) fn readable(self, instant: DateTime<Utc>) -> DateTime<Utc> {
        match self {
            Self::Local(zone) => {
                let local = instant.with_timezone(&zone).naive_local();
                zone.from_local_datetime(&local).earliest().unwrap().to_utc()
            }
            _ => instant,
        }
    }
}

/// The statement that makes the table.
pub(super) fn table(engine: Engine) -> String {
    let (decimal, collation) = match engine {
        Engine::Sqlite => ("NUMERIC", "COLLATE NOCASE"),
        _ => ("DECIMAL(10, 2)", ""),
    };
    let times: Vec<String> = Storage::all()
        .into_iter()
        .map(|storage| format!("{} {}", storage.column(), storage.column_type(engine)))
        .collect();
    let zone = if matches!(engine, Engine::MySql | Engine::MariaDb) { "SET time_zone = '+00:00';" } else { "" };
    format!(
        "{zone} CREATE TABLE calls (queue VARCHAR(80) {collation}, agent VARCHAR(80), answered BOOLEAN, \
         resolved SMALLINT, wait_s INT, price {decimal}, score DOUBLE PRECISION, {})",
        times.join(", ")
    )
}

/// The statements that put these rows in place of the ones that are there.
pub(super) fn filled(engine: Engine, rows: &[Row]) -> String {
    let mysql = matches!(engine, Engine::MySql | Engine::MariaDb);
    let text = |text: Option<&str>| match text {
        Some(text) if mysql => format!("'{}'", text.replace('\\', "\\\\").replace('\'', "''")),
        Some(text) => format!("'{}'", text.replace('\'', "''")),
        None => "NULL".to_owned(),
    };
    let value = |value: Option<String>| value.unwrap_or_else(|| "NULL".to_owned());
    let mut statements = "DELETE FROM calls;".to_owned();
    if !rows.is_empty() {
        let rows: Vec<String> = rows
            .iter()
            .map(|row| {
                let times = Storage::all().into_iter().map(|storage| storage.literal(row.instant, engine));
                let mut values = vec![
                    text(row.queue),
                    text(row.agent),
                    value(row.answered.map(|truth| truth.to_string())),
                    value(row.resolved.map(|truth| u8::from(truth).to_string())),
                    value(row.wait_s.map(|number| number.to_string())),
                    value(row.price.map(|number| number.to_string())),
                    value(row.score.map(|number| format!("{number:e}"))),
                ];
                values.extend(times);
                format!("({})", values.join(", "))
            })
            .collect();
        statements.push_str(&format!("INSERT INTO calls VALUES {}", rows.join(", ")));
    }
    statements
}

/// A window near a change of the clocks, of a minute to two weeks; often whole days of its zone.
pub(super) fn window() -> impl Strategy<Value = (Tz, Window)> {
    let minutes = prop_oneof![1_i64..120, 120_i64..20_160, prop::sample::select(vec![15, 30, 60, 1_440, 10_080])];
    (
        prop::sample::select(CHANGES.to_vec()),
        prop::sample::select(ZONES.to_vec()),
        -4_320_i64..300,
        minutes,
        any::<bool>(),
    )
        .prop_map(|(change, zone, before, minutes, whole_days)| {
            let change: DateTime<Utc> = change.parse().unwrap();
            let from = change + TimeDelta::minutes(before);
            let from = if whole_days { local_midnight(from, zone) } else { from };
            (zone, Window { from, to: from + TimeDelta::minutes(minutes) })
        })
}

fn local_midnight(instant: DateTime<Utc>, zone: Tz) -> DateTime<Utc> {
    let midnight = instant.with_timezone(&zone).date_naive().and_hms_opt(0, 0, 0).unwrap();
    zone.from_local_datetime(&midnight).earliest().map_or(instant, |midnight| midnight.to_utc())
}

/// Rows in and around a window, many of them near its borders and near the changes of the clocks.
pub(super) fn rows(window: Window) -> impl Strategy<Value = Vec<Row>> {
    let (from, to) = (window.from.timestamp_millis(), window.to.timestamp_millis());
    let near = |borders: Vec<i64>, reach: i64| {
        (prop::sample::select(borders), -reach..reach, prop::sample::select(vec![0_i64, 250, 999]))
            .prop_map(|(border, seconds, millis)| border + seconds * 1_000 + millis)
    };
    let changes = CHANGES.map(|change| change.parse::<DateTime<Utc>>().unwrap().timestamp_millis());
    let changes: Vec<i64> = changes.into_iter().filter(|change| (from..=to).contains(change)).collect();
    let changes = if changes.is_empty() { vec![from] } else { changes };
    let instant = prop_oneof![
        4 => (from..to).boxed(),
        1 => near(vec![from, to], 2).boxed(),
        1 => near(vec![from, to], 86_400).boxed(),
        3 => near(changes, 7_200).boxed(),
    ];
    let name = || prop_oneof![4 => prop::sample::select(NAMES.to_vec()).prop_map(Some), 1 => Just(None)];
    let truth = || prop_oneof![4 => any::<bool>().prop_map(Some), 1 => Just(None)];
    let wait =
        prop_oneof![4 => (-5_i32..90).prop_map(Some), 1 => (-100_000_i32..100_000).prop_map(Some), 1 => Just(None)];
    let price = prop::option::weighted(0.8, (-2_000_i32..2_000).prop_map(|hundredths| f64::from(hundredths) / 100.0));
    let score = prop_oneof![
        2 => prop::sample::select(vec![1.0, 2.0, 2.5, 0.1, 0.30000000000000004, -7.25]).prop_map(Some),
        2 => (-1e3_f64..1e3).prop_map(Some),
        1 => Just(None),
    ];
    let row = (instant, name(), name(), truth(), truth(), wait, price, score).prop_map(
        |(millis, queue, agent, answered, resolved, wait_s, price, score)| Row {
            instant: DateTime::from_timestamp_millis(millis).unwrap(),
            queue,
            agent,
            answered,
            resolved,
            wait_s,
            price,
            score,
        },
    );
    prop::collection::vec(row, 0..40)
}
