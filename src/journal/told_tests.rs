//! What counts as trouble, and that each is told once.

use tempfile::TempDir;

use super::*;
use crate::journal::{Channel, Claim, ClaimRequest, NewDelivery, Repetition, RunClaim, Setback, Skip, Trigger};
use crate::time::Window;
use crate::workspace::OnUnknown;

fn at(minutes: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_763_960_400 + minutes * 60, 0).unwrap()
}

struct World {
    journal: Journal,
    _folder: TempDir,
}

impl World {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { journal: Journal::open(&folder.path().join("journal.db")).await.unwrap(), _folder: folder }
    }

    /// Claims a run of a report at the minute it stands for.
    async fn claim(&self, report: &str, minute: i64, trigger: Trigger, skips: Vec<Skip>) -> RunClaim {
        let request = ClaimRequest {
            report: report.to_owned(),
            scheduled_for: at(minute),
            period: format!("period {minute}"),
            window: Window { from: at(minute - 60), to: at(minute) },
            trigger,
            repetition: Repetition::EveryInstant,
            skips,
            owner: "test".to_owned(),
            now: at(minute),
        };
        match self.journal.claim_run(&request).await.unwrap() {
            Claim::Mine(claim) => claim,
            Claim::Taken => panic!("taken: {request:?}"),
        }
    }

    async fn finish(&self, claim: RunClaim, recipients: &[&str], minute: i64) {
        let delivery = |recipient: &&str| NewDelivery {
            channel: Channel::Mail,
            on_unknown: OnUnknown::Resend,
            recipient: (*recipient).to_owned(),
            message_id: format!("<{recipient}.{}>", claim.id),
            envelope_from: String::new(),
            bytes: Vec::new(),
            expires_at: at(9_000),
        };
        let deliveries: Vec<_> = recipients.iter().map(delivery).collect();
        self.journal.finish_run(claim, deliveries, at(minute)).await.unwrap();
    }

    /// The trouble at a minute, with the runs' periods; half an hour is late.
    async fn troubles(&self, minute: i64) -> Vec<String> {
        let troubles = self.journal.run_troubles(at(-60), at(minute - 30)).await.unwrap();
        let line = |trouble: &RunTrouble| {
            let RunTrouble { report, kind, period, undelivered, .. } = trouble;
            let reason = trouble.reason.as_deref().unwrap_or("-");
            format!("{report} {} {period}: {reason} ({undelivered})", kind.word())
        };
        troubles.iter().map(line).collect()
    }

    async fn tell(&self, new: &[(&'static str, RunClaim)], over: &[(&'static str, RunClaim)], minute: i64) -> Recorded {
        let subjects =
            |told: &[(&'static str, RunClaim)]| told.iter().map(|(kind, run)| (*kind, run.id.to_string())).collect();
        let delivery = NewDelivery {
            channel: Channel::Mail,
            on_unknown: OnUnknown::Resend,
            recipient: "owner@example.com".to_owned(),
            message_id: format!("<notice {minute}>"),
            envelope_from: String::new(),
            bytes: Vec::new(),
            expires_at: at(9_000),
        };
        let notices = AlertNotices {
            report: "failed:weekly".to_owned(),
            scheduled_for: at(0),
            period: "0".to_owned(),
            window: Window { from: at(0), to: at(0) },
            owner: "test".to_owned(),
            deliveries: vec![delivery],
        };
        let telling = Telling { new: subjects(new), over: subjects(over), notices, now: at(minute) };
        self.journal.tell_once(telling).await.unwrap()
    }
}

#[tokio::test]
async fn trouble_is_what_failed_is_late_was_missed_or_not_delivered() {
    let world = World::new().await;
    let skip = Skip {
        scheduled_for: at(-10),
        period: "period -10".to_owned(),
        window: Window { from: at(-70), to: at(-10) },
        reason: "too late".to_owned(),
    };
    let failed = world.claim("failed", 0, Trigger::Schedule, vec![skip]).await;
    world.journal.fail_run(failed, "no such table", at(1)).await.unwrap();
    let by_hand = world.claim("by_hand", 0, Trigger::Manual, Vec::new()).await;
    world.journal.fail_run(by_hand, "no such table", at(1)).await.unwrap();
    let nobody = world.claim("for_nobody", 0, Trigger::Schedule, Vec::new()).await;
    world.journal.skip_run(nobody, "only_if", at(1)).await.unwrap();
    let waits = world.claim("waits", 0, Trigger::Schedule, Vec::new()).await;
    world.journal.postpone_run(waits, "connection refused", at(5)).await.unwrap();
    let queued = world.claim("queued", 0, Trigger::Schedule, Vec::new()).await;
    world.finish(queued, &["a@example.com", "b@example.com"], 1).await;
    world.claim("fresh", 20, Trigger::Schedule, Vec::new()).await;

    let missed = "failed missed period -10: too late (0)";
    let given_up = "failed failed period 0: no such table (0)";
    assert_eq!(world.troubles(29).await, [missed, given_up]);
    let late = ["waits late period 0: connection refused (0)", "queued late period 0: - (2)"];
    assert_eq!(world.troubles(30).await, [missed, given_up, late[0], late[1]]);

    // One message is refused for good, the other is taken: the run is done, and of messages others tell.
    for setback in [Some(Setback::Permanent), None] {
        let delivery = world.journal.claim_delivery(Channel::Mail, at(31), "test").await.unwrap().unwrap();
        match setback {
            Some(setback) => world.journal.record_failure(&delivery, "550 unknown", setback, at(31)).await.unwrap(),
            None => world.journal.record_sent(&delivery, "250", at(31)).await.unwrap(),
        }
    }
    assert_eq!(world.troubles(32).await, [missed, given_up, late[0]]);
    // What is old is no news.
    assert_eq!(world.journal.run_troubles(at(21), at(99)).await.unwrap(), Vec::new());
}

#[tokio::test]
async fn trouble_and_its_end_are_told_once() {
    let world = World::new().await;
    let run = world.claim("weekly", 0, Trigger::Schedule, Vec::new()).await;
    world.journal.fail_run(run, "no such table", at(1)).await.unwrap();
    assert_eq!(world.tell(&[("failed", run)], &[], 2).await, Recorded::Written);
    // Another process that saw it at the same time.
    assert_eq!(world.tell(&[("failed", run)], &[], 2).await, Recorded::Overtaken);
    assert_eq!(world.troubles(99).await, Vec::<String>::new());
    assert_eq!(world.journal.pending_count().await.unwrap(), 1);

    assert_eq!(world.journal.troubles_over().await.unwrap(), Vec::new());
    let next = world.claim("weekly", 60, Trigger::Schedule, Vec::new()).await;
    world.finish(next, &[], 61).await;
    let over = world.journal.troubles_over().await.unwrap();
    assert_eq!(
        over.iter().map(|over| (over.of, over.run, over.finished)).collect::<Vec<_>>(),
        [(run.id, next.id, at(61))]
    );
    assert_eq!(world.tell(&[], &[("failed", run)], 62).await, Recorded::Written);
    assert_eq!(world.tell(&[], &[("failed", run)], 62).await, Recorded::Overtaken);
    assert_eq!(world.journal.troubles_over().await.unwrap(), Vec::new());
    assert_eq!(world.journal.pending_count().await.unwrap(), 2);

    world.journal.forget_told("failed").await.unwrap();
    assert_eq!(world.troubles(99).await, ["weekly failed period 0: no such table (0)"]);
}

#[tokio::test]
async fn figures_tell_what_waits_and_what_was_sent() {
    let world = World::new().await;
    assert_eq!(world.journal.outbox_figures().await.unwrap(), []);
    let run = world.claim("weekly", 0, Trigger::Schedule, Vec::new()).await;
    world.finish(run, &["a@example.com", "b@example.com"], 3).await;
    let done = world.claim("daily", 0, Trigger::Schedule, Vec::new()).await;
    world.finish(done, &[], 4).await;
    let figures = world.journal.outbox_figures().await.unwrap();
    assert_eq!(figures.iter().map(|figures| (figures.waiting, figures.oldest)).collect::<Vec<_>>(), [(2, at(3))]);
    assert_eq!(world.journal.last_sent().await.unwrap(), [("daily".to_owned(), at(4))]);
    world.journal.try_writing().await.unwrap();
    world.journal.try_writing().await.unwrap();
    assert!(world.journal.schema_version().await.unwrap() >= 12);
}
