//! Trouble with alert rules: conditions that fail and data that stopped coming are told to whoever looks after them, once,
//! and only when they last. Recipients of alerts are not bothered with it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::Workspace;
use super::alert_mail::{Letter, period};
use crate::alert::{self, Found, Reason, Rule, RuleRecord, Told, Trouble, TroubleKind, TroubleRequest};
use crate::delivery::{Contact, Origin};
use crate::journal::{AlertEvaluation, AlertNotices, NewDelivery};
use crate::time::Window;
use crate::workspace::NoDataPolicy;

/// What is remembered of trouble stands in the journal under this name, which no rule can have.
pub(super) const RECORD: &str = ":trouble";

/// A failure that is gone after so long is nobody's business.
const ERROR_PATIENCE: TimeDelta = TimeDelta::minutes(5);

/// Calls may be rare; data are missing only after so long.
const NO_DATA_PATIENCE: TimeDelta = TimeDelta::minutes(15);

/// Trouble that comes back within this time is the same trouble and not told again.
const FORGOTTEN_AFTER: TimeDelta = TimeDelta::hours(1);

/// What was told of trouble: by rule and kind, in seconds since 1970.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
struct ToldTroubles(BTreeMap<String, i64>);

/// Why a rule as a whole gives no answer; none when it gives one, or when nobody waits for one.
pub(super) fn of_rule(rule: &Rule<'_>, found: &Found, alerts: &[Told]) -> Option<(TroubleKind, String)> {
    if let Some(reason) = found.failure() {
        return Some((TroubleKind::Error, reason.to_owned()));
    }
    let of_kind = |wanted: TroubleKind| {
        let troubles = alerts.iter().filter_map(|told| Some((told, told.after.trouble.as_ref()?)));
        troubles.filter(move |(_, trouble)| trouble.kind == wanted)
    };
    if let Some((_, trouble)) = of_kind(TroubleKind::Error).next() {
        return Some((TroubleKind::Error, trouble.reason.clone()));
    }
    // An alert that fires and cannot end is believed by people, so somebody should know that it may be wrong.
    let is_held = |told: &Told| told.after.is_firing() && matches!(told.reason, Reason::NoData | Reason::FeedSilent);
    if let Some((_, trouble)) = of_kind(TroubleKind::NoData).find(|(told, _)| is_held(told)) {
        return Some((TroubleKind::NoData, trouble.reason.clone()));
    }
    // Within the hours a rule names there should be something to watch.
    let expects_rows = rule.definition.active.is_some() && rule.definition.no_data == NoDataPolicy::Keep;
    (expects_rows && found.newest.is_none()).then(|| (TroubleKind::NoData, "no rows in the window".to_owned()))
}

/// A rule's trouble with its beginning, which stays while the kind of trouble does.
pub(super) fn lasting(
    before: Option<&Trouble>,
    found: Option<(TroubleKind, String)>,
    now: DateTime<Utc>,
) -> Option<Trouble> {
    let (kind, reason) = found?;
    let since = before.filter(|trouble| trouble.kind == kind).map_or(now, |trouble| trouble.since);
    Some(Trouble { kind, reason, since })
}

/// What is to be recorded of trouble, with the mails about it; nothing when there is nothing new. `records` are those of
/// all rules as they are now.
pub(super) fn report(
    workspace: &Workspace,
    records: &BTreeMap<String, RuleRecord>,
    stored: Option<&str>,
    owner: &str,
    now: DateTime<Utc>,
) -> anyhow::Result<Option<AlertEvaluation>> {
    let before: ToldTroubles = stored.and_then(|json| alert::read_state(json).ok()).unwrap_or_default();
    let rules = records.iter().filter(|(rule, _)| workspace.catalog.alerts.contains_key(*rule));
    let troubles: Vec<(&String, &Trouble)> =
        rules.filter_map(|(rule, record)| Some((rule, record.trouble.as_ref()?))).collect();
    let key = |rule: &str, trouble: &Trouble| format!("{rule} {}", trouble.kind.word());
    let standing: BTreeSet<String> = troubles.iter().map(|(rule, trouble)| key(rule, trouble)).collect();
    let mut told = before.clone();
    told.0.retain(|key, at| standing.contains(key) || now.timestamp() - *at < FORGOTTEN_AFTER.num_seconds());
    let is_new = |(rule, trouble): &(&String, &Trouble)| {
        now - trouble.since >= patience(trouble.kind) && !told.0.contains_key(&key(rule, trouble))
    };
    let new: Vec<(&String, &Trouble)> = troubles.iter().copied().filter(is_new).collect();
    told.0.extend(new.iter().map(|(rule, trouble)| (key(rule, trouble), now.timestamp())));
    if told == before {
        return Ok(None);
    }
    let deliveries = mails(workspace, &new, now)?;
    let notices = (!deliveries.is_empty()).then(|| AlertNotices {
        report: "alerts:trouble".to_owned(),
        scheduled_for: now,
        period: period(now),
        window: Window { from: now, to: now },
        owner: owner.to_owned(),
        deliveries,
    });
    Ok(Some(AlertEvaluation {
        rule: RECORD.to_owned(),
        rule_before: stored.map(str::to_owned),
        rule_after: alert::write(&told),
        states: Vec::new(),
        forgotten: Vec::new(),
        episodes: Vec::new(),
        notices,
        now,
    }))
}

fn patience(kind: TroubleKind) -> TimeDelta {
    match kind {
        TroubleKind::Error => ERROR_PATIENCE,
        TroubleKind::NoData | TroubleKind::TooFew => NO_DATA_PATIENCE,
    }
}

/// One mail for each address that looks after some of the rules.
fn mails(
    workspace: &Workspace,
    troubles: &[(&String, &Trouble)],
    now: DateTime<Utc>,
) -> anyhow::Result<Vec<NewDelivery>> {
    let settings = &workspace.catalog.settings;
    let mut by_address: BTreeMap<&str, Vec<(&str, &Trouble)>> = BTreeMap::new();
    for (rule, trouble) in troubles {
        let owner = workspace.catalog.alerts.get(*rule).and_then(|definition| definition.owner.as_ref());
        if let Some(address) = owner.or(settings.operator.as_ref()) {
            by_address.entry(&address.value).or_default().push((rule, trouble));
        }
    }
    let letters = by_address.into_iter().map(|(address, troubles)| {
        let request = TroubleRequest {
            troubles: &troubles,
            catalog: &workspace.catalog,
            language: settings.locale,
            zone: settings.timezone,
            now,
        };
        let origin = Origin { report: "alerts-trouble".to_owned(), period: period(now), generation: 0 };
        let letter =
            Letter::new(workspace, alert::trouble_subject(&request), &alert::trouble_document(&request), origin);
        letter.to(workspace, Contact { name: None, address: address.to_owned() }, now)
    });
    letters.collect()
}
