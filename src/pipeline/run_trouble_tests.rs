//! Reports that fail or are late, as their owners read of it.

use std::path::Path;

use super::*;
use crate::delivery::{Transport, deliver_due};
use crate::journal::{Claim, ClaimRequest, Repetition, RunClaim, Trigger};
use crate::pipeline::prepare;
use crate::time::Clock;

const REPORT: &str = r#"reports:
  daily:
    title: { en: Calls of the day, ru: Звонки за день }
    schedule: { cron: "0 8 * * *" }
    period: yesterday
    template: daily
    OWNER
    recipients: [everyone]
"#;

fn at(minutes: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_410_000 + minutes * 60, 0).unwrap()
}

struct World {
    folder: tempfile::TempDir,
    workspace: Workspace,
    journal: Journal,
}

impl World {
    async fn new(settings: &str, of_report: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let settings = format!(
            "timezone: Europe/Moscow\nsources: {{ pbx: {{ url: \"sqlite:calls.db\" }} }}\n\
             journal: {{ url: \"sqlite:journal.db\" }}\n\
             mail: {{ from: \"Reports <reports@example.com>\", transport: folder, folder: outbox }}\n{settings}"
        );
        for (name, text) in [
            ("callbrief.yaml", settings.as_str()),
            ("rules/reports/daily.yaml", &REPORT.replace("OWNER", of_report)),
            ("rules/recipients.yaml", "recipients: { everyone: [all@example.com] }"),
            ("report-templates/daily/report.md", "# Calls"),
            (
                "rules/datasets/calls.yaml",
                "dataset: calls\nsource: pbx\ntime: at\nquery: SELECT at FROM calls\ncolumns: { at: { type: time, stored_as: unix_s } }",
            ),
        ] {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let prepared = prepare(folder.path(), &BTreeMap::new(), at(0));
        assert!(!prepared.has_errors(), "{:?}", prepared.diagnostics);
        let workspace = prepared.workspace.unwrap();
        let journal = Journal::open_at(&workspace.catalog.settings.journal, &workspace.catalog.root).await.unwrap();
        Self { folder, workspace, journal }
    }

    async fn claim(&self, day: i64) -> RunClaim {
        let due = at(day * 1_440);
        let request = ClaimRequest {
            report: "daily".to_owned(),
            scheduled_for: due,
            period: format!("2026-11-{}", 21 + day),
            window: Window { from: due, to: due },
            trigger: Trigger::Schedule,
            repetition: Repetition::OncePerPeriod,
            skips: Vec::new(),
            owner: "test".to_owned(),
            now: due,
        };
        match self.journal.claim_run(&request).await.unwrap() {
            Claim::Mine(claim) => claim,
            Claim::Taken => panic!("taken"),
        }
    }

    async fn tell(&self, minute: i64) -> Vec<ToldTrouble> {
        tell_run_troubles(&self.workspace, &self.journal, LateRuns::Told, "test", at(minute)).await.unwrap()
    }

    /// The mails that go out now.
    async fn mails(&self, minute: i64) -> Vec<String> {
        let outbox = self.folder.path().join("outbox");
        let transport =
            Transport::from_settings(&self.workspace.catalog.settings.mail, self.folder.path() as &Path).unwrap();
        deliver_due(&self.journal, &transport, &Clock::Fixed(at(minute)), "test").await.unwrap();
        let Ok(files) = std::fs::read_dir(&outbox) else { return Vec::new() };
        let mut mails: Vec<_> = files
            .map(|file| file.unwrap().path())
            .filter(|path| path.extension().is_some_and(|end| end == "eml"))
            .collect();
        mails.sort();
        let read = |path: &std::path::PathBuf| {
            let text = std::fs::read_to_string(path).unwrap();
            std::fs::remove_file(path).unwrap();
            // Long lines are folded.
            text.replace("=\r\n", "")
        };
        mails.iter().map(read).collect()
    }
}

/// Who is told of a report with this owner in a workspace with this operator.
async fn check(operator: &str, owner: &str, expected: Option<&str>) {
    let world = World::new(operator, owner).await;
    let run = world.claim(0).await;
    world.journal.fail_run(run, "the source `pbx` has no table `calls`", at(1)).await.unwrap();
    let told = world.tell(2).await;
    assert_eq!(told.len(), 1, "{told:?}");
    let mails = world.mails(3).await;
    assert_eq!(mails.len(), usize::from(expected.is_some()), "{mails:?}");
    assert_eq!(told[0].hearer, if expected.is_some() { Hearer::Mailed } else { Hearer::Nobody });
    if let Some(expected) = expected {
        let mail = &mails[0];
        for part in [expected, "Subject: [NOT SENT] Calls of the day: 2026-11-21", "has no table `calls`"] {
            assert!(mail.contains(part), "{part} is not in\n{mail}");
        }
        assert!(mail.contains("callbrief report daily --period 2026-11-21 --send"), "{mail}");
        assert!(!mail.contains("all@example.com"), "{mail}");
    }
    // Nothing more to tell, by whomever.
    assert_eq!(world.tell(4).await, Vec::new());
    assert_eq!(world.mails(5).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_failure_is_told_to_the_owner_or_else_to_the_operator() {
    let operator = "operator: operator@example.com\n";
    check(operator, "owner: owner@example.com", Some("To: owner@example.com")).await;
    check(operator, "", Some("To: operator@example.com")).await;
    check("", "", None).await;
}

#[tokio::test]
async fn what_is_late_is_told_and_so_is_its_end() {
    let world = World::new("locale: ru\noperator: operator@example.com\n", "").await;
    let run = world.claim(0).await;
    world.journal.postpone_run(run, "connection refused", at(5)).await.unwrap();
    assert_eq!(world.tell(29).await, Vec::new());
    assert_eq!(world.tell(30).await.len(), 1);
    assert_eq!(world.tell(31).await, Vec::new());
    assert_eq!(world.mails(31).await.len(), 1);
    let (claim, _) = world.journal.reclaim_run(at(40), "test").await.unwrap().unwrap();
    world.journal.finish_run(claim, Vec::new(), at(41)).await.unwrap();
    let told = world.tell(42).await;
    assert_eq!((told.len(), told[0].kind), (1, None));
    assert_eq!(world.mails(42).await.len(), 1);
    assert_eq!(world.tell(43).await, Vec::new());
}

#[tokio::test]
async fn a_report_that_waits_for_its_data_is_late_after_its_deadline() {
    let settings = "operator: operator@example.com\nservice: { late_after: 10m }\n";
    let world = World::new(settings, "complete_by: { data: [calls], deadline: \"10:00\" }").await;
    let run = world.claim(0).await;
    // Due at 08:00, put off until 10:00 at the latest.
    world.journal.hold_run(run, "waiting for data", at(60)).await.unwrap();
    assert_eq!(world.tell(129).await, Vec::new());
    assert_eq!(world.tell(130).await.len(), 1);
}
