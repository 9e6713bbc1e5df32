//! Notices that were expected beside those that were sent.

use chrono::{DateTime, Utc};
use indexmap::IndexMap;

use super::alerts::Course;
use super::difference::Difference;
use super::table::instant;
use crate::locale::Language;
use crate::pipeline::SentNotice;
use crate::workspace::{AlertExpectation, ExpectedNotice, RuleTest};

/// The line of an expected text that stands for any lines, also none.
const ANY_LINES: &str = "...";

/// What was sent otherwise than expected.
pub(super) fn compare(expectation: &AlertExpectation, course: &Course, test: &RuleTest) -> Vec<Difference> {
    let rule = &expectation.rule;
    let mut differences = Vec::new();
    if let Some(notices) = &expectation.notices {
        let mut ordered: Vec<&ExpectedNotice> = notices.iter().collect();
        ordered.sort_by_key(|notice| notice.at.value);
        let expected: Vec<String> = ordered.iter().flat_map(|notice| expected_lines(notice, test)).collect();
        let came = course.notices.iter().flat_map(|(at, sent)| {
            let expected = ordered.iter().find(|notice| notice.at.value == *at);
            came_lines(*at, sent, expected.copied(), test)
        });
        let place = ordered.first().map_or(&rule.span, |notice| &notice.at.span).clone();
        let about = format!("notices of {}", rule.value);
        let troubles = course.troubles.clone();
        differences.extend(Difference::between(about, place, expected, came.collect(), troubles));
    }
    for quiet in &expectation.quiet {
        let (from, to) = quiet.value;
        let came: Vec<String> =
            course.notices.range(from..=to).flat_map(|(at, sent)| came_lines(*at, sent, None, test)).collect();
        let about = format!("quiet of {} from {} to {}", rule.value, instant(from, test), instant(to, test));
        differences.extend(Difference::between(about, quiet.span.clone(), Vec::new(), came, Vec::new()));
    }
    differences
}

fn expected_lines(notice: &ExpectedNotice, test: &RuleTest) -> Vec<String> {
    let mut lines = vec![instant(notice.at.value, test)];
    lines.extend(notice.to.as_ref().map(|to| recipients(to.iter().map(String::as_str))));
    lines.extend(notice.subject.iter().map(|(language, subject)| subject_line(*language, subject)));
    lines.extend(notice.text.iter().flat_map(|(language, text)| text_lines(*language, text)));
    lines
}

/// A notice that was sent; beside an expected one only what that one speaks of.
fn came_lines(
    at: DateTime<Utc>,
    sent: &[SentNotice],
    expected: Option<&ExpectedNotice>,
    test: &RuleTest,
) -> Vec<String> {
    let mut lines = vec![instant(at, test)];
    let mut subjects: IndexMap<Language, &SentNotice> = IndexMap::new();
    for notice in sent {
        subjects.entry(notice.language).or_insert(notice);
    }
    let Some(expected) = expected else {
        lines.push(recipients(sent.iter().map(|notice| notice.recipient.as_str())));
        lines.extend(subjects.iter().map(|(language, notice)| subject_line(*language, &notice.subject)));
        return lines;
    };
    if expected.to.is_some() {
        lines.push(recipients(sent.iter().map(|notice| notice.recipient.as_str())));
    }
    let nobody = |language: &Language| format!("  nobody is told in the language {}", language.code());
    for language in expected.subject.keys() {
        lines.push(
            subjects.get(language).map_or_else(|| nobody(language), |sent| subject_line(*language, &sent.subject)),
        );
    }
    for (language, wanted) in &expected.text {
        match subjects.get(language) {
            Some(sent) if fits(wanted, &sent.text) => lines.extend(text_lines(*language, wanted)),
            Some(sent) => lines.extend(text_lines(*language, &sent.text)),
            None => lines.push(nobody(language)),
        }
    }
    lines
}

fn recipients<'a>(addresses: impl Iterator<Item = &'a str>) -> String {
    let mut addresses: Vec<&str> = addresses.collect();
    addresses.sort_unstable();
    format!("  to {}", addresses.join(", "))
}

fn subject_line(language: Language, subject: &str) -> String {
    format!("  subject ({}): {}", language.code(), subject.trim())
}

fn text_lines(language: Language, text: &str) -> Vec<String> {
    let lines = text.trim().lines().map(|line| format!("    {}", line.trim_end()).trim_end().to_owned());
    std::iter::once(format!("  text ({}):", language.code())).chain(lines).collect()
}

/// Whether a text is what is wanted, line by line, but for blanks at the ends of lines.
fn fits(wanted: &str, text: &str) -> bool {
    let lines = |text: &str| text.trim().lines().map(|line| line.trim_end().to_owned()).collect::<Vec<_>>();
    let (wanted, text) = (lines(wanted), lines(text));
    let parts: Vec<&[String]> = wanted.split(|line| line.trim() == ANY_LINES).collect();
    let [first, middle @ .., last] = parts.as_slice() else { return parts.first().is_some_and(|only| **only == *text) };
    let Some(rest) = text.strip_prefix(*first).and_then(|rest| rest.strip_suffix(*last)) else { return false };
    // Of each part the first place is taken, which leaves the most lines to the others.
    let mut rest = rest;
    middle.iter().filter(|part| !part.is_empty()).all(|part| {
        let found = rest.windows(part.len()).position(|lines| lines == *part);
        if let Some(found) = found {
            rest = &rest[found + part.len()..];
        }
        found.is_some()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_stand_for_any_lines() {
        let check =
            |wanted: &str, text: &str, expected: bool| assert_eq!(fits(wanted, text), expected, "{wanted:?} {text:?}");
        check("a\nb", "a  \nb\n", true);
        check("a\nb", "a\nc\nb", false);
        check("a\n...\nb", "a\nc\nd\nb", true);
        check("a\n...\nb", "a\nb", true);
        check("a\n...\nb", "a", false);
        check("...\nb\n...", "a\nb\nc", true);
        check("...\nb\n...\nb\n...", "a\nb\nc", false);
        check("...\nb\nc\n...\nd", "b\nb\nc\nx\nd", true);
        check("...", "", true);
        check("", "a", false);
    }
}
