//! `callbrief test`: the workspace's rule tests are run, one line for each, and what came otherwise than expected is shown
//! as a diff.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use clap::Args;
use console::Style;

use super::Verdict;
use super::session::{Session, complain, print, style};
use crate::diagnostics::{self, Diagnostic, Severity, render_text};
use crate::rule_test::{Difference, Outcome, junit, run as play};
use crate::workspace::RuleTest;

#[derive(Debug, Args)]
pub(super) struct TestArguments {
    /// Only tests with this text in their file's path or name, whatever the case; all when left out
    pattern: Option<String>,
    /// Write the outcome as `JUnit` XML, too
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
}

pub(super) async fn run(session: &Session, arguments: &TestArguments) -> anyhow::Result<Verdict> {
    let prepared = session.prepare()?;
    let has_mistakes = prepared.diagnostics.iter().any(is_mistake_of_tests);
    if !prepared.diagnostics.is_empty() {
        complain(render_text(&prepared.diagnostics, style(&std::io::stderr())).trim_end());
    }
    let mut workspace =
        prepared.workspace.context("the workspace has mistakes that must be mended first; see above")?;
    let tests: Vec<RuleTest> = workspace.catalog.tests.clone();
    let is_wanted = |test: &&RuleTest| arguments.pattern.as_ref().is_none_or(|pattern| matches(test, pattern));
    let wanted: Vec<&RuleTest> = tests.iter().filter(is_wanted).collect();
    match &arguments.pattern {
        _ if !wanted.is_empty() => {}
        Some(pattern) => bail!("no test matches {pattern:?}; `callbrief test` alone runs all {}", tests.len()),
        None if has_mistakes => bail!("no test can be run: the files in rules/tests/ have mistakes; see above"),
        None => bail!("the workspace has no tests; they stand in rules/tests/*.yaml"),
    }

    let ink = Ink::of(&std::io::stdout());
    let mut outcomes: Vec<(Outcome, Duration)> = Vec::with_capacity(wanted.len());
    for test in wanted {
        let began = Instant::now();
        let outcome = play(&mut workspace, test).await;
        print(&ink.outcome(&outcome))?;
        outcomes.push((outcome, began.elapsed()));
    }
    if let Some(path) = &arguments.junit {
        std::fs::write(path, junit(&outcomes)).with_context(|| format!("{} cannot be written", path.display()))?;
    }
    let failed = outcomes.iter().filter(|(outcome, _)| !outcome.is_passed()).count();
    let took: Duration = outcomes.iter().map(|(_, took)| *took).sum();
    print(&format!("\n{}, {failed} failed, in {:.2} s", counted(outcomes.len()), took.as_secs_f64()))?;
    if has_mistakes {
        bail!("some tests have mistakes and were not run; see above");
    }
    Ok(if failed > 0 { Verdict::Found } else { Verdict::Fine })
}

fn is_mistake_of_tests(diagnostic: &Diagnostic) -> bool {
    let place = diagnostic.span.as_ref().map(|span| span.file.path.as_str());
    diagnostic.severity == Severity::Error && place.is_some_and(|path| path.starts_with("rules/tests/"))
}

fn matches(test: &RuleTest, pattern: &str) -> bool {
    let name = format!("{}: {}", test.name.span.file.path, test.name.value);
    name.to_lowercase().contains(&pattern.to_lowercase())
}

fn counted(tests: usize) -> String {
    if tests == 1 { "1 test".to_owned() } else { format!("{tests} tests") }
}

/// How outcomes are coloured.
struct Ink {
    good: Style,
    bad: Style,
    quiet: Style,
}

impl Ink {
    fn of(stream: &impl IsTerminal) -> Self {
        let forced = style(stream) == diagnostics::Style::Coloured;
        let style = || Style::new().force_styling(forced);
        Self { good: style().green(), bad: style().red(), quiet: style().dim() }
    }

    /// A line, and under it what came otherwise than expected.
    fn outcome(&self, outcome: &Outcome) -> String {
        let name = format!("{}: {}", outcome.name.span.file.path, outcome.name.value);
        if outcome.is_passed() {
            return format!("{} {name}", self.good.apply_to("passed"));
        }
        let mut text = format!("{} {name}", self.bad.apply_to("failed"));
        for difference in &outcome.differences {
            text.push_str(&self.difference(difference));
        }
        text
    }

    fn difference(&self, difference: &Difference) -> String {
        let place = &difference.place;
        let place = format!("{}:{}", place.file.path, place.position().line);
        let mut text = format!("\n  {} {}", difference.about, self.quiet.apply_to(format!("({place})")));
        for line in difference.unified().lines() {
            let line = match line.as_bytes().first() {
                Some(b'-') => self.bad.apply_to(line),
                Some(b'+') => self.good.apply_to(line),
                Some(b'@') => self.quiet.apply_to(line),
                _ => Style::new().apply_to(line),
            };
            text.push_str(&format!("\n    {line}"));
        }
        for note in &difference.notes {
            text.push_str(&format!("\n    {note}"));
        }
        text
    }
}
