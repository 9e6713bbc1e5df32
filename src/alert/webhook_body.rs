//! What a webhook is told of a rule's alerts, as JSON for programs: words that do not change with the language, instants in
//! UTC, numbers in the KPIs' own units. Its `version` rises when a key changes its meaning or goes; keys may be added.

use std::collections::BTreeMap;

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

use super::episode::{Ending, Episode};
use super::evaluation::Told;
use super::notice::{NoticeRequest, subject};
use super::telling::Notice;

/// The version of the body.
const VERSION: u32 = 1;

/// The body of a message: every alert of the rule that fires or has something to be told. `id` names the message.
pub fn webhook_body(request: &NoticeRequest<'_>, id: &str) -> Value {
    let rule = request.rule.definition;
    let told = request.told.iter().filter(|told| told.notice.is_some() || told.after.told.is_some());
    json!({
        "version": VERSION,
        "event": "alert",
        "id": id,
        "at": instant(request.now),
        "title": subject(request),
        "rule": {
            "id": rule.id.value,
            "title": rule.title.get(request.language),
            "runbook": rule.runbook.as_ref().and_then(|runbook| runbook.get(request.language)),
        },
        "alerts": told.map(|told| alert(request, told)).collect::<Vec<_>>(),
    })
}

fn alert(request: &NoticeRequest<'_>, told: &Told) -> Value {
    let episode = Episode::of(&request.rule, told, request.now);
    let values: BTreeMap<&String, f64> = told.after.values.iter().map(|(kpi, value)| (kpi, *value)).collect();
    let severity = told.after.told.or(told.before.told);
    json!({
        "labels": told.labels,
        "notice": told.notice.map(word),
        "firing": told.after.is_firing(),
        "severity": severity.map(crate::workspace::AlertSeverity::word),
        "began_at": episode.as_ref().map(|episode| instant(episode.began_at)),
        "fired_at": episode.as_ref().map(|episode| instant(episode.fired_at)),
        "ended_at": episode.as_ref().and_then(|episode| episode.ended_at).map(instant),
        "ending": episode.as_ref().and_then(|episode| episode.ending).map(Ending::word),
        "kpi": episode.as_ref().and_then(|episode| episode.kpi.as_ref()),
        "worst": episode.as_ref().and_then(|episode| episode.worst),
        "threshold": told.threshold(&request.rule).map(|threshold| threshold.value),
        "values": values,
        "trouble": told.after.trouble.as_ref().map(|trouble| trouble.reason.as_str()),
    })
}

/// A notice as programs know it.
fn word(notice: Notice) -> &'static str {
    match notice {
        Notice::Fired => "fired",
        Notice::Escalated => "escalated",
        Notice::Eased => "eased",
        Notice::Repeated => "repeated",
        Notice::Resolved => "resolved",
        Notice::HoursEnded => "hours_ended",
    }
}

fn instant(instant: DateTime<Utc>) -> String {
    instant.to_rfc3339_opts(SecondsFormat::Secs, true)
}
