//! One test from its rows to its outcome.

use super::difference::{Difference, Outcome};
use super::{alerts, kpis, notices, stage, states};
use crate::pipeline::{Sources, Workspace};
use crate::workspace::RuleTest;

/// Runs a test. The workspace is changed on the way, and as it was afterwards.
pub async fn run(workspace: &mut Workspace, test: &RuleTest) -> Outcome {
    let wardrobe = stage::dress(workspace, test);
    let differences = match stage::sources(workspace, test).await {
        Ok(sources) => {
            let differences = differences(workspace, &sources, test).await;
            sources.close().await;
            differences
        }
        Err(error) => vec![Difference::failure("rows", test.name.span.clone(), error.cause().to_string())],
    };
    stage::undress(workspace, wardrobe);
    Outcome { name: test.name.clone(), differences }
}

async fn differences(workspace: &Workspace, sources: &Sources, test: &RuleTest) -> Vec<Difference> {
    let mut differences = Vec::new();
    for expectation in &test.kpis {
        differences.extend(kpis::compare(workspace, sources, test, expectation).await);
    }
    if test.alerts.is_empty() {
        return differences;
    }
    let courses = match alerts::play(workspace, sources, test).await {
        Ok(courses) => courses,
        Err(error) => {
            differences.push(Difference::failure("alerts", test.name.span.clone(), error.to_string()));
            return differences;
        }
    };
    for (id, expectation) in &test.alerts {
        let place = expectation.rule.span.clone();
        let (Some(definition), Some(course), true) =
            (workspace.catalog.alerts.get(id), courses.get(id), workspace.alerts.contains_key(id))
        else {
            let reason = format!("the rule `{id}` has mistakes; `callbrief check` shows them");
            differences.push(Difference::failure(&format!("the rule {id}"), place, reason));
            continue;
        };
        differences.extend(states::compare(definition, expectation, course, test));
        differences.extend(notices::compare(expectation, course, test));
    }
    differences
}
