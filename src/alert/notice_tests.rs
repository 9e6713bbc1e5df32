//! What a notice looks like as text, in both languages, and that no label can break it.

use std::collections::BTreeMap;

use super::*;
use crate::alert::fixture::workspace;
use crate::alert::{Extremes, Phase, Trouble, TroubleKind, compile};
use crate::kpi::KeyPart;
use crate::report::export::{email, text};
use crate::report::theme::Theme;

const RULE: &str = r"
alerts:
  service_level_low:
    title: { en: Service level is low, ru: Низкий уровень сервиса }
    when: service_level < 70 and offered >= 20
    recovers_when: service_level >= 75
    window: 30m
    by: [queue]
    for: 5m
    keep_firing_for: 5m
    severity: critical
    notify: [floor]
";

fn at(minute: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_435_200 + minute * 60, 0).unwrap()
}

fn state(phase: Phase, since: i64, level: Option<f64>) -> AlertState {
    let mut values: BTreeMap<String, f64> =
        level.map(|level| ("service_level".to_owned(), level)).into_iter().collect();
    values.insert("offered".to_owned(), 31.0);
    AlertState {
        phase,
        active_since: (phase != Phase::Inactive).then(|| at(since - 5)),
        extremes: [("service_level".to_owned(), Extremes { lowest: 41.25, highest: 69.0 })].into(),
        values,
        ..AlertState::new(at(since))
    }
}

fn told(queue: &str, notice: Option<Notice>, before: AlertState, after: AlertState) -> Told {
    let by = [Grouping::Dimension("queue".to_owned())];
    Told { labels: Labels::of(&by, &[KeyPart::Text(queue.to_owned())]), notice, before, after }
}

/// Subject, plain text and HTML of a notice.
fn write(told: &[Told], language: Language) -> (String, String, String) {
    let (catalog, kpis) = workspace(RULE);
    let (compiled, mistakes) = compile(&catalog, &kpis);
    assert!(mistakes.is_empty(), "{mistakes:?}");
    let request = NoticeRequest {
        rule: &catalog.alerts["service_level_low"],
        compiled: &compiled["service_level_low"],
        catalog: &catalog,
        told,
        language,
        zone: catalog.settings.timezone,
        now: at(30),
    };
    let document = document(&request);
    (subject(&request), text::render(&document), email::render(&document, &Theme::default()).html)
}

#[test]
fn a_notice_with_everything() {
    let unknown = AlertState {
        trouble: Some(Trouble { kind: TroubleKind::NoData, reason: "no rows".to_owned(), since: at(20) }),
        ..state(Phase::Firing, 0, None)
    };
    let told = [
        told("Billing", Some(Notice::Fired), state(Phase::Pending, 25, None), state(Phase::Firing, 30, Some(58.33))),
        told(
            "Sales",
            Some(Notice::Resolved),
            state(Phase::Recovering, 25, Some(81.0)),
            state(Phase::Inactive, 30, Some(82.5)),
        ),
        told("Support", None, unknown.clone(), unknown),
    ];
    for language in Language::ALL {
        let (subject, text, _) = write(&told, language);
        insta::assert_snapshot!(format!("notice_{}", language.code()), format!("{subject}\n\n{text}"));
    }
}

#[test]
fn subjects_name_the_first_few() {
    let check = |notice: Notice, queues: &[&str], expected: &str| {
        let firing = state(Phase::Firing, 0, Some(50.0));
        let told: Vec<Told> =
            queues.iter().map(|queue| told(queue, Some(notice), firing.clone(), firing.clone())).collect();
        assert_eq!(write(&told, Language::English).0, expected);
    };
    check(Notice::Fired, &["A", "B", "C"], "[FIRING] Service level is low: A, B, C");
    check(Notice::Repeated, &["A", "B", "C", "D", "E"], "[STILL FIRING] Service level is low: A, B, C +2");
    check(Notice::Resolved, &["A"], "[RESOLVED] Service level is low: A");
    let long = "очередь ".repeat(20);
    check(
        Notice::Fired,
        &[&long],
        &format!("[FIRING] Service level is low: {}…", &long.chars().take(39).collect::<String>()),
    );
}

#[test]
fn labels_are_text_and_never_markup() {
    let firing = state(Phase::Firing, 0, Some(50.0));
    let told = [told("<script>alert(1)</script>\r\n**x**", Some(Notice::Fired), firing.clone(), firing)];
    let (_, text, html) = write(&told, Language::English);
    assert!(!html.contains("<script>"), "{html}");
    assert!(html.contains("&lt;script&gt;"), "{html}");
    assert!(text.contains("<script>alert(1)</script> **x**"), "{text}");
}
