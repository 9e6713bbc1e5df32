//! Real input: a published file of 5,000 calls, imported and evaluated by formulas in YAML, gives the published figures.
//! The file is not part of the repository; without it this test says so and passes.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::program::{copy, kpi_groups, kpi_total, succeeded};

const FILE: &str = "pwc_call_center_trends_5000.csv";
const PERIOD: [&str; 2] = ["--period", "2021-01-01..2021-03-31"];
/// The figures were computed with each wait up to and including the threshold, and below it.
const SERVICE_LEVELS: [(u32, u32, u32, &str, &str); 5] = [
    (20, 374, 342, "9.23", "7.48"),
    (30, 751, 720, "18.52", "15.02"),
    (60, 1_796, 1_766, "44.30", "35.92"),
    (90, 2_822, 2_796, "69.61", "56.44"),
    (120, 3_878, 3_838, "95.66", "77.56"),
];
const TOTALS: [(&str, &str); 20] = [
    ("calls", "5000"),
    ("answered", "4054"),
    ("unanswered", "946"),
    ("answer_rate", "81.08"),
    ("resolved", "3646"),
    ("resolution_of_all", "72.92"),
    ("resolution_of_all", "72.9"),
    ("resolution_of_answered", "89.94"),
    ("asa", "67.52"),
    ("talk_time", "224.92"),
    ("csat_mean", "3.4036"),
    ("csat_mean_share", "68.07"),
    ("csat_mean_share", "68.1"),
    ("csat_top_two", "49.90"),
    ("csat_bottom_two", "20.05"),
    ("rating_1", "417"),
    ("rating_2", "396"),
    ("rating_3", "1218"),
    ("rating_4", "1180"),
    ("rating_5", "843"),
];
const AGENT_KPIS: [&str; 7] = ["calls", "answered", "resolved", "resolution_of_all", "asa", "talk_time", "csat_mean"];
const AGENTS: [(&str, [&str; 7]); 8] = [
    ("Becky", ["631", "517", "462", "73.22", "65.33", "220.01", "3.371"]),
    ("Dan", ["633", "523", "471", "74.41", "67.28", "231.19", "3.447"]),
    ("Diane", ["633", "501", "452", "71.41", "66.27", "218.95", "3.405"]),
    ("Greg", ["624", "502", "455", "72.92", "68.44", "226.80", "3.404"]),
    ("Jim", ["666", "536", "485", "72.82", "66.34", "228.11", "3.394"]),
    ("Joe", ["593", "484", "436", "73.52", "70.99", "224.10", "3.331"]),
    ("Martha", ["638", "514", "461", "72.26", "69.49", "223.73", "3.471"]),
    ("Stewart", ["582", "477", "424", "72.85", "66.18", "226.21", "3.400"]),
];
const MONTHS: [(&str, [&str; 3]); 3] = [
    ("2021-01-01", ["1772", "1455", "1311"]),
    ("2021-02-01", ["1616", "1298", "1161"]),
    ("2021-03-01", ["1612", "1301", "1174"]),
];

/// The file, unless it is not on this machine.
fn file() -> Option<PathBuf> {
    let folder = std::env::var_os("CALLBRIEF_SHARED_DATA")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data"), PathBuf::from);
    Some(folder.join(FILE)).filter(|path| path.is_file())
}

/// Compares a value at the precision its published figure has.
fn check(values: &Value, kpi: &str, published: &str, whose: &str) {
    let value = values[kpi]["value"].as_f64().unwrap_or_else(|| panic!("{kpi} of {whose}: {}", values[kpi]));
    let decimals = published.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    assert_eq!(format!("{value:.decimals$}"), published, "{kpi} of {whose}, exactly {value}");
}

#[test]
#[expect(clippy::print_stderr, reason = "a test that is skipped must say so")]
fn the_published_figures_come_out() {
    let Some(file) = file() else {
        eprintln!(
            "SKIPPED: {FILE} is not here; put it into ../shared/data or name its folder in CALLBRIEF_SHARED_DATA"
        );
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let workspace = folder.path();
    copy("tests/workspaces/pwc", workspace);
    let told = succeeded(
        workspace,
        &[
            "import",
            file.to_str().unwrap(),
            "--table=calls",
            "--column=Answered (Y/N)=answered",
            "--column=Speed of answer in seconds=wait_s:duration",
            "--column=AvgTalkDuration=talk_s",
            "--column=Satisfaction rating=csat:number",
        ],
    );
    assert!(told.contains("5000 rows are in table calls"), "{told}");
    assert!(succeeded(workspace, &["check"]).starts_with("no mistakes: "));

    let total = kpi_total(workspace, &PERIOD);
    for (kpi, published) in TOTALS {
        check(&total, kpi, published, "all");
    }
    for (threshold, within, below, answered_only, all_offered) in SERVICE_LEVELS {
        check(&total, &format!("within_{threshold}"), &within.to_string(), "all");
        check(&total, &format!("below_{threshold}"), &below.to_string(), "all");
        check(&total, &format!("service_level_{threshold}_answered_only"), answered_only, "all");
        check(&total, &format!("service_level_{threshold}_all_offered"), all_offered, "all");
    }

    let agents = kpi_groups(workspace, &[&PERIOD[..], &["--by=agent"], &AGENT_KPIS].concat());
    assert_eq!(agents.len(), AGENTS.len());
    for ((group, values), (agent, published)) in agents.iter().zip(AGENTS) {
        assert_eq!(*group, json!({ "agent": agent }));
        for (kpi, published) in AGENT_KPIS.iter().zip(published) {
            check(values, kpi, published, agent);
        }
    }

    let months = kpi_groups(workspace, &[&PERIOD[..], &["--by=month", "calls", "answered", "resolved"]].concat());
    assert_eq!(months.len(), MONTHS.len());
    for ((group, values), (month, counted)) in months.iter().zip(MONTHS) {
        assert_eq!(*group, json!({ "month": month }));
        for (kpi, counted) in ["calls", "answered", "resolved"].iter().zip(counted) {
            check(values, kpi, counted, month);
        }
    }
}
