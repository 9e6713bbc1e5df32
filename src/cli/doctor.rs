//! `callbrief doctor`: whether everything the service needs is there, and what to do where it is not.

use clap::Args;
use serde_json::json;
use unicode_width::UnicodeWidthStr;

use super::Verdict;
use super::report::language;
use super::session::{Session, print};
use crate::app::doctor::{Finding, Health, examine};
use crate::locale::{Language, text};

/// No line is wider, in columns.
const WIDTH: usize = 80;

#[derive(Debug, Args)]
pub(super) struct DoctorArguments {
    /// As JSON
    #[arg(long)]
    json: bool,
    /// The language: en or ru
    #[arg(long, short, value_parser = language)]
    language: Option<Language>,
}

pub(super) async fn run(session: &Session, arguments: &DoctorArguments) -> anyhow::Result<Verdict> {
    let prepared = session.prepare()?;
    let own = prepared.workspace.as_ref().map(|workspace| workspace.catalog.settings.locale);
    let language = arguments.language.or(own).unwrap_or(Language::English);
    let findings = examine(&prepared, Some(language), session.clock.now()).await;
    if arguments.json {
        let findings: Vec<_> = findings
            .iter()
            .map(|finding| {
                json!({
                    "subject": finding.subject, "health": word(finding.health), "said": finding.said,
                    "advice": finding.advice,
                })
            })
            .collect();
        print(&serde_json::to_string_pretty(&findings)?)?;
    } else {
        print(&lines(&findings, language))?;
    }
    let is_ill = findings.iter().any(|finding| finding.health == Health::Ill);
    Ok(if is_ill { Verdict::Found } else { Verdict::Fine })
}

fn word(health: Health) -> &'static str {
    match health {
        Health::Well => "well",
        Health::Doubtful => "doubtful",
        Health::Ill => "ill",
    }
}

/// A line for each finding, and under it what to do.
fn lines(findings: &[Finding], language: Language) -> String {
    let title = |health: Health| text(language, &format!("doctor-{}", word(health)), &[]);
    let widest = |texts: Vec<String>| texts.iter().map(|text| text.width()).max().unwrap_or(0);
    let of_health = widest([Health::Well, Health::Doubtful, Health::Ill].map(title).into());
    let of_subject = widest(findings.iter().map(|finding| finding.subject.clone()).collect()).min(WIDTH / 3);
    let padded = |text: &str, width: usize| format!("{text}{}", " ".repeat(width.saturating_sub(text.width())));
    let indent = of_health + of_subject + 4;
    let mut told = String::new();
    for finding in findings {
        let head = format!("{}  {}  ", padded(&title(finding.health), of_health), padded(&finding.subject, of_subject));
        told.push_str(&wrapped(&head, &finding.said, indent));
        if let Some(advice) = &finding.advice {
            told.push_str(&wrapped(&" ".repeat(indent), &format!("→ {advice}"), indent + 2));
        }
    }
    told.trim_end().to_owned()
}

/// The text behind its head, broken between words; further lines are indented.
fn wrapped(head: &str, text: &str, indent: usize) -> String {
    let mut lines = String::new();
    let mut line = head.to_owned();
    let mut is_empty = true;
    for word in text.split_whitespace() {
        if !is_empty && line.width() + 1 + word.width() > WIDTH {
            lines.push_str(line.trim_end());
            lines.push('\n');
            line = " ".repeat(indent);
            is_empty = true;
        }
        if !is_empty {
            line.push(' ');
        }
        line.push_str(word);
        is_empty = false;
    }
    lines.push_str(line.trim_end());
    lines.push('\n');
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_is_wider_than_a_terminal() {
        let finding = |health, subject: &str, advice: Option<&str>| Finding {
            subject: subject.to_owned(),
            health,
            said: "слово ".repeat(30),
            advice: advice.map(str::to_owned),
        };
        let findings = [
            finding(Health::Well, "Журнал", None),
            finding(Health::Ill, "Источник с очень длинным именем", Some(&"сделать что-то ".repeat(12))),
        ];
        for language in [Language::English, Language::Russian] {
            let told = lines(&findings, language);
            assert!(told.lines().all(|line| line.width() <= WIDTH), "{told}");
            assert_eq!(told.matches("слово").count(), 60);
            assert_eq!(told.matches("сделать").count(), 12);
        }
    }
}
