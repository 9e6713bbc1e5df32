//! The demo's tables and how a history becomes their rows. They are what a telephony system and the departments around
//! it would deliver; the shipped datasets read them. Which file they are in is not known here.

use chrono::{DateTime, NaiveDate};
use sqlx::SqliteConnection;

use super::calls::Outcome;
use super::dialer::DialResult;
use super::history::History;
use super::names::{CAMPAIGNS, COSTS};
use super::queues::QUEUES;
use super::{Progress, Stage};
use crate::import::batch::Batch;
use crate::import::moment::written;
use crate::locale::Language;

/// The tables. Instants are text in UTC, lengths are seconds, yes and no are 1 and 0.
pub(super) const TABLES: &str = "
CREATE TABLE agents (agent TEXT NOT NULL, team TEXT NOT NULL, hired_on TEXT NOT NULL, left_on TEXT);
CREATE TABLE calls (
  call_id INTEGER PRIMARY KEY, started_at TEXT NOT NULL, queue TEXT NOT NULL, agent TEXT, tenure TEXT,
  direction TEXT NOT NULL, caller TEXT NOT NULL, offered INTEGER NOT NULL, answered INTEGER NOT NULL,
  abandoned INTEGER NOT NULL, wait_s INTEGER NOT NULL, talk_s INTEGER, hold_s INTEGER, wrap_s INTEGER,
  transferred INTEGER NOT NULL, resolved INTEGER, repeat_within_7d INTEGER NOT NULL, sale INTEGER,
  complaint INTEGER NOT NULL, survey_invited INTEGER NOT NULL, csat INTEGER, nps INTEGER, ces INTEGER);
CREATE TABLE turned_away (turned_at TEXT NOT NULL, queue TEXT NOT NULL, cause TEXT NOT NULL);
CREATE TABLE agent_activity (
  agent TEXT NOT NULL, state TEXT NOT NULL, reason TEXT, started_at TEXT NOT NULL, ended_at TEXT NOT NULL,
  seconds INTEGER NOT NULL);
CREATE TABLE agent_intervals (
  interval_at TEXT NOT NULL, agent TEXT NOT NULL, team TEXT NOT NULL, tenure TEXT NOT NULL, paid_s INTEGER NOT NULL,
  scheduled_s INTEGER NOT NULL, scheduled_on_queue_s INTEGER NOT NULL, adherent_s INTEGER NOT NULL,
  logged_in_s INTEGER NOT NULL, ready_s INTEGER NOT NULL, talk_s INTEGER NOT NULL, wrap_s INTEGER NOT NULL,
  pause_s INTEGER NOT NULL, rings INTEGER NOT NULL, missed_rings INTEGER NOT NULL);
CREATE TABLE forecast (
  interval_at TEXT NOT NULL, queue TEXT NOT NULL, calls INTEGER NOT NULL, handle_s INTEGER NOT NULL);
CREATE TABLE dials (
  dialed_at TEXT NOT NULL, campaign TEXT NOT NULL, human INTEGER NOT NULL, dropped INTEGER NOT NULL,
  contact INTEGER NOT NULL, sale INTEGER NOT NULL);
CREATE TABLE evaluations (
  evaluated_at TEXT NOT NULL, agent TEXT NOT NULL, tenure TEXT NOT NULL, queue TEXT NOT NULL, points INTEGER NOT NULL,
  possible_points INTEGER NOT NULL, score INTEGER NOT NULL, critical_error INTEGER NOT NULL);
CREATE TABLE staff_survey (
  answered_at TEXT NOT NULL, agent TEXT NOT NULL, ease INTEGER NOT NULL, value INTEGER NOT NULL,
  support INTEGER NOT NULL, recommend INTEGER NOT NULL);
CREATE TABLE staff_days (
  day_at TEXT NOT NULL, on_date TEXT NOT NULL, agent TEXT NOT NULL, team TEXT NOT NULL, tenure TEXT NOT NULL,
  scheduled INTEGER NOT NULL, absent INTEGER NOT NULL, last_day INTEGER NOT NULL);
CREATE TABLE costs (day_at TEXT NOT NULL, item TEXT NOT NULL, amount INTEGER NOT NULL);
CREATE TABLE calls_by_month (
  month_at TEXT NOT NULL, queue TEXT NOT NULL, offered INTEGER NOT NULL, answered INTEGER NOT NULL,
  answered_in_time INTEGER NOT NULL, abandoned INTEGER NOT NULL, handle_s INTEGER NOT NULL);
";

/// The indices, made when the rows are there.
pub(super) const INDICES: &str = "
CREATE INDEX calls_started_at ON calls (started_at);
CREATE INDEX turned_away_turned_at ON turned_away (turned_at);
CREATE INDEX agent_activity_started_at ON agent_activity (started_at);
CREATE INDEX agent_intervals_interval_at ON agent_intervals (interval_at);
CREATE INDEX forecast_interval_at ON forecast (interval_at);
CREATE INDEX dials_dialed_at ON dials (dialed_at);
CREATE INDEX evaluations_evaluated_at ON evaluations (evaluated_at);
CREATE INDEX staff_survey_answered_at ON staff_survey (answered_at);
CREATE INDEX staff_days_day_at ON staff_days (day_at);
CREATE INDEX costs_day_at ON costs (day_at);
";

/// Gives a row its values, in the order of the table's columns.
macro_rules! values {
    ($row:ident: $($value:expr),+ $(,)?) => {{
        $($row.push($value)?;)+
        Ok(())
    }};
}

/// Fills the tables with a history; the progress counts the rows of the three large ones.
pub(super) async fn fill_tables(
    connection: &mut SqliteConnection,
    history: &History,
    language: Language,
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Result<(), sqlx::Error> {
    let agents = &history.agents;
    let agent = |index: usize| agents[index].name;
    let team = |index: usize| agents[index].team_name(language);
    let tenure = |index: usize, day: NaiveDate| agents[index].tenure_name(day, language);
    let queue = |index: usize| QUEUES[index].name(language);
    let named = |names: &[[&'static str; 2]], index: usize| names[index][usize::from(language == Language::Russian)];

    let total = (history.calls.len() + history.activity.len() + history.intervals.len()) as u64;
    let mut done = 0;
    let mut tick = |rows: u64| {
        done += rows;
        progress(Progress { stage: Stage::Writing, done, total });
    };
    tick(0);
    let mut quiet = |_| ();

    insert(connection, ("agents", 4), agents, &mut quiet, |row, agent| {
        let left_on = agent.left_on.map(|day| day.to_string());
        values!(row: agent.name, agent.team_name(language), agent.hired_on.to_string(), left_on)
    })
    .await?;
    let calls = (1_i64..).zip(&history.calls);
    insert(connection, ("calls", 23), calls, &mut tick, |row, (id, call)| {
        let conversation = match &call.outcome {
            Outcome::Answered(conversation) => Some(conversation),
            Outcome::Abandoned | Outcome::FlowedOut => None,
        };
        let happened = |holds: Option<bool>| i64::from(holds == Some(true));
        let mark = |mark: Option<Option<u8>>| mark.flatten().map(i64::from);
        values!(row:
            id,
            utc_text(call.started),
            queue(call.queue),
            conversation.map(|conversation| agent(conversation.agent)),
            conversation.map(|conversation| tenure(conversation.agent, call.day)),
            QUEUES[call.queue].direction,
            // Looks like what telephony systems show instead of a number, and is no number.
            format!("caller-{:06}", call.caller),
            1,
            i64::from(conversation.is_some()),
            i64::from(matches!(call.outcome, Outcome::Abandoned)),
            call.wait,
            conversation.map(|conversation| conversation.talk),
            conversation.map(|conversation| conversation.hold),
            conversation.map(|conversation| conversation.wrap),
            happened(conversation.map(|conversation| conversation.transferred)),
            conversation.map(|conversation| i64::from(conversation.resolved)),
            i64::from(call.repeat),
            conversation.and_then(|conversation| conversation.sold).map(i64::from),
            happened(conversation.map(|conversation| conversation.complained)),
            happened(conversation.map(|conversation| conversation.invited)),
            mark(conversation.map(|conversation| conversation.csat)),
            mark(conversation.map(|conversation| conversation.nps)),
            mark(conversation.map(|conversation| conversation.ces)),
        )
    })
    .await?;
    insert(connection, ("turned_away", 3), &history.turned_away, &mut quiet, |row, caller| {
        values!(row: utc_text(caller.at), queue(caller.queue), if caller.full { "full" } else { "unstaffed" })
    })
    .await?;
    insert(connection, ("agent_activity", 6), &history.activity, &mut tick, |row, stretch| {
        values!(row:
            agent(stretch.agent),
            stretch.state.name(),
            stretch.state.reason(language),
            utc_text(stretch.from),
            utc_text(stretch.to),
            stretch.to - stretch.from,
        )
    })
    .await?;
    insert(connection, ("agent_intervals", 15), &history.intervals, &mut tick, |row, interval| {
        let times = &interval.times;
        values!(row:
            utc_text(interval.at),
            agent(interval.agent),
            team(interval.agent),
            tenure(interval.agent, interval.day),
            times.paid,
            times.scheduled,
            times.scheduled_on_queue,
            times.adherent,
            times.logged_in,
            times.ready,
            times.talk,
            times.wrap,
            times.pause,
            times.rings,
            times.missed,
        )
    })
    .await?;
    insert(connection, ("forecast", 4), &history.forecasts, &mut quiet, |row, forecast| {
        values!(row: utc_text(forecast.at), queue(forecast.queue), forecast.calls, forecast.handle_time)
    })
    .await?;
    insert(connection, ("dials", 6), &history.dials, &mut quiet, |row, dial| {
        values!(row:
            utc_text(dial.at),
            named(&CAMPAIGNS, dial.campaign),
            i64::from(dial.result > DialResult::NoPerson),
            i64::from(dial.result == DialResult::Dropped),
            i64::from(dial.result >= DialResult::Contact),
            i64::from(dial.result == DialResult::Sale),
        )
    })
    .await?;
    insert(connection, ("evaluations", 8), &history.evaluations, &mut quiet, |row, evaluation| {
        values!(row:
            utc_text(evaluation.at),
            agent(evaluation.agent),
            tenure(evaluation.agent, evaluation.day),
            queue(evaluation.queue),
            evaluation.points,
            evaluation.possible,
            evaluation.score(),
            i64::from(evaluation.critical_error),
        )
    })
    .await?;
    insert(connection, ("staff_survey", 6), &history.staff_answers, &mut quiet, |row, answer| {
        values!(row:
            utc_text(answer.at),
            agent(answer.agent),
            answer.ease,
            answer.value,
            answer.support,
            answer.recommend,
        )
    })
    .await?;
    insert(connection, ("staff_days", 8), &history.staff_days, &mut quiet, |row, day| {
        values!(row:
            utc_text(day.at),
            day.day.to_string(),
            agent(day.agent),
            team(day.agent),
            tenure(day.agent, day.day),
            i64::from(day.scheduled),
            i64::from(day.absent),
            i64::from(day.last),
        )
    })
    .await?;
    insert(
        connection,
        ("costs", 3),
        &history.costs,
        &mut quiet,
        |row, cost| values!(row: utc_text(cost.at), named(&COSTS, cost.item), cost.amount),
    )
    .await?;
    insert(connection, ("calls_by_month", 7), &history.months, &mut quiet, |row, (at, month)| {
        values!(row:
            utc_text(*at),
            queue(month.queue),
            month.offered,
            month.answered,
            month.in_time,
            month.abandoned,
            month.handle_s,
        )
    })
    .await
}

/// Inserts rows into a table of so many columns.
async fn insert<T>(
    connection: &mut SqliteConnection,
    (table, columns): (&str, usize),
    rows: impl IntoIterator<Item = T>,
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
