//! A history into a SQLite file: tables, rows, indices. The file appears under its name only when it is complete,
//! and holds nothing that differs from one run to the next.

use std::path::{Path, PathBuf};

use chrono::DateTime;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, SqliteConnection};

use super::calls::{Call, Outcome};
use super::history::History;
use super::queues::QUEUES;
use super::{DemoError, Progress, Stage};
use crate::import::batch::Batch;
use crate::import::moment::written;
use crate::locale::Language;

const TABLES: &str = "
CREATE TABLE agents (agent TEXT NOT NULL, team TEXT NOT NULL, hired_on TEXT NOT NULL);
CREATE TABLE calls (
  call_id INTEGER PRIMARY KEY, started_at TEXT NOT NULL, queue TEXT NOT NULL, agent TEXT, direction TEXT NOT NULL,
  caller TEXT NOT NULL, offered INTEGER NOT NULL, answered INTEGER NOT NULL, abandoned INTEGER NOT NULL,
  wait_s INTEGER NOT NULL, talk_s INTEGER, hold_s INTEGER, wrap_s INTEGER, transferred INTEGER NOT NULL,
  resolved INTEGER, repeat_within_7d INTEGER NOT NULL, csat INTEGER, nps INTEGER);
CREATE TABLE agent_activity (
  agent TEXT NOT NULL, state TEXT NOT NULL, reason TEXT, started_at TEXT NOT NULL, ended_at TEXT NOT NULL,
  seconds INTEGER NOT NULL);
CREATE TABLE evaluations (
  evaluated_at TEXT NOT NULL, agent TEXT NOT NULL, queue TEXT NOT NULL, score INTEGER NOT NULL,
  critical_error INTEGER NOT NULL);
CREATE TABLE staff_survey (
  answered_at TEXT NOT NULL, agent TEXT NOT NULL, ease INTEGER NOT NULL, value INTEGER NOT NULL,
  support INTEGER NOT NULL);
";

const INDICES: &str = "
CREATE INDEX calls_started_at ON calls (started_at);
CREATE INDEX agent_activity_started_at ON agent_activity (started_at);
CREATE INDEX evaluations_evaluated_at ON evaluations (evaluated_at);
CREATE INDEX staff_survey_answered_at ON staff_survey (answered_at);
";

/// Writes the history; a file that stood at the path is replaced at the end.
pub(super) async fn write(
    history: &History,
    language: Language,
    path: &Path,
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Result<(), DemoError> {
    let unwritable = |path: &Path| {
        let path = path.to_owned();
        move |cause| DemoError::Unwritable { path, cause }
    };
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(unwritable(folder))?;
    }
    let unfinished = unfinished(path);
    // What an interrupted run left behind would be taken for our own beginning.
    if unfinished.exists() {
        std::fs::remove_file(&unfinished).map_err(unwritable(&unfinished))?;
    }
    let filled = fill(history, language, &unfinished, progress).await;
    if let Err(cause) = filled {
        // The first error is the one worth telling; a file that cannot be removed either does no harm.
        let _ = std::fs::remove_file(&unfinished);
        return Err(DemoError::Database { path: path.to_owned(), cause });
    }
    std::fs::rename(&unfinished, path).map_err(unwritable(path))
}

fn unfinished(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".unfinished");
    path.with_file_name(name)
}

async fn fill(
    history: &History,
    language: Language,
    path: &Path,
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Result<(), sqlx::Error> {
    // No journal and no syncing: a half-written file is thrown away anyway.
    let mut connection = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .page_size(4_096)
        .journal_mode(SqliteJournalMode::Off)
        .synchronous(SqliteSynchronous::Off)
        .connect()
        .await?;
    let agent = |index: usize| history.agents[index].name;
    let queue = |index: usize| QUEUES[index].name(language);
    let total = (history.calls.len() + history.activity.len()) as u64;
    let mut done = 0;
    let mut tick = |rows: u64| {
        done += rows;
        progress(Progress { stage: Stage::Writing, done, total });
    };
    tick(0);

    sqlx::raw_sql(TABLES).execute(&mut connection).await?;
    sqlx::raw_sql("BEGIN").execute(&mut connection).await?;
    insert(&mut connection, "agents", 3, history.agents.iter(), &mut |_| (), |row, person| {
        row.push(person.name)?;
        row.push(person.team_name(language))?;
        row.push(person.hired_on.to_string())
    })
    .await?;
    let calls = (1_i64..).zip(&history.calls);
    insert(&mut connection, "calls", 18, calls, &mut tick, |row, (id, call)| {
        call_values(row, id, call, queue(call.queue), &agent)
    })
    .await?;
    insert(&mut connection, "agent_activity", 6, history.activity.iter(), &mut tick, |row, stretch| {
        row.push(agent(stretch.agent))?;
        row.push(stretch.state.name())?;
        row.push(stretch.state.reason(language))?;
        row.push(utc_text(stretch.from))?;
        row.push(utc_text(stretch.to))?;
        row.push(stretch.to - stretch.from)
    })
    .await?;
    insert(&mut connection, "evaluations", 5, history.evaluations.iter(), &mut |_| (), |row, evaluation| {
        row.push(utc_text(evaluation.at))?;
        row.push(agent(evaluation.agent))?;
        row.push(queue(evaluation.queue))?;
        row.push(evaluation.score)?;
        row.push(i64::from(evaluation.critical_error))
    })
    .await?;
    insert(&mut connection, "staff_survey", 5, history.staff_answers.iter(), &mut |_| (), |row, answer| {
        row.push(utc_text(answer.at))?;
        row.push(agent(answer.agent))?;
        row.push(answer.ease)?;
        row.push(answer.value)?;
        row.push(answer.support)
    })
    .await?;
    sqlx::raw_sql(INDICES).execute(&mut connection).await?;
    sqlx::raw_sql("COMMIT").execute(&mut connection).await?;
    connection.close().await
}

fn call_values(
    row: &mut Batch,
    id: i64,
    call: &Call,
    queue: &'static str,
    agent: &dyn Fn(usize) -> &'static str,
) -> Result<(), sqlx::Error> {
    let conversation = match &call.outcome {
        Outcome::Answered(conversation) => Some(conversation),
        Outcome::Abandoned | Outcome::FlowedOut => None,
    };
    row.push(id)?;
    row.push(utc_text(call.started))?;
    row.push(queue)?;
    row.push(conversation.map(|conversation| agent(conversation.agent)))?;
    row.push(QUEUES[call.queue].direction)?;
    // Looks like what telephony systems show instead of a number, and is no number.
    row.push(format!("caller-{:06}", call.caller))?;
    row.push(1)?;
    row.push(i64::from(conversation.is_some()))?;
    row.push(i64::from(matches!(call.outcome, Outcome::Abandoned)))?;
    row.push(call.wait)?;
    row.push(conversation.map(|conversation| conversation.talk))?;
    row.push(conversation.map(|conversation| conversation.hold))?;
    row.push(conversation.map(|conversation| conversation.wrap))?;
    row.push(i64::from(conversation.is_some_and(|conversation| conversation.transferred)))?;
    row.push(conversation.map(|conversation| i64::from(conversation.resolved)))?;
    row.push(i64::from(call.repeat))?;
    row.push(conversation.and_then(|conversation| conversation.csat).map(i64::from))?;
    row.push(conversation.and_then(|conversation| conversation.nps).map(i64::from))
}

async fn insert<T>(
    connection: &mut SqliteConnection,
    table: &str,
    columns: usize,
    rows: impl Iterator<Item = T>,
    tick: &mut (dyn FnMut(u64) + Send),
    values: impl Fn(&mut Batch, T) -> Result<(), sqlx::Error>,
) -> Result<(), sqlx::Error> {
    let mut batch = Batch::new(table, columns);
    for row in rows {
        values(&mut batch, row)?;
        match batch.send_if_full(connection).await? {
            0 => {}
            sent => tick(sent),
        }
    }
    tick(batch.send(connection).await?);
    Ok(())
}

/// An instant as the tables hold it.
fn utc_text(unix: i64) -> String {
    written(DateTime::from_timestamp(unix, 0).unwrap_or_default().naive_utc())
}
