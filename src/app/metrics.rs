//! What the service counts about itself, and the page Prometheus reads it from. No label ever holds an address, and every
//! label has few values: words of ours, or the ids of the workspace's reports.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::exposition::{Distribution, Metric, MetricKind, Page};
use crate::journal::{Channel, OutboxFigures, RunTroubleKind};

/// Everything that is measured, in the order of the page.
pub static METRICS: &[&Metric] = &[
    &BUILD,
    &STARTED,
    &HEARTBEAT,
    &SILENCES,
    &RUNS,
    &LATENESS,
    &RUN_TIME,
    &LAST_SENT,
    &TROUBLES,
    &EVALUATIONS,
    &MISSED,
    &EVALUATION_TIME,
    &DELIVERIES,
    &WAITING,
    &OLDEST,
    &JOURNAL,
    &SCHEMA,
    &RELOADS,
    &VALID,
    &PANICS,
];

static BUILD: Metric =
    gauge("callbrief_build_info", "The program's version and that of its zone data", &["version", "zone_data"]);
static STARTED: Metric =
    gauge("callbrief_start_time_seconds", "When the service was started, in seconds since 1970", &[]);
static HEARTBEAT: Metric =
    gauge("callbrief_heartbeat_age_seconds", "How long ago the service last looked at what is due", &[]);
static SILENCES: Metric =
    counter("callbrief_heartbeat_missed_total", "How often no heartbeat came for half a minute", &[]);
static RUNS: Metric = counter(
    "callbrief_runs_total",
    "Runs of reports by what came of them: queued, skipped, held, taken (by another process) or failed",
    &["outcome"],
);
static LATENESS: Metric = histogram(
    "callbrief_run_lateness_seconds",
    "From the instant a report is due until its messages are in the outbox",
    &[1.0, 2.0, 5.0, 15.0, 60.0, 300.0, 900.0, 1_800.0, 3_600.0, 14_400.0, 86_400.0],
);
static RUN_TIME: Metric = histogram(
    "callbrief_run_duration_seconds",
    "How long making a report takes",
    &[0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0, 300.0],
);
static LAST_SENT: Metric = gauge(
    "callbrief_report_last_sent_timestamp_seconds",
    "When the report was last sent to everybody, in seconds since 1970",
    &["report"],
);
static TROUBLES: Metric = counter(
    "callbrief_report_troubles_total",
    "Trouble with runs that this process told somebody of: failed, late or missed",
    &["kind"],
);
static EVALUATIONS: Metric =
    counter("callbrief_alert_evaluations_total", "Evaluations of alert rules: evaluated or failed", &["outcome"]);
static MISSED: Metric =
    counter("callbrief_alert_evaluations_missed_total", "Evaluations of alert rules that were due and left out", &[]);
static EVALUATION_TIME: Metric = histogram(
    "callbrief_alert_evaluation_duration_seconds",
    "How long evaluating all alert rules that are due together takes",
    &[0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0],
);
static DELIVERIES: Metric = counter(
    "callbrief_deliveries_total",
    "Attempts to deliver a message by what came of them: sent, failed (given up) or retried (later)",
    &["channel", "outcome"],
);
static WAITING: Metric =
    gauge("callbrief_outbox_messages", "Messages that are neither sent nor given up", &["channel"]);
static OLDEST: Metric =
    gauge("callbrief_outbox_oldest_age_seconds", "How long the oldest message in the outbox has waited", &["channel"]);
static JOURNAL: Metric = gauge("callbrief_journal_up", "1 when the journal could be read for this page", &[]);
static SCHEMA: Metric =
    gauge("callbrief_journal_schema_version", "The last step that was applied to the journal's tables", &[]);
static RELOADS: Metric =
    counter("callbrief_reloads_total", "Changed files of the workspace: applied or refused", &["outcome"]);
static VALID: Metric =
    gauge("callbrief_workspace_valid", "1 when the workspace's files as they are now are in use", &[]);
static PANICS: Metric = counter("callbrief_panics_total", "Work that broke down by a fault of the program", &[]);

const fn gauge(name: &'static str, help: &'static str, labels: &'static [&'static str]) -> Metric {
    Metric { name, kind: MetricKind::Gauge, help, labels }
}

const fn counter(name: &'static str, help: &'static str, labels: &'static [&'static str]) -> Metric {
    Metric { name, kind: MetricKind::Counter, help, labels }
}

const fn histogram(name: &'static str, help: &'static str, bounds: &'static [f64]) -> Metric {
    Metric { name, kind: MetricKind::Histogram(bounds), help, labels: &[] }
}

/// The outcomes of runs.
const RUN_OUTCOMES: [&str; 5] = ["queued", "skipped", "held", "taken", "failed"];
/// The outcomes of an attempt to deliver.
const DELIVERY_OUTCOMES: [&str; 3] = ["sent", "failed", "retried"];
/// Every way out.
const CHANNELS: [Channel; 2] = [Channel::Mail, Channel::Webhook];

/// What is counted while the service runs.
#[derive(Debug, Default)]
pub(super) struct Metrics {
    counted: Mutex<Counted>,
}

#[derive(Debug, Default)]
struct Counted {
    /// By the metric's name and its labels' values.
    counters: BTreeMap<(&'static str, [&'static str; 2]), u64>,
    lateness: Distribution,
    run_time: Distribution,
    evaluation_time: Distribution,
}

/// What is read when the page is asked for.
#[derive(Debug, Default)]
pub(super) struct Readings {
    pub(super) started: Option<DateTime<Utc>>,
    pub(super) now: DateTime<Utc>,
    pub(super) heartbeat_age: Duration,
    pub(super) is_valid: bool,
    /// None when the journal cannot be read.
    pub(super) journal: Option<JournalReadings>,
}

/// What the journal says.
#[derive(Debug, Default)]
pub(super) struct JournalReadings {
    pub(super) outbox: Vec<OutboxFigures>,
    pub(super) last_sent: Vec<(String, DateTime<Utc>)>,
    pub(super) schema: i64,
}

impl Metrics {
    /// A run ended so.
    pub(super) fn run(&self, outcome: &'static str) {
        self.count(&RUNS, [outcome, ""], 1);
    }

    /// A report was made: so long after it was due, in so long a time.
    pub(super) fn made(&self, lateness: chrono::TimeDelta, took: Duration) {
        self.with(|counted| {
            counted.lateness.observe(bounds(&LATENESS), lateness.as_seconds_f64().max(0.0));
            counted.run_time.observe(bounds(&RUN_TIME), took.as_secs_f64());
        });
    }

    /// Somebody was told of trouble with so many runs.
    pub(super) fn trouble(&self, kind: RunTroubleKind, runs: usize) {
        self.count(&TROUBLES, [kind.word(), ""], runs as u64);
    }

    /// An alert rule was evaluated or not.
    pub(super) fn evaluation(&self, outcome: &'static str, missed: u64) {
        self.count(&EVALUATIONS, [outcome, ""], 1);
        self.count(&MISSED, ["", ""], missed);
    }

    /// The rules that were due took so long.
    pub(super) fn evaluated(&self, took: Duration) {
        self.with(|counted| counted.evaluation_time.observe(bounds(&EVALUATION_TIME), took.as_secs_f64()));
    }

    /// So many attempts on a way out ended so.
    pub(super) fn deliveries(&self, channel: Channel, outcome: &'static str, count: u64) {
        self.count(&DELIVERIES, [channel.word(), outcome], count);
    }

    /// No heartbeat came.
    pub(super) fn silence(&self) {
        self.count(&SILENCES, ["", ""], 1);
    }

    /// Changed files were taken or not.
    pub(super) fn reload(&self, outcome: &'static str) {
        self.count(&RELOADS, [outcome, ""], 1);
    }

    /// Work broke down.
    pub(super) fn panic(&self) {
        self.count(&PANICS, ["", ""], 1);
    }

    /// The page.
    pub(super) fn page(&self, readings: &Readings) -> String {
        let mut page = Page::default();
        let truth = |holds: bool| [(vec![], f64::from(u8::from(holds)))];
        let seconds = |at: DateTime<Utc>| at.timestamp() as f64;
        page.values(&BUILD, [(vec![env!("CARGO_PKG_VERSION"), chrono_tz::IANA_TZDB_VERSION], 1.0)]);
        page.values(&STARTED, readings.started.map(|started| (vec![], seconds(started))));
        page.values(&HEARTBEAT, [(vec![], readings.heartbeat_age.as_secs_f64())]);
        self.with(|counted| {
            counted.write(&mut page, &SILENCES, [["", ""]]);
            counted.write(&mut page, &RUNS, RUN_OUTCOMES.map(|outcome| [outcome, ""]));
            page.distribution(&LATENESS, &counted.lateness);
            page.distribution(&RUN_TIME, &counted.run_time);
        });
        let journal = readings.journal.as_ref();
        let last_sent = journal.map_or(&[][..], |journal| &journal.last_sent).iter();
        page.values(&LAST_SENT, last_sent.map(|(report, at)| (vec![report.as_str()], seconds(*at))));
        self.with(|counted| {
            counted.write(&mut page, &TROUBLES, RunTroubleKind::ALL.map(|kind| [kind.word(), ""]));
            counted.write(&mut page, &EVALUATIONS, ["evaluated", "failed"].map(|outcome| [outcome, ""]));
            counted.write(&mut page, &MISSED, [["", ""]]);
            page.distribution(&EVALUATION_TIME, &counted.evaluation_time);
            let deliveries = CHANNELS.iter().flat_map(|channel| DELIVERY_OUTCOMES.map(|word| [channel.word(), word]));
            counted.write(&mut page, &DELIVERIES, deliveries);
        });
        let outbox = |value: fn(&OutboxFigures, DateTime<Utc>) -> f64| {
            CHANNELS.map(|channel| {
                let figures =
                    journal.and_then(|journal| journal.outbox.iter().find(|figures| figures.channel == channel));
                (vec![channel.word()], figures.map_or(0.0, |figures| value(figures, readings.now)))
            })
        };
        page.values(&WAITING, outbox(|figures, _| figures.waiting as f64));
        page.values(&OLDEST, outbox(|figures, now| (now - figures.oldest).as_seconds_f64().max(0.0)));
        page.values(&JOURNAL, truth(journal.is_some()));
        page.values(&SCHEMA, journal.map(|journal| (vec![], journal.schema as f64)));
        self.with(|counted| counted.write(&mut page, &RELOADS, ["applied", "refused"].map(|outcome| [outcome, ""])));
        page.values(&VALID, truth(readings.is_valid));
        self.with(|counted| counted.write(&mut page, &PANICS, [["", ""]]));
        page.into_text()
    }

    fn count(&self, metric: &'static Metric, labels: [&'static str; 2], by: u64) {
        self.with(|counted| *counted.counters.entry((metric.name, labels)).or_default() += by);
    }

    /// Counts are whole at every moment, so a thread that broke down while counting has left nothing behind.
    fn with<T>(&self, work: impl FnOnce(&mut Counted) -> T) -> T {
        work(&mut self.counted.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Counted {
    /// A counter's values for all its labels: one that is not there yet cannot be seen to grow.
    fn write(&self, page: &mut Page, metric: &'static Metric, labels: impl IntoIterator<Item = [&'static str; 2]>) {
        let value = |labels: [&'static str; 2]| {
            let count = self.counters.get(&(metric.name, labels)).copied().unwrap_or(0);
            (labels[..metric.labels.len()].to_vec(), count as f64)
        };
        page.values(metric, labels.into_iter().map(value));
    }
}

fn bounds(metric: &'static Metric) -> &'static [f64] {
    match metric.kind {
        MetricKind::Histogram(bounds) => bounds,
        MetricKind::Counter | MetricKind::Gauge => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_metric_is_on_the_page_whatever_happens() {
        let metrics = Metrics::default();
        metrics.deliveries(Channel::Mail, "sent", 3);
        let page = metrics.page(&Readings::default());
        for metric in METRICS {
            assert!(page.contains(&format!("# TYPE {} {}\n", metric.name, metric.kind.word())), "{}", metric.name);
        }
        assert_eq!(page.matches("# TYPE").count(), METRICS.len());
        assert!(page.contains("callbrief_deliveries_total{channel=\"mail\",outcome=\"sent\"} 3\n"), "{page}");
        assert!(page.contains("callbrief_deliveries_total{channel=\"webhook\",outcome=\"failed\"} 0\n"), "{page}");
        assert!(page.contains("callbrief_journal_up 0\n"), "{page}");
    }
}
