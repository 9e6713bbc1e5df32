//! What a notice looks like as text, in both languages, and that no label can break it.

use std::collections::BTreeMap;

use super::*;
use crate::alert::fixture::workspace;
use crate::alert::{
    AlertState, Extremes, Phase, Reason, Track, Trouble, TroubleKind, TroubleRequest, compile, trouble_document,
    trouble_subject,
};
use crate::kpi::KeyPart;
use crate::report::export::{email, text};
use crate::report::theme::Theme;

const RULE: &str = r"
alerts:
  service_level_low:
    title: { en: Service level is low, ru: Низкий уровень сервиса }
    warning: service_level < 75
    critical: service_level < 62.5
    recovers_when: { warning: service_level >= 80, critical: service_level >= 65 }
    minimum: offered >= 20
    window: 30m
    by: [queue]
    for: 5m
    keep_firing_for: 5m
    active: { days: MON-FRI, hours: 08:00-20:00 }
    description: { en: A queue that keeps its callers waiting., ru: Очередь заставляет ждать. }
    runbook: { en: Ask the duty manager for two more agents., ru: Попросите старшего смены вывести двух операторов. }
    notify: [floor]
";

fn at(minute: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_435_200 + minute * 60, 0).unwrap()
}

fn state(phase: Phase, since: i64, level: Option<f64>) -> AlertState {
    let mut values: BTreeMap<String, f64> =
        level.map(|level| ("service_level".to_owned(), level)).into_iter().collect();
    values.insert("offered".to_owned(), 31.0);
    let is_firing = matches!(phase, Phase::Firing | Phase::Recovering);
    AlertState {
        tracks: vec![Track { phase, since: at(since) }],
        told: is_firing.then_some(AlertSeverity::Critical),
        active_since: (phase != Phase::Inactive).then(|| at(since - 5)),
        extremes: [("service_level".to_owned(), Extremes { lowest: 41.25, highest: 69.0 })].into(),
        values,
        ..AlertState::new(at(since))
    }
}

fn told(queue: &str, notice: Option<Notice>, before: AlertState, after: AlertState) -> Told {
    let by = [Grouping::Dimension("queue".to_owned())];
    let labels = Labels::of(&by, &[KeyPart::Text(queue.to_owned())]);
    Told { labels, reason: Reason::StillMet, notice, before, after }
}

/// Subject, plain text and HTML of a notice; the first alert's KPI fell lately.
fn write(told: &[Told], language: Language) -> (String, String, String) {
    let (catalog, kpis) = workspace(RULE);
    let (compiled, mistakes) = compile(&catalog, &kpis);
    assert!(mistakes.is_empty(), "{mistakes:?}");
    let levels = [90.0, 85.5, 81.0, 74.0, 58.33];
    let points = levels.iter().enumerate().map(|(place, level)| (at(15 * place as i64 - 30), Some(*level)));
    let trend = Trend { points: points.chain([(at(45), None)]).collect() };
    let request = NoticeRequest {
        rule: Rule {
            definition: &catalog.alerts["service_level_low"],
            compiled: &compiled["service_level_low"],
            kpis: &kpis,
            catalog: &catalog,
        },
        told,
        trends: &[(told[0].labels.clone(), trend)].into(),
        language,
        zone: catalog.settings.timezone,
        now: at(30),
    };
    let document = document(&request);
    (subject(&request), text::render(&document), email::render(&document, &Theme::default()).html)
}

#[track_caller]
fn check(name: &str, told: &[Told]) {
    for language in Language::ALL {
        let (subject, text, _) = write(told, language);
        insta::assert_snapshot!(format!("{name}_{}", language.code()), format!("{subject}\n\n{text}"));
    }
}

#[test]
fn notices_of_what_fires() {
    let unknown = AlertState {
        trouble: Some(Trouble { kind: TroubleKind::NoData, reason: "no rows".to_owned(), since: at(20) }),
        ..state(Phase::Firing, 0, None)
    };
    let milder = AlertState { told: Some(AlertSeverity::Warning), ..state(Phase::Firing, 10, Some(66.7)) };
    let begun = state(Phase::Firing, 30, Some(58.33));
    let told = [
        told("Billing", Some(Notice::Fired), state(Phase::Pending, 25, None), begun.clone()),
        told("Claims", Some(Notice::Escalated), milder.clone(), state(Phase::Firing, 10, Some(51.0))),
        told("Sales", Some(Notice::Eased), state(Phase::Firing, 10, Some(51.0)), milder),
        told("Support", None, unknown.clone(), unknown),
        // Who is silenced is not listed.
        told("Quiet", None, begun.clone(), AlertState { muted: Some("silenced".to_owned()), ..begun }),
    ];
    check("firing", &told);
}

#[test]
fn notices_of_what_is_over() {
    let before = state(Phase::Recovering, 25, Some(81.0));
    let over = told("Billing", Some(Notice::Resolved), before, state(Phase::Inactive, 30, Some(82.5)));
    check("over", std::slice::from_ref(&over));
    let before = state(Phase::Firing, 25, Some(61.0));
    check("hours_ended", &[told("Sales", Some(Notice::HoursEnded), before, state(Phase::Inactive, 30, Some(61.0)))]);
}

#[test]
fn subjects_name_the_first_few() {
    let check = |notice: Notice, queues: &[&str], expected: &str| {
        let firing = state(Phase::Firing, 0, Some(50.0));
        let told: Vec<Told> =
            queues.iter().map(|queue| told(queue, Some(notice), firing.clone(), firing.clone())).collect();
        assert_eq!(write(&told, Language::English).0, expected);
    };
    check(Notice::Fired, &["A", "B", "C"], "[CRITICAL] Service level is low: A, B, C, since 14:55");
    check(Notice::Eased, &["A"], "[EASED] Service level is low: A, since 14:55");
    check(Notice::Repeated, &["A", "B", "C", "D", "E"], "[STILL FIRING] Service level is low: A, B, C +2, since 14:55");
    check(Notice::Resolved, &["A"], "[RESOLVED] Service level is low: A, since 14:55");
    let long = "очередь ".repeat(20);
    let short: String = long.chars().take(39).collect();
    check(Notice::Fired, &[&long], &format!("[CRITICAL] Service level is low: {short}…, since 14:55"));
}

#[test]
fn labels_are_text_and_never_markup() {
    let firing = state(Phase::Firing, 0, Some(50.0));
    let told = [told("<script>alert('1')</script>\r\n**x**", Some(Notice::Fired), firing.clone(), firing)];
    let (_, text, html) = write(&told, Language::English);
    assert!(!html.contains("<script>"), "{html}");
    assert!(html.contains("&lt;script&gt;"), "{html}");
    assert!(text.contains("<script>alert('1')</script> **x**"), "{text}");
    // What can be pasted into a shell stays one word there.
    assert!(
        silence_command(&workspace(RULE).0.alerts["service_level_low"], &told)
            .contains(r"'queue=<script>alert('\''1'\''")
    );
}

#[test]
fn whoever_looks_after_rules_is_told_what_is_wrong() {
    let (catalog, _) = workspace(RULE);
    let failed =
        Trouble { kind: TroubleKind::Error, reason: "the source `pbx` cannot be reached".to_owned(), since: at(20) };
    let silent = Trouble { kind: TroubleKind::NoData, reason: "no rows in the window".to_owned(), since: at(10) };
    for language in Language::ALL {
        let request = TroubleRequest {
            troubles: &[("service_level_low", &failed), ("no_calls", &silent), ("other", &silent)],
            catalog: &catalog,
            language,
            zone: catalog.settings.timezone,
            now: at(30),
        };
        let text = text::render(&trouble_document(&request));
        let name = format!("trouble_{}", language.code());
        insta::assert_snapshot!(name, format!("{}\n\n{text}", trouble_subject(&request)));
    }
}
