//! What can go wrong with a source, and whether trying again makes sense. Never holds an address or a password.

use std::error::Error;
use std::time::Duration;

use sqlx::mysql::MySqlDatabaseError;

use super::parameters::ParameterError;

/// A failure of a source.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// The address cannot be read.
    #[error("the address of source `{source_name}` cannot be read: {reason}")]
    BadUrl {
        /// The source.
        source_name: String,
        /// What is wrong with it, without the address itself.
        reason: String,
    },
    /// The SQLite file does not exist.
    #[error("the database file `{path}` of source `{source_name}` does not exist")]
    Missing {
        /// The source.
        source_name: String,
        /// The path, as it was looked for.
        path: String,
    },
    /// The database cannot be reached now, or is too busy to answer.
    #[error("source `{source_name}` cannot be reached: {message}")]
    Unreachable {
        /// The source.
        source_name: String,
        /// The driver's words.
        message: String,
    },
    /// The database answers but lets us not in, or the file is not a database.
    #[error("source `{source_name}` refuses the connection: {message}")]
    Refused {
        /// The source.
        source_name: String,
        /// The database's words.
        message: String,
    },
    /// The statement fails.
    #[error("a query on source `{source_name}` fails: {message}")]
    Query {
        /// The source.
        source_name: String,
        /// The database's words.
        message: String,
    },
    /// The statement's parameters do not fit.
    #[error("a query on source `{source_name}` cannot be sent: {error}")]
    Parameter {
        /// The source.
        source_name: String,
        /// What does not fit.
        error: ParameterError,
    },
    /// More rows than the limit.
    #[error("a query on source `{source_name}` delivers more than {limit} rows")]
    TooManyRows {
        /// The source.
        source_name: String,
        /// The limit.
        limit: usize,
    },
    /// The statement took too long and was stopped.
    #[error("a query on source `{source_name}` was stopped after {} s", limit.as_secs_f64())]
    Timeout {
        /// The source.
        source_name: String,
        /// The limit.
        limit: Duration,
    },
    /// A value of a type that has no meaning here.
    #[error(
        "column `{column}` of source `{source_name}` has a value of type {type_name} that cannot be read; {way_out}"
    )]
    Undecodable {
        /// The source.
        source_name: String,
        /// The column.
        column: String,
        /// The database's name of the type.
        type_name: String,
        /// What to write in the query instead.
        way_out: &'static str,
    },
}

impl SourceError {
    /// Whether the same may work a little later without anybody changing anything.
    pub fn is_temporary(&self) -> bool {
        matches!(self, Self::Unreachable { .. } | Self::Timeout { .. })
    }

    /// The database's own words or the bare cause, without the source's name: for a message that stands at the query.
    pub fn cause(&self) -> String {
        match self {
            Self::BadUrl { reason: message, .. }
            | Self::Unreachable { message, .. }
            | Self::Refused { message, .. }
            | Self::Query { message, .. } => message.clone(),
            Self::Parameter { error, .. } => error.to_string(),
            other => other.to_string(),
        }
    }

    /// Puts a driver's error into its class.
    pub(super) fn from_driver(source_name: &str, limit: Duration, error: sqlx::Error) -> Self {
        let source_name = source_name.to_owned();
        let message = words(&error);
        match &error {
            sqlx::Error::Database(database) => match class(database.as_ref()) {
                Class::Unreachable => Self::Unreachable { source_name, message },
                Class::Refused => Self::Refused { source_name, message },
                Class::Timeout => Self::Timeout { source_name, limit },
                Class::Query => Self::Query { source_name, message },
            },
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed => Self::Unreachable { source_name, message },
            _ => Self::Query { source_name, message },
        }
    }
}

enum Class {
    Unreachable,
    Refused,
    Timeout,
    Query,
}

fn class(error: &dyn sqlx::error::DatabaseError) -> Class {
    if let Some(error) = error.try_downcast_ref::<MySqlDatabaseError>() {
        return match error.number() {
            // Too many connections, also of this user; the server is shutting down.
            1040 | 1203 | 1226 | 1053 => Class::Unreachable,
            // No access, no such database.
            1044 | 1045 | 1049 | 1130 | 1698 => Class::Refused,
            // MySQL's and MariaDB's own limits.
            3024 | 1969 => Class::Timeout,
            _ => Class::Query,
        };
    }
    let code = error.code().unwrap_or_default();
    if error.try_downcast_ref::<sqlx::sqlite::SqliteError>().is_some() {
        // The lower byte is the primary result code, the rest says more about it.
        return match code.parse::<u32>().unwrap_or_default() & 0xff {
            5 | 6 | 10 => Class::Unreachable,
            9 => Class::Timeout,
            3 | 14 | 26 => Class::Refused,
            _ => Class::Query,
        };
    }
    match code.as_ref() {
        "57014" => Class::Timeout,
        "53300" | "57P01" | "57P02" | "57P03" => Class::Unreachable,
        "3D000" => Class::Refused,
        other if other.starts_with("28") => Class::Refused,
        other if other.starts_with("08") => Class::Unreachable,
        _ => Class::Query,
    }
}

/// The driver's words with their causes, on one line.
fn words(error: &sqlx::Error) -> String {
    if let sqlx::Error::Database(database) = error {
        return database.message().replace('\n', " ");
    }
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let text = error.to_string();
        if !words.contains(&text) {
            words = format!("{words}: {text}");
        }
        cause = error.source();
    }
    words.replace('\n', " ")
}
