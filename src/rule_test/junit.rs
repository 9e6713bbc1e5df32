//! Outcomes as `JUnit` XML, which build servers read.

use std::fmt::Write;
use std::time::Duration;

use indexmap::IndexMap;

use super::difference::Outcome;

/// The report: a suite for each file, a case for each test with the time it took.
pub fn junit(outcomes: &[(Outcome, Duration)]) -> String {
    let mut suites: IndexMap<&str, Vec<&(Outcome, Duration)>> = IndexMap::new();
    for outcome in outcomes {
        suites.entry(&outcome.0.name.span.file.path).or_default().push(outcome);
    }
    let mut xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned();
    let all: Vec<&(Outcome, Duration)> = outcomes.iter().collect();
    open(&mut xml, 0, "testsuites", "callbrief", &all);
    for (file, cases) in &suites {
        open(&mut xml, 2, "testsuite", file, cases);
        for (outcome, took) in cases {
            case(&mut xml, file, outcome, *took);
        }
        xml.push_str("  </testsuite>\n");
    }
    xml.push_str("</testsuites>\n");
    xml
}

fn open(xml: &mut String, indent: usize, element: &str, name: &str, cases: &[&(Outcome, Duration)]) {
    let failures = cases.iter().filter(|(outcome, _)| !outcome.is_passed()).count();
    let took: Duration = cases.iter().map(|(_, took)| *took).sum();
    // Writing into a String cannot fail.
    let _ = writeln!(
        xml,
        "{}<{element} name=\"{}\" tests=\"{}\" failures=\"{failures}\" errors=\"0\" time=\"{:.3}\">",
        " ".repeat(indent),
        escaped(name),
        cases.len(),
        took.as_secs_f64(),
    );
}

fn case(xml: &mut String, file: &str, outcome: &Outcome, took: Duration) {
    let position = outcome.name.span.position();
    let _ = write!(
        xml,
        "    <testcase classname=\"{}\" name=\"{}\" file=\"{}\" line=\"{}\" time=\"{:.3}\"",
        escaped(file),
        escaped(&outcome.name.value),
        escaped(file),
        position.line,
        took.as_secs_f64(),
    );
    if outcome.is_passed() {
        xml.push_str("/>\n");
        return;
    }
    xml.push_str(">\n");
    for difference in &outcome.differences {
        let notes: String = difference.notes.iter().map(|note| format!("{note}\n")).collect();
        let _ = writeln!(
            xml,
            "      <failure message=\"{} came otherwise than expected\" type=\"difference\">{}:{}\n{}{}</failure>",
            escaped(&difference.about),
            escaped(file),
            difference.place.position().line,
            escaped(&difference.unified()),
            escaped(&notes),
        );
    }
    xml.push_str("    </testcase>\n");
}

/// The text without characters that mean something in XML, or that it cannot hold.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' | '\t' => escaped.push(character),
            '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            control if control.is_control() => escaped.push('\u{fffd}'),
            other => escaped.push(other),
        }
    }
    escaped
}
