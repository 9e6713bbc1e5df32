//! The shipped KPI library on rows made for it: the worked examples of those who define the KPIs, and the cases in which
//! systems disagree. Nothing here repeats a formula: what is computed is what ships.

mod centre;
mod people;
mod periods;
mod service;
mod staff;

use std::collections::BTreeMap;

use centre::Centre;

#[tokio::test]
async fn no_data_fires_no_shipped_alert_and_thresholds_may_be_negative() {
    use callbrief::alert::{Judgement, Verdict};
    use callbrief::kpi::{Answer, Reading};
    let centre = Centre::new("").await;
    let now = callbrief::time::Clock::Fixed("2026-11-16T09:00:00Z".parse().unwrap()).now();
    let prepared = callbrief::pipeline::prepare(centre.path(), &BTreeMap::new(), now);
    let workspace = prepared.workspace.unwrap();
    let counts = ["offered", "answered", "csat_answers"].map(|kpi| (kpi.to_owned(), Reading::Value(0.0)));
    let rates = ["service_level", "abandon_rate", "max_wait", "longest_pause", "csat"];
    let rates = rates.map(|kpi| (kpi.to_owned(), Reading::NoData));
    let readings: BTreeMap<_, _> = counts.into_iter().chain(rates).collect();
    assert_eq!(workspace.alerts.len(), workspace.catalog.alerts.len());
    for (id, rule) in &workspace.alerts {
        let verdict = rule.judge(&workspace.kpis, &readings);
        let fires = matches!(&verdict, Verdict::Judged(judgements) if judgements.contains(&Judgement::Met));
        // That no calls come is what this one is about.
        assert_eq!(fires, id == "feed_silent", "{id}: {verdict:?}");
    }
    let text = callbrief::workspace::FormulaText::inline("a condition", "nps <= -100");
    let condition = workspace.kpis.compile_condition(&text).unwrap();
    let detractors = BTreeMap::from([("nps".to_owned(), Reading::Value(-100.0))]);
    assert_eq!(workspace.kpis.answer(&condition, &detractors), Answer::Yes);
}

/// A name has to fit beside value, target and status on a line of 80, also in Russian.
const LONGEST_TITLE: usize = 33;

#[test]
fn every_shipped_kpi_is_described_in_every_language() {
    let files = callbrief::workspace::embedded::shipped(".");
    let catalog = callbrief::workspace::load_files(&files, &BTreeMap::new()).catalog.unwrap();
    let mut wanting = Vec::new();
    for (id, kpi) in &catalog.kpis {
        for language in callbrief::locale::Language::ALL {
            match kpi.title.get(language) {
                Some(title) if title.chars().count() <= LONGEST_TITLE && title != id => {}
                title => wanting.push(format!("{id}: its title {title:?}")),
            }
            match kpi.description.get(language) {
                Some(text) if text.trim().ends_with('.') => {}
                text => wanting.push(format!("{id}: its description {text:?}")),
            }
        }
    }
    assert!(wanting.is_empty(), "{}", wanting.join("\n"));
    assert!(catalog.kpis.len() >= 80, "{}", catalog.kpis.len());
}
