//! What the headline says in the situations a call centre gets into, in both languages.

use super::*;

/// A week's totals and queues: offered, service level, abandon rate; offered and service level by queue.
struct Week<'a> {
    total: &'a str,
    queues: &'a [(&'a str, &'a str)],
}

const TEMPLATE: &str = "```headline\n```\n\n```kpis\n[service_level, abandon_rate, offered]\n```";

/// Three queues, of which the second one is bad.
const QUEUES: &[(&str, &str)] =
    &[("Sales", "5000 84"), ("Billing", "3000 61"), ("Support", "2000 79"), ("Night", "9 0")];
const BEFORE: Week<'_> =
    Week { total: "10100 81.3 4.1", queues: &[("Sales", "5100 84"), ("Billing", "2900 70"), ("Support", "2000 83")] };

fn case(template: &str, now: &Week<'_>, before: Option<&Week<'_>>) -> Case {
    let blocks = vec![data("by_queue", "queue", "offered service_level", Some("service_level"), None)];
    let total = before.map(|week| [("", week.total)]);
    let earlier: Vec<&[(&str, &str)]> =
        total.iter().map(|total| total.as_slice()).chain(before.map(|week| week.queues)).collect();
    let mut case = Case::new(&[("report.md", template)], blocks, &[&[("", now.total)], now.queues], &earlier);
    // The samples explain every total by ten thousand rows; here the calls that were offered are meant.
    case.current.explained.clear();
    if let Some(previous) = &mut case.previous {
        previous.explained.clear();
    }
    case
}

/// The headline, its mark and its remark, in both languages.
fn said(mut case: Case) -> String {
    let lines = Language::ALL.map(|language| {
        case.language = language;
        let document = case.build();
        let Some(Block::Headline(headline)) = document.blocks.first() else { return "nothing".to_owned() };
        let remark = headline.remark.as_ref().map(|remark| format!(" | {remark}")).unwrap_or_default();
        format!("{:?}: {}{remark}", headline.status, plain_text(&headline.text)).replace('\u{a0}', " ")
    });
    lines.join("\n")
}

#[test]
fn headlines() {
    let now = |total: &'static str, queues: &'static [(&'static str, &'static str)]| Week { total, queues };
    let good = &[("Sales", "5000 84"), ("Billing", "3000 83")];
    let cases = [
        ("fell short, one queue is to blame", case(TEMPLATE, &now("10000 78.2 4.0", QUEUES), Some(&BEFORE))),
        ("missed again and worse", {
            case(TEMPLATE, &now("10000 70 4.1", QUEUES), Some(&Week { total: "10000 74 4.1", ..BEFORE }))
        }),
        ("missed but better", {
            case(TEMPLATE, &now("10000 78 4.1", QUEUES), Some(&Week { total: "10000 70 4.1", ..BEFORE }))
        }),
        ("missed as before", {
            case(TEMPLATE, &now("10000 78.2 4.1", QUEUES), Some(&Week { total: "10000 78 4.1", ..BEFORE }))
        }),
        ("missed, nothing to compare with", case(TEMPLATE, &now("10000 78.2 4.1", QUEUES), None)),
        ("rose above its target, with good news", {
            case(TEMPLATE, &now("10000 84 6.5", good), Some(&Week { total: "10000 82 4", ..BEFORE }))
        }),
        ("many more calls", case(TEMPLATE, &now("15000 74 4.1", QUEUES), Some(&BEFORE))),
        ("one queue", case(TEMPLATE, &now("3000 61 4.1", &[("Billing", "3000 61")]), Some(&BEFORE))),
        ("all met, no news", case(TEMPLATE, &now("10000 81.4 4.1", good), Some(&BEFORE))),
        ("all met and better", case(TEMPLATE, &now("10000 86 4.1", good), Some(&BEFORE))),
        ("all met but in one queue", case(TEMPLATE, &now("10000 81.4 4.1", QUEUES), Some(&BEFORE))),
        ("twelve calls", case(TEMPLATE, &now("12 50 0", &[("Billing", "12 50")]), None)),
        ("a difference that chance explains", case(TEMPLATE, &now("200 78 4.1", &[]), Some(&BEFORE))),
        ("no calls", case(TEMPLATE, &now("0 - -", &[]), Some(&BEFORE))),
        ("a failed KPI", case(TEMPLATE, &now("10000 it_broke 4.1", &[]), Some(&BEFORE))),
        ("no target", case("```headline\n```\n{{ kpi.offered.text }}", &now("12000 78 4", &[]), Some(&BEFORE))),
        (
            "no target, no change",
            case("```headline\n```\n{{ kpi.offered.text }}", &now("10000 78 4", &[]), Some(&BEFORE)),
        ),
        ("no target, nothing before", case("```headline\n```\n{{ kpi.offered.text }}", &now("10000 78 4", &[]), None)),
    ];
    let said: Vec<String> = cases.into_iter().map(|(name, case)| format!("# {name}\n{}", said(case))).collect();
    insta::assert_snapshot!(said.join("\n\n"));
}
