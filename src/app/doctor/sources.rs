//! The databases of calls: whether they answer, whether we could write to them, and what their clocks say.

use std::time::Instant;

use secrecy::ExposeSecret;

use super::{CLOCKS_MAY_DIFFER, Chart};
use crate::pipeline::Workspace;
use crate::source::{Dialect, Source, SourceError, Statement, Value};
use crate::time::Clock;

/// How many tables the user could change, and seconds since 1970 on the server's clock.
const OF_POSTGRES: &str = "SELECT (SELECT COUNT(*) FROM pg_catalog.pg_class AS c \
     JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p') \
     AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg_toast%' \
     AND has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')) AS writable, \
     CAST(EXTRACT(EPOCH FROM clock_timestamp()) AS DOUBLE PRECISION) AS seconds, \
     (SELECT reset_val FROM pg_catalog.pg_settings WHERE name = 'TimeZone') AS zone";
/// The same; the views show the present user's rights only, as grants on everything, on databases and on tables.
const OF_MYSQL: &str = "SELECT (SELECT COUNT(*) FROM information_schema.user_privileges \
     WHERE privilege_type IN ('INSERT', 'UPDATE', 'DELETE', 'DROP')) \
     + (SELECT COUNT(*) FROM information_schema.schema_privileges WHERE privilege_type IN ('INSERT', 'UPDATE', 'DELETE', 'DROP')) \
     + (SELECT COUNT(*) FROM information_schema.table_privileges WHERE privilege_type IN ('INSERT', 'UPDATE', 'DELETE', 'DROP')) \
     AS writable, CAST(UNIX_TIMESTAMP() AS SIGNED) AS seconds, @@global.time_zone AS zone";

/// What a server says of itself.
struct Said {
    /// More than none: the user may write.
    writable: f64,
    seconds: f64,
    zone: String,
}

pub(super) async fn examine(chart: &mut Chart, workspace: &Workspace) {
    for (name, definition) in &workspace.catalog.settings.sources {
        let begun = Instant::now();
        let asked = async {
            let source = Source::connect(name, &definition.database, &workspace.catalog.root).await?;
            let took = begun.elapsed();
            let said = ask(&source).await;
            source.close().await;
            Ok::<_, SourceError>((took, said?))
        };
        let subject = format!("{} {name}", chart.word("doctor-source"));
        let (took, said) = match asked.await {
            Ok(answer) => answer,
            Err(failure) => {
                let reason = failure.to_string();
                chart.ill(subject, "doctor-reason", "doctor-source-advice", &[("reason", reason.into())]);
                continue;
            }
        };
        let took = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        let Some(said) = said else {
            chart.well(subject, "doctor-source-file", &[("took", took.into())]);
            continue;
        };
        let ours = Clock::System.now().timestamp() as f64;
        let apart = (said.seconds - ours).abs();
        let user = user(definition.database.url.expose_secret());
        if apart > CLOCKS_MAY_DIFFER.as_secs_f64() {
            let apart = apart.round();
            chart.doubtful(subject, "doctor-source-clock", "doctor-source-clock-advice", &[("apart", apart.into())]);
        } else if said.writable > 0.0 {
            chart.doubtful(subject, "doctor-source-writes", "doctor-source-writes-advice", &[("user", user.into())]);
        } else {
            chart.well(subject, "doctor-source-well", &[("took", took.into()), ("zone", said.zone.into())]);
        }
    }
}

/// What a server says of itself; nothing for a file, which is opened so that it can only be read and has no clock.
async fn ask(source: &Source) -> Result<Option<Said>, SourceError> {
    let sql = match source.dialect() {
        Dialect::Sqlite => return Ok(None),
        Dialect::Postgres => OF_POSTGRES,
        Dialect::MySql => OF_MYSQL,
    };
    let rows = source.fetch(&Statement { sql: sql.to_owned(), ..Statement::default() }).await?;
    let row = rows.rows.first().map_or(&[][..], Vec::as_slice);
    let number = |index: usize| match row.get(index) {
        Some(Value::Integer(number)) => *number as f64,
        Some(Value::Number(number)) => *number,
        _ => 0.0,
    };
    let zone = match row.get(2) {
        Some(Value::Text(zone)) => zone.clone(),
        _ => "?".to_owned(),
    };
    Ok(Some(Said { writable: number(0), seconds: number(1), zone }))
}

/// The user an address names.
fn user(url: &str) -> String {
    let authority = url.split_once("://").map_or("", |(_, rest)| rest.split('/').next().unwrap_or_default());
    let login = authority.rsplit_once('@').map_or("", |(login, _)| login);
    login.split(':').next().filter(|user| !user.is_empty()).unwrap_or("?").to_owned()
}
