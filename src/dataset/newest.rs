//! When the newest row of a dataset in a window is from.

use chrono::{DateTime, TimeZone, Utc};

use super::{time_storage, windowed};
use crate::source::{Dialect, Rows, Statement, Value};
use crate::time::Window;
use crate::workspace::{DatasetDefinition, TimeStorage};

/// The statement that asks for the newest row's instant; [`newest`] reads its answer.
pub fn newest_statement(definition: &DatasetDefinition, dialect: Dialect, window: Window) -> Statement {
    let rows = windowed(definition, dialect, window);
    let newest = format!("MAX(d.{})", dialect.quote_identifier(&definition.time.value));
    let seconds = dialect.epoch_seconds(&newest, time_storage(definition));
    Statement { sql: format!("SELECT {seconds}\nFROM (\n{}) AS d", rows.sql), ..rows }
}

/// The newest row's instant; none when there are no rows.
pub fn newest(definition: &DatasetDefinition, rows: &Rows) -> Option<DateTime<Utc>> {
    match rows.rows.first()?.first()? {
        Value::Integer(seconds) => instant(definition, *seconds),
        // Some databases answer with a number of another type.
        Value::Number(seconds) => instant(definition, *seconds as i64),
        Value::Text(seconds) => instant(definition, seconds.trim().parse::<f64>().ok()? as i64),
        Value::Null | Value::Instant(_) | Value::Local(_) => None,
    }
}

/// The instant of what [`Dialect::epoch_seconds`] gives for the dataset's time column: civil seconds for local times.
pub fn instant(definition: &DatasetDefinition, seconds: i64) -> Option<DateTime<Utc>> {
    let instant = DateTime::from_timestamp(seconds, 0)?;
    Some(match time_storage(definition) {
        TimeStorage::Local(zone) => {
            zone.from_local_datetime(&instant.naive_utc()).earliest().map_or(instant, |local| local.with_timezone(&Utc))
        }
        _ => instant,
    })
}
