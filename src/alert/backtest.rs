//! A rule on the past: the production state machine fed with one instant after the other, and what it came to. Nothing is
//! sent and nothing remembered elsewhere; where the past is read from is not known here.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::episode::Episode;
use super::evaluation::{Judged, Rule, Told};
use super::labels::Labels;
use super::machine::Reason;
use super::silence::Muting;
use super::state::AlertState;
use crate::time::Window;

/// A rule on its way through the past. It begins with everything quiet.
pub struct Backtest<'a> {
    rule: Rule<'a>,
    known: BTreeMap<Labels, AlertState>,
    episodes: BTreeMap<(DateTime<Utc>, Labels), Episode>,
    outcome: BacktestOutcome,
}

/// What a rule came to in a stretch of the past.
#[derive(Clone, Debug, PartialEq)]
pub struct BacktestOutcome {
    /// The stretch.
    pub stretch: Window,
    /// Every time the rule fired, in order.
    pub episodes: Vec<Episode>,
    /// Where its alerts stand at the end.
    pub standing: BTreeMap<Labels, AlertState>,
    /// How many mails each recipient would have got.
    pub mails: u64,
    /// At how many instants the rule was evaluated.
    pub evaluations: u64,
    /// At how many instants it was not, outside of its hours.
    pub closed: u64,
    /// At how many instants an alert fired on although nothing was known of it any more.
    pub held: u64,
    /// At how many instants the rule failed, and the first reason.
    pub failed: (u64, Option<String>),
}

/// Some of the times a rule fired.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Firing {
    /// How many times.
    pub times: usize,
    /// How many of them came so soon after the end of the time before that they are the same trouble.
    pub flaps: usize,
    /// How long they lasted together.
    pub total: TimeDelta,
    /// How long the longest lasted.
    pub longest: TimeDelta,
}

impl<'a> Backtest<'a> {
    /// Begins at the beginning of a stretch.
    pub fn new(rule: Rule<'a>, stretch: Window) -> Self {
        let outcome = BacktestOutcome {
            stretch,
            episodes: Vec::new(),
            standing: BTreeMap::new(),
            mails: 0,
            evaluations: 0,
            closed: 0,
            held: 0,
            failed: (0, None),
        };
        Self { rule, known: BTreeMap::new(), episodes: BTreeMap::new(), outcome }
    }

    /// One evaluation; without numbers the one outside of the rule's hours.
    pub fn step(&mut self, judged: Option<&Judged>, at: DateTime<Utc>) {
        let alerts = match judged {
            Some(judged) => {
                self.outcome.evaluations += 1;
                self.rule.evaluate_judged(&self.known, judged, at)
            }
            None => {
                self.outcome.closed += 1;
                Ok(self.rule.close(&self.known, at))
            }
        };
        match alerts {
            Ok(alerts) => self.take(alerts, at),
            // As in the service: none of the alerts counts then.
            Err(reason) => self.fail(reason),
        }
    }

    /// What it came to.
    pub fn finish(mut self) -> BacktestOutcome {
        self.outcome.episodes = self.episodes.into_values().collect();
        self.outcome.standing = self.known;
        self.outcome
    }

    fn take(&mut self, mut alerts: Vec<Told>, at: DateTime<Utc>) {
        let firing = BTreeMap::new();
        let muting = Muting::new(self.rule.catalog, &[], &firing, at);
        self.rule.tell_all(&mut alerts, &muting, at);
        self.outcome.mails += u64::from(alerts.iter().any(|told| told.notice.is_some()));
        let is_held =
            |told: &Told| told.after.is_firing() && matches!(told.reason, Reason::NoData | Reason::FeedSilent);
        self.outcome.held += u64::from(alerts.iter().any(is_held));
        if let Some(told) = alerts.iter().find(|told| told.reason == Reason::Failed) {
            self.fail(told.after.trouble.as_ref().map_or_else(String::new, |trouble| trouble.reason.clone()));
        }
        for told in &alerts {
            let Some(mut episode) = Episode::of(&self.rule, told, at) else { continue };
            let place = (episode.fired_at, episode.labels.clone());
            if let Some(known) = self.episodes.get(&place) {
                episode.value_at_fire = known.value_at_fire;
            }
            self.episodes.insert(place, episode);
        }
        let known = alerts.into_iter().filter(|told| !told.is_forgotten(at)).map(|told| (told.labels, told.after));
        self.known = known.collect();
    }

    fn fail(&mut self, reason: String) {
        let (times, first) = &mut self.outcome.failed;
        *times += 1;
        first.get_or_insert(reason);
    }
}

impl BacktestOutcome {
    /// Whether each time it fired came within so long of the end of the time before in the same group.
    pub fn flaps(&self, within: TimeDelta) -> Vec<bool> {
        let mut ended: BTreeMap<&Labels, DateTime<Utc>> = BTreeMap::new();
        let flaps = self.episodes.iter().map(|episode| {
            let before = ended.insert(&episode.labels, self.end(episode));
            before.is_some_and(|before| episode.fired_at - before <= within)
        });
        flaps.collect()
    }

    /// All the times it fired, and those of each group that fired.
    pub fn firing(&self, within: TimeDelta) -> (Firing, BTreeMap<&Labels, Firing>) {
        let (mut all, mut groups) = (Firing::default(), BTreeMap::<&Labels, Firing>::new());
        for (episode, is_flap) in self.episodes.iter().zip(self.flaps(within)) {
            let lasted = self.end(episode) - episode.fired_at;
            for firing in [&mut all, groups.entry(&episode.labels).or_default()] {
                firing.times += 1;
                firing.flaps += usize::from(is_flap);
                firing.total += lasted;
                firing.longest = firing.longest.max(lasted);
            }
        }
        (all, groups)
    }

    /// For each of so many equal parts of the stretch, the share of its time in which the group fired, from 0 to 1; or any
    /// group when none is named.
    pub fn shares(&self, labels: Option<&Labels>, parts: usize) -> Vec<f64> {
        let start = self.stretch.from.timestamp() as f64;
        let part = (self.stretch.to - self.stretch.from).num_seconds() as f64 / parts.max(1) as f64;
        let mut shares = vec![0.0; parts];
        // The episodes are in the order of their beginnings: what one group covered, another does not add.
        let mut covered = f64::MIN;
        for episode in self.episodes.iter().filter(|episode| labels.is_none_or(|labels| *labels == episode.labels)) {
            let from = (episode.fired_at.timestamp() as f64).max(covered);
            let to = self.end(episode).timestamp() as f64;
            covered = covered.max(to);
            for (place, share) in shares.iter_mut().enumerate() {
                let begins = start + part * place as f64;
                *share += ((to.min(begins + part) - from.max(begins)) / part).max(0.0);
            }
        }
        shares
    }

    /// When a time it fired ended; the stretch's end when it goes on.
    pub fn end(&self, episode: &Episode) -> DateTime<Utc> {
        episode.ended_at.unwrap_or(self.stretch.to).max(episode.fired_at)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::alert::compile;
    use crate::alert::fixture::workspace;
    use crate::kpi::Reading;

    fn at(minute: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_795_392_000 + minute * 60, 0).unwrap()
    }

    /// A rule on a service level of each minute; a blank has no calls.
    fn outcome(levels: &[Option<f64>]) -> BacktestOutcome {
        let (catalog, kpis) = workspace(
            "alerts:\n  low:\n    when: service_level < 70\n    recovers_when: service_level >= 75\n    window: 5m\n    \
             for: 1m\n    notify: [floor]\n",
        );
        let (rules, mistakes) = compile(&catalog, &kpis);
        assert!(mistakes.is_empty(), "{mistakes:?}");
        let rule = Rule { definition: &catalog.alerts["low"], compiled: &rules["low"], kpis: &kpis, catalog: &catalog };
        let stretch = Window { from: at(0), to: at(levels.len() as i64) };
        let mut backtest = Backtest::new(rule, stretch);
        for (minute, level) in (0..).zip(levels) {
            let reading = level.map_or(Reading::NoData, Reading::Value);
            let group = Arc::new(rule.judge(&[("service_level".to_owned(), reading)].into()));
            let judged = Judged {
                groups: [(Labels::default(), Arc::clone(&group))].into(),
                without_rows: group,
                newest: level.map(|_| at(minute)),
            };
            backtest.step(Some(&judged), at(minute));
        }
        backtest.finish()
    }

    #[test]
    fn times_flaps_and_lengths() {
        let (good, bad, none) = (Some(80.0), Some(60.0), None);
        // Fires at 2 until 4, again at 7 until the end; the interruption at 10 is too short to end it.
        let levels = [good, bad, bad, bad, good, good, bad, bad, bad, none, Some(72.0), bad];
        let outcome = outcome(&levels);
        let minutes: Vec<_> = outcome.episodes.iter().map(|episode| (episode.fired_at, episode.ended_at)).collect();
        assert_eq!(minutes, [(at(2), Some(at(4))), (at(7), None)]);
        let check = |within: i64, flaps: usize| {
            let (all, groups) = outcome.firing(TimeDelta::minutes(within));
            let expected = Firing { times: 2, flaps, total: TimeDelta::minutes(7), longest: TimeDelta::minutes(5) };
            assert_eq!((&all, groups.values().collect::<Vec<_>>()), (&expected, vec![&expected]));
        };
        check(2, 0);
        check(3, 1);
        assert_eq!((outcome.evaluations, outcome.held, outcome.mails), (12, 1, 3));
        assert_eq!(outcome.shares(None, 4), [1.0 / 3.0, 1.0 / 3.0, 2.0 / 3.0, 1.0]);
        assert_eq!(outcome.shares(Some(&Labels::default()), 1), [7.0 / 12.0]);
    }
}
