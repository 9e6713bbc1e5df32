//! Conditions on readings: what they give, which KPIs and thresholds they have, and which are mistakes.

use super::*;
use crate::alert::fixture::workspace;

/// The verdict of a rule with these conditions on these readings.
fn judge(when: &str, recovers_when: Option<&str>, readings: &[(&str, Reading)]) -> Verdict {
    let recovers_when = recovers_when.map(|text| format!("recovers_when: {text}")).unwrap_or_default();
    let (catalog, kpis) = workspace(&format!(
        "alerts:\n  low:\n    when: {when}\n    window: 30m\n    notify: [floor]\n    {recovers_when}\n"
    ));
    let (rules, mistakes) = compile(&catalog, &kpis);
    assert!(mistakes.is_empty(), "{mistakes:?}");
    let readings = readings.iter().map(|(id, reading)| ((*id).to_owned(), reading.clone())).collect();
    rules["low"].judge(&kpis, &readings)
}

fn met() -> Verdict {
    Verdict::Judged(vec![Judgement::Met])
}

fn between() -> Verdict {
    Verdict::Judged(vec![Judgement::Between])
}

fn clear() -> Verdict {
    Verdict::Judged(vec![Judgement::Clear])
}

#[test]
fn conditions_over_readings() {
    let check = |level: Reading, offered: Reading, expected: Verdict| {
        let readings = [("service_level", level), ("offered", offered)];
        let verdict = judge("service_level < 70 and offered >= 20", Some("service_level >= 75"), &readings);
        assert_eq!(verdict, expected, "{readings:?}");
    };
    let value = Reading::Value;
    check(value(69.9), value(20.0), met());
    check(value(69.9), value(19.0), between());
    check(value(72.0), value(50.0), between());
    check(value(75.0), value(50.0), clear());
    check(Reading::NoData, value(0.0), Verdict::NoData("no data for `service_level`".to_owned()));
    let gone = Reading::Failed("the source is gone".to_owned());
    let reason = "`service_level` could not be computed: the source is gone";
    check(gone, value(50.0), Verdict::Error(reason.to_owned()));
    // A count of nothing is a number to compare.
    assert_eq!(judge("offered < 5", None, &[("offered", value(0.0))]), met());
    assert_eq!(judge("offered < 5", None, &[("offered", value(5.0))]), clear());
    // Without data it is not known that the alert may recover.
    let readings = [("service_level", Reading::NoData), ("offered", value(1.0))];
    assert_eq!(judge("offered > 5", Some("service_level >= 75"), &readings), between());
}

#[test]
fn kpis_stand_in_the_order_of_their_mention() {
    let (catalog, kpis) = workspace(
        "alerts:\n  low:\n    when: service_level < 70 and service_level > 0\n    recovers_when: offered > 5\n    \
         window: 30m\n    notify: [floor]\n",
    );
    let (rules, _) = compile(&catalog, &kpis);
    assert_eq!(rules["low"].kpis(), ["service_level", "offered"]);
    assert_eq!(rules["low"].kpis_of_when(), ["service_level"]);
}

#[test]
fn what_would_never_be_evaluated_is_a_mistake() {
    let check = |when: &str, message: &str| {
        let rule = format!("alerts:\n  low:\n    when: {when}\n    window: 30m\n    notify: [floor]\n");
        let (catalog, kpis) = workspace(&rule);
        let (rules, mistakes) = compile(&catalog, &kpis);
        assert!(rules.is_empty());
        assert!(mistakes[0].message.contains(message), "{}", mistakes[0].message);
    };
    check("count(calls.wait_s > 60) > 5", "is computed from rows");
    check("offered > 5 and sum(calls.wait_s) > 5", "is computed from rows");
    check("service_level", "gives a number instead of yes or no");
    check("servce_level < 5", "servce_level");
}

/// A rule with these lines.
fn rule(lines: &[&str]) -> (Catalog, KpiSet, CompiledRule) {
    let lines: String = lines.iter().map(|line| format!("    {line}\n")).collect();
    let (catalog, kpis) = workspace(&format!("alerts:\n  low:\n{lines}    window: 30m\n    notify: [floor]\n"));
    let (mut rules, mistakes) = compile(&catalog, &kpis);
    assert!(mistakes.is_empty(), "{mistakes:?}");
    let compiled = rules.swap_remove("low").unwrap();
    (catalog, kpis, compiled)
}

#[test]
fn severities_are_judged_each_for_itself() {
    let (_, kpis, rule) = rule(&[
        "warning: service_level < 75",
        "critical: service_level < 60 or offered > 100",
        "recovers_when: { warning: service_level >= 80, critical: service_level >= 65 }",
        "minimum: offered >= 20",
    ]);
    let check = |level: Option<f64>, offered: f64, expected: Verdict| {
        let level = level.map_or(Reading::NoData, Reading::Value);
        let readings = [("service_level", level), ("offered", Reading::Value(offered))];
        let readings = readings.into_iter().map(|(id, reading)| (id.to_owned(), reading)).collect();
        assert_eq!(rule.judge(&kpis, &readings), expected, "{readings:?}");
    };
    let judged = |warning, critical| Verdict::Judged(vec![warning, critical]);
    check(Some(50.0), 30.0, judged(Judgement::Met, Judgement::Met));
    check(Some(62.0), 30.0, judged(Judgement::Met, Judgement::Between));
    check(Some(70.0), 30.0, judged(Judgement::Met, Judgement::Clear));
    check(Some(78.0), 30.0, judged(Judgement::Between, Judgement::Clear));
    check(Some(90.0), 30.0, judged(Judgement::Clear, Judgement::Clear));
    check(Some(50.0), 19.0, Verdict::TooFew("too little to judge by: `offered >= 20` is not true".to_owned()));
    check(None, 30.0, Verdict::NoData("no data for `service_level`".to_owned()));
    // A condition that is true needs no answer of the other one.
    check(None, 101.0, Verdict::NoData("no data for `service_level`".to_owned()));
}

#[test]
fn thresholds_and_the_bad_way_are_those_of_the_condition() {
    let (catalog, _, rule) = rule(&["warning: service_level <= 75", "critical: 60 > service_level and offered > 5"]);
    let limit = |severity, kpi: &str| rule.threshold(severity, kpi, &catalog);
    let expected = |sign, value| Some(Threshold { sign, value });
    assert_eq!(limit(AlertSeverity::Warning, "service_level"), expected(Binary::LessOrEqual, 75.0));
    assert_eq!(limit(AlertSeverity::Critical, "service_level"), expected(Binary::Less, 60.0));
    assert_eq!(limit(AlertSeverity::Warning, "offered"), None);
    assert_eq!(rule.good_direction("service_level", &catalog), Direction::Higher);
    assert_eq!(rule.good_direction("offered", &catalog), Direction::Neither);
}
