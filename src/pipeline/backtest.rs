//! A rule on the past, from its sources: what was fetched once is looked at again at every instant. Where that cannot be
//! right the sources are asked at every instant, as the service does. The journal is neither read nor written.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use anyhow::{Context, anyhow, bail};
use chrono::{DateTime, Utc};

use super::alert_measure::{frame, groupings, measure_rules, questions};
use super::{Sources, Workspace, fetch_all};
use crate::alert::{Backtest, BacktestOutcome, Found, Judged, Labels, OfGroup, Readings, Rule, next};
use crate::dataset;
use crate::kpi::{History, Moment, Question, Reading, Replay, ReplayRequest, Turn};
use crate::time::{Frame, Window};
use crate::workspace::Grouping;

/// At so many instants the sources are asked as well, to see that they say the same.
const COMPARED: usize = 12;

/// Numbers that differ by less were only added up in another order.
const ROUNDING: f64 = 1e-9;

/// How a backtest came to its numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// From what was fetched once; at so many instants the sources said the same.
    Replayed(usize),
    /// By asking the sources at every instant, for this reason.
    Measured(String),
}

/// What a backtest is doing.
#[derive(Clone, Debug, PartialEq)]
pub enum Progress {
    /// It fetches the past; this share of it is there.
    Fetching(f64),
    /// It looks at this instant.
    At(DateTime<Utc>),
    /// From here on it asks the sources at every instant, for this reason.
    Measuring(String),
}

/// A backtest of a rule.
pub struct BacktestRequest<'a> {
    /// The workspace with the rule.
    pub workspace: &'a Workspace,
    /// Its sources.
    pub sources: &'a Sources,
    /// The rule's id.
    pub rule: &'a str,
    /// The stretch of the past.
    pub stretch: Window,
    /// Is told what it is doing.
    pub progress: &'a dyn Fn(Progress),
}

impl BacktestRequest<'_> {
    /// Runs the rule through the past. What an earlier run fetched for the same rule and stretch is not fetched again.
    pub async fn run(&self, history: &mut History) -> anyhow::Result<(BacktestOutcome, Way)> {
        let rule = self.rule()?;
        if let Some(reason) = self.indivisible(&rule) {
            return self.measured(&rule, reason).await;
        }
        let (outcome, seen) = self.replayed(&rule, history).await?;
        for (at, found) in &seen {
            let measured = measure_rules(self.workspace, self.sources, &[rule], *at).await;
            if !measured.iter().all(|measured| is_same(found, &measured.found)) {
                let reason = format!("at {at} the sources say something else than what was fetched for all instants");
                return self.measured(&rule, reason).await;
            }
        }
        Ok((outcome, Way::Replayed(seen.len())))
    }

    /// Runs the rule through the past by asking the sources at every instant, as the service does.
    pub async fn run_by_asking(&self) -> anyhow::Result<(BacktestOutcome, Way)> {
        let rule = self.rule()?;
        self.measured(&rule, "it was asked for".to_owned()).await
    }

    fn rule(&self) -> anyhow::Result<Rule<'_>> {
        let rule = self.workspace.alert_rule(self.rule);
        rule.with_context(|| format!("the rule `{}` has mistakes; `callbrief check` shows them", self.rule))
    }

    /// The instants of the stretch at which the rule is evaluated.
    fn instants(&self, rule: &Rule<'_>) -> Vec<DateTime<Utc>> {
        let Window { from, to } = self.stretch;
        let first = next(rule.definition.every, from - chrono::TimeDelta::seconds(1));
        let all = std::iter::successors(first, |at| next(rule.definition.every, *at));
        all.take_while(|at| *at < to).collect()
    }

    /// Why the rows of a window cannot be put together from those of its parts, for some dataset of the rule.
    fn indivisible(&self, rule: &Rule<'_>) -> Option<String> {
        let catalog = &self.workspace.catalog;
        rule.kpis.datasets_of(catalog, rule.compiled.kpis()).iter().find_map(|id| {
            let definition = catalog.datasets.get(id)?;
            let source = self.sources.get(&definition.source.value)?.as_ref().ok()?;
            dataset::not_divisible(definition, source.dialect())
        })
    }

    /// Looks at what is fetched once; also what was seen at some instants.
    async fn replayed(
        &self,
        rule: &Rule<'_>,
        history: &mut History,
    ) -> anyhow::Result<(BacktestOutcome, Vec<(DateTime<Utc>, Found)>)> {
        let zone = self.workspace.catalog.settings.timezone;
        let frame_at = |at: DateTime<Utc>| -> Frame { frame(&rule.definition.window, at, zone) };
        let all = self.instants(rule);
        let instants: Vec<DateTime<Utc>> = all.iter().copied().filter(|at| rule.is_open(*at)).collect();
        let compared: Vec<DateTime<Utc>> =
            (1..=COMPARED).filter_map(|part| instants.get(instants.len() * part / (COMPARED + 1)).copied()).collect();
        let Some(question) = questions(std::iter::once(*rule)).into_iter().next() else {
            bail!("the rule `{}` asks for nothing", self.rule);
        };
        let request =
            ReplayRequest { question: question.clone(), instants, frame: &frame_at, dialects: self.sources.dialects() };
        let mut replay = Replay::new(rule.kpis, rule.catalog, request, std::mem::take(history));
        let mut backtest = Backtest::new(*rule, self.stretch);
        let mut judge = Judge::new(*rule, &question);
        let (mut all, mut seen) = (all.into_iter().peekable(), Vec::new());
        loop {
            let fetches = match replay.turn() {
                Turn::Done => break,
                Turn::Fetch(fetches) => fetches,
                Turn::At(moment) => {
                    while let Some(closed) = all.next_if(|at| *at < moment.at) {
                        backtest.step(None, closed);
                    }
                    all.next();
                    backtest.step(Some(&judge.judged(&moment)), moment.at);
                    if compared.contains(&moment.at) {
                        seen.push((moment.at, judge.found(&moment)));
                    }
                    (self.progress)(Progress::At(moment.at));
                    continue;
                }
            };
            (self.progress)(Progress::Fetching(replay.fetched()));
            for (id, rows) in fetch_all(self.sources, &fetches).await {
                replay.supply(id, rows).map_err(|reason| anyhow!("the past cannot be read: {reason}"))?;
            }
        }
        for closed in all {
            backtest.step(None, closed);
        }
        *history = replay.into_history();
        Ok((backtest.finish(), seen))
    }

    /// Asks the sources at every instant.
    async fn measured(&self, rule: &Rule<'_>, reason: String) -> anyhow::Result<(BacktestOutcome, Way)> {
        (self.progress)(Progress::Measuring(reason.clone()));
        let mut backtest = Backtest::new(*rule, self.stretch);
        for at in self.instants(rule) {
            let measured = match rule.is_open(at) {
                true => measure_rules(self.workspace, self.sources, &[*rule], at).await.into_iter().next(),
                false => None,
            };
            let judged = measured.map(|measured| rule.judge_all(&measured.found));
            backtest.step(judged.as_ref(), at);
            (self.progress)(Progress::At(at));
        }
        Ok((backtest.finish(), Way::Measured(reason)))
    }
}

/// Judges moments, and remembers what it made of the same readings before.
struct Judge<'a> {
    rule: Rule<'a>,
    /// The names of the readings.
    names: Vec<String>,
    by: Vec<Grouping>,
    /// The datasets whose newest rows matter.
    datasets: BTreeSet<String>,
    /// The labels of each group, by its place.
    labels: Vec<Option<Labels>>,
    /// What came of readings, by their number; of two generations, so that what is old is forgotten.
    recent: BTreeMap<u64, Arc<OfGroup>>,
    older: BTreeMap<u64, Arc<OfGroup>>,
}

/// So many judgements make a generation.
const GENERATION: usize = 20_000;

impl<'a> Judge<'a> {
    fn new(rule: Rule<'a>, question: &Question) -> Self {
        let references = question.references.iter().map(ToString::to_string);
        Self {
            rule,
            names: question.kpis.iter().cloned().chain(references).collect(),
            by: groupings(rule.definition),
            datasets: rule.kpis.datasets_of(rule.catalog, rule.compiled.kpis()),
            labels: Vec::new(),
            recent: BTreeMap::new(),
            older: BTreeMap::new(),
        }
    }

    fn judged(&mut self, moment: &Moment<'_>) -> Judged {
        let mut groups = BTreeMap::new();
        for (place, key, found) in moment.groups() {
            if self.labels.len() <= place {
                self.labels.resize(place + 1, None);
            }
            let labels = self.labels[place].get_or_insert_with(|| Labels::of(&self.by, key)).clone();
            groups.insert(labels, self.of_group(found));
        }
        Judged { groups, without_rows: self.of_group(moment.without_rows()), newest: self.newest(moment) }
    }

    fn found(&self, moment: &Moment<'_>) -> Found {
        let groups = moment.groups().map(|(_, key, found)| (Labels::of(&self.by, key), self.named(found.readings)));
        Found {
            groups: groups.collect(),
            without_rows: self.named(moment.without_rows().readings),
            newest: self.newest(moment),
        }
    }

    /// The newest row of the dataset that is furthest behind; none is less than any instant.
    fn newest(&self, moment: &Moment<'_>) -> Option<DateTime<Utc>> {
        self.datasets.iter().map(|dataset| moment.newest(dataset)).min().flatten()
    }

    fn of_group(&mut self, found: crate::kpi::Readings<'_>) -> Arc<OfGroup> {
        if let Some(known) = self.recent.get(&found.number) {
            return Arc::clone(known);
        }
        let judged = match self.older.remove(&found.number) {
            Some(known) => known,
            None => Arc::new(self.rule.judge(&self.named(found.readings))),
        };
        if self.recent.len() == GENERATION {
            self.older = std::mem::take(&mut self.recent);
        }
        self.recent.insert(found.number, Arc::clone(&judged));
        judged
    }

    fn named(&self, readings: &[Reading]) -> Readings {
        self.names.iter().cloned().zip(readings.iter().cloned()).collect()
    }
}

/// Whether two ways found the same.
fn is_same(one: &Found, other: &Found) -> bool {
    let is_near = |one: &Readings, other: &Readings| {
        let is_near = |((one_id, one), (other_id, other)): ((&String, &Reading), (&String, &Reading))| {
            let is_near = match (one, other) {
                (Reading::Value(one), Reading::Value(other)) => (one - other).abs() <= ROUNDING * other.abs().max(1.0),
                _ => one == other,
            };
            one_id == other_id && is_near
        };
        one.len() == other.len() && one.iter().zip(other).all(is_near)
    };
    one.newest == other.newest
        && one.groups.len() == other.groups.len()
        && one.groups.iter().zip(&other.groups).all(|(one, other)| one.0 == other.0 && is_near(one.1, other.1))
        && is_near(&one.without_rows, &other.without_rows)
}

#[cfg(test)]
#[path = "backtest_tests.rs"]
mod tests;
