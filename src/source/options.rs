//! From a database's address to connection options that can only read. The options' own `Debug` shows the password:
//! they are never printed.

use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use secrecy::ExposeSecret;
use sqlx::ConnectOptions;
use sqlx::mysql::MySqlConnectOptions;
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;

use super::SourceError;
use crate::workspace::DatabaseUrl;

/// Options of one of the three databases.
pub(super) enum Options {
    Sqlite(SqliteConnectOptions),
    Postgres(PgConnectOptions),
    MySql(MySqlConnectOptions),
}

/// Reads an address; a relative SQLite path starts at `root`.
pub(super) fn options(name: &str, database: &DatabaseUrl, root: &Path) -> Result<Options, SourceError> {
    let url = database.url.expose_secret();
    let bad = |reason: String| SourceError::BadUrl { source_name: name.to_owned(), reason };
    let scheme = url.split(':').next().unwrap_or_default();
    match scheme {
        "sqlite" => sqlite(name, url, root).map(Options::Sqlite),
        "postgres" | "postgresql" => PgConnectOptions::from_str(url)
            .map(|options| {
                Options::Postgres(
                    options.application_name("callbrief").statement_cache_capacity(20).disable_statement_logging(),
                )
            })
            .map_err(|error| bad(reason(url, &error, "postgres://user@host:5432/database"))),
        "mysql" | "mariadb" => MySqlConnectOptions::from_str(url)
            // The user's queries mean what they mean in the database's own client.
            .map(|options| options.pipes_as_concat(false).no_engine_substitution(false))
            .map(|options| Options::MySql(options.timezone("+00:00".to_owned()).disable_statement_logging()))
            .map_err(|error| bad(reason(url, &error, "mysql://user@host:3306/database"))),
        _ => Err(bad("it begins with none of `sqlite:`, `postgres:`, `mysql:`".to_owned())),
    }
}

fn sqlite(name: &str, url: &str, root: &Path) -> Result<SqliteConnectOptions, SourceError> {
    let written = url.trim_start_matches("sqlite:");
    let written = written.strip_prefix("//").unwrap_or(written);
    let (path, query) = written.split_once('?').unwrap_or((written, "mode=ro"));
    let bad = |reason: &str| SourceError::BadUrl { source_name: name.to_owned(), reason: reason.to_owned() };
    if query != "mode=ro" {
        return Err(bad("the only option after `?` is `mode=ro`, which is the rule anyway"));
    }
    if path.is_empty() || path == ":memory:" {
        return Err(bad("a file is needed, as in `sqlite:var/calls.db`"));
    }
    let file = root.join(path);
    if !file.exists() {
        return Err(SourceError::Missing { source_name: name.to_owned(), path: file.display().to_string() });
    }
    Ok(SqliteConnectOptions::new()
        .filename(file)
        .read_only(true)
        .create_if_missing(false)
        .pragma("query_only", "1")
        .busy_timeout(Duration::from_secs(5))
        .disable_statement_logging())
}

/// The parser's words when they cannot give away the password, with an example of what is expected.
fn reason(url: &str, error: &sqlx::Error, example: &str) -> String {
    let words = error.to_string();
    let password = url
        .split_once("://")
        .and_then(|(_, rest)| rest.rsplit_once('@'))
        .and_then(|(login, _)| login.split_once(':'))
        .map(|(_, password)| password);
    match password {
        Some(password) if !password.is_empty() && words.contains(password) => format!("expected {example}"),
        _ => format!("{words}, expected {example}"),
    }
}
