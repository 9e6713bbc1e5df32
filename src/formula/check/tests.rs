//! The check against real runs: what it finds nothing wrong in never fails, whatever the rows are.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use proptest::prelude::*;

use super::Wanted;
use crate::diagnostics::Code;
use crate::formula::engine::FormulaEngine;
use crate::formula::evaluation::{Known, Outcome, Unfetched};
use crate::formula::schema::Schema;
use crate::workspace::{ColumnKind, FormulaText, TimeStorage};

fn engine() -> FormulaEngine {
    let columns = |columns: &[(&str, ColumnKind)]| -> BTreeMap<Arc<str>, ColumnKind> {
        columns.iter().map(|(name, kind)| (Arc::from(*name), *kind)).collect()
    };
    let calls = columns(&[
        ("started_at", ColumnKind::Time(TimeStorage::UtcText)),
        ("queue", ColumnKind::Text),
        ("answered", ColumnKind::Bool),
        ("wait_s", ColumnKind::Duration),
    ]);
    let activity = columns(&[("seconds", ColumnKind::Duration), ("agent", ColumnKind::Text)]);
    FormulaEngine::bare(Schema {
        counts: BTreeSet::new(),
        datasets: [(Arc::from("calls"), calls), (Arc::from("activity"), activity)].into(),
        kpis: vec!["offered".to_owned(), "rate".to_owned()],
        parameters: [(Arc::from("limit"), 20.0)].into(),
    })
}

/// Expressions of all kinds, well and badly put together; `x` and `n` are variables where they are defined.
fn expression() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(vec![
        "1",
        "20",
        "2.5",
        "0",
        "true",
        "\"Sales\"",
        "()",
        "queue",
        "answered",
        "wait_s",
        "started_at",
        "calls",
        "offered",
        "rate",
        "limit",
        "activity.seconds",
        "activity.agent",
        "count()",
        "sum(wait_s)",
        "avg(wait_s, answered)",
        "x",
        "n",
        "previous(offered)",
        "baseline(rate, 4)",
        "across(rate, queue)",
        "interval_s()",
        "[1, 2]",
        "[\"Sales\"]",
        "unknown",
    ]);
    leaf.prop_map(str::to_owned).prop_recursive(4, 24, 3, |inner| {
        let operator =
            prop::sample::select(vec!["+", "-", "*", "/", "%", "==", "!=", "<", ">=", "and", "or", "in", "??"]);
        let function = prop::sample::select(vec![
            "count", "sum", "avg", "max", "abs", "distinct", "is_null", "hour", "twice", "pick", "not", "-",
        ]);
        let two = prop::sample::select(vec!["count", "sum", "percent", "ratio", "min", "if_null", "pick", "contains"]);
        prop_oneof![
            (inner.clone(), operator, inner.clone()).prop_map(|(left, sign, right)| format!("({left} {sign} {right})")),
            (function, inner.clone()).prop_map(|(function, one)| format!("{function}({one})")),
            (two, inner.clone(), inner.clone()).prop_map(|(function, one, two)| format!("{function}({one}, {two})")),
            (inner.clone(), inner.clone(), inner.clone())
                .prop_map(|(test, one, two)| format!("if {test} {{ {one} }} else {{ {two} }}")),
            (inner.clone(), inner.clone(), inner.clone())
                .prop_map(|(value, one, two)| format!("(switch {value} {{ 1 => {one}, 20 => {two}, _ => 3 }})")),
            (inner.clone(), inner.clone()).prop_map(|(one, two)| format!("{{ let x = {one}; {two} }}")),
            (inner.clone(), inner.clone())
                .prop_map(|(one, two)| format!("{{ let n = 0; for x in [{one}, 2] {{ n = {two}; }} n }}")),
            (inner.clone(), inner.clone()).prop_map(|(one, two)| format!("{{ if {one} {{ return 7; }} {two} }}")),
            inner.prop_map(|one| format!("[{one}, 1][0]")),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 3_000, ..ProptestConfig::default() })]

    #[test]
    fn what_is_found_right_never_fails(expression in expression()) {
        let engine = engine();
        let text = format!(
            "fn twice(a) {{ a * 2 }}\nfn pick(a, b) {{ if a > 0 {{ a }} else {{ b }} }}\nlet x = 1; let n = 2; {expression}"
        );
        let Ok(formula) = engine.compile(&FormulaText::inline("test", &text)) else { return Ok(()) };
        let mistakes = engine.follow(&formula, Some("calls"), Wanted::Number);
        for mistake in &mistakes {
            let span = mistake.span.as_ref().expect("a mistake has a place");
            prop_assert!(text.get(span.range.clone()).is_some(), "{mistake:?}");
        }
        if !mistakes.is_empty() {
            return Ok(());
        }
        for number in [0.0, 1.0, 7.5, 20.0, 1e6, -3.0] {
            let known = Known { unfetched: Unfetched::Number(number), ..Known::default() };
            match engine.evaluate(&formula, Some("calls"), &known).outcome {
                Outcome::Failed(mistake) => prop_assert!(mistake.code == Code::FormulaLimit, "{text}\n{mistake:#?}"),
                Outcome::Truth(_) => prop_assert!(false, "{text}\ngives yes or no"),
                Outcome::Number(_) | Outcome::NoData | Outcome::Pending => {}
            }
        }
    }
}
