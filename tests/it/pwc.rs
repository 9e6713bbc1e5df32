//! Real input: a published file of 5,000 calls, imported and evaluated by the shipped KPIs, gives the published figures.
//! The file is not part of the repository; without it this test says so and passes.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::program::{copy, kpi_groups, kpi_total, succeeded};

const FILE: &str = "pwc_call_center_trends_5000.csv";
const PERIOD: [&str; 2] = ["--period", "2021-01-01..2021-03-31"];
/// A threshold in seconds, the calls answered within it and those answered before it, and two variants.
const SERVICE_LEVELS: [(u32, &str, &str, &str, &str); 5] = [
    (20, "374", "342", "9.23", "7.48"),
    (30, "751", "720", "18.52", "15.02"),
    (60, "1796", "1766", "44.30", "35.92"),
    (90, "2822", "2796", "69.61", "56.44"),
    (120, "3878", "3838", "95.66", "77.56"),
];
const TOTALS: [(&str, &str); 20] = [
    ("offered", "5000"),
    ("answered", "4054"),
    ("abandoned", "946"),
    ("answer_rate", "81.08"),
    ("abandon_rate", "18.92"),
    ("resolved", "3646"),
    ("resolution_of_all", "72.92"),
    // Nobody is known to have called twice, so every answered call is a first contact.
    ("first_contact_resolution", "89.94"),
    // Not 54.75, which counts the unanswered calls as answered at once.
    ("asa", "67.52"),
    ("talk_time", "224.92"),
    ("csat", "49.90"),
    ("csat_mean", "3.4036"),
    ("csat_share", "68.07"),
    ("dsat", "20.05"),
    ("csat_answers", "4054"),
    ("rating_1", "417"),
    ("rating_2", "396"),
    ("rating_3", "1218"),
    ("rating_4", "1180"),
    ("rating_5", "843"),
];
/// What the file does not hold.
const UNKNOWN: [&str; 5] = ["aht", "hold_time", "wrap_time", "nps", "ces"];
const AGENT_KPIS: [&str; 7] = ["offered", "answered", "resolved", "resolution_of_all", "asa", "talk_time", "csat_mean"];
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
const COUNTS: [&str; 3] = ["offered", "answered", "resolved"];
const MONTHS: [(&str, [&str; 3]); 3] = [
    ("2021-01-01", ["1772", "1455", "1311"]),
    ("2021-02-01", ["1616", "1298", "1161"]),
    ("2021-03-01", ["1612", "1301", "1174"]),
];
const TOPICS: [(&str, [&str; 3]); 5] = [
    ("Admin Support", ["976", "795", "723"]),
    ("Contract related", ["976", "789", "709"]),
    ("Payment related", ["1007", "818", "729"]),
    ("Streaming", ["1022", "847", "749"]),
    ("Technical Support", ["1019", "805", "736"]),
];
const WEEKDAYS: [(&str, [&str; 2]); 7] = [
    ("1", ["770", "629"]),
    ("2", ["675", "554"]),
    ("3", ["679", "544"]),
    ("4", ["712", "579"]),
    ("5", ["680", "546"]),
    ("6", ["768", "614"]),
    ("7", ["716", "588"]),
];
const HOURS: [(&str, [&str; 2]); 10] = [
    ("9", ["547", "436"]),
    ("10", ["529", "432"]),
    ("11", ["590", "481"]),
    ("12", ["547", "431"]),
    ("13", ["594", "484"]),
    ("14", ["499", "406"]),
    ("15", ["531", "435"]),
    ("16", ["566", "462"]),
    ("17", ["583", "475"]),
    ("18", ["14", "12"]),
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

/// Compares KPIs by a grouping with what was published of each group.
fn check_groups<const N: usize>(workspace: &Path, by: &str, kpis: [&str; N], published: &[(&str, [&str; N])]) {
    let groups = kpi_groups(workspace, &[&PERIOD[..], &["--by", by], &kpis].concat());
    assert_eq!(groups.len(), published.len(), "{by}");
    for ((group, values), (name, figures)) in groups.iter().zip(published) {
        let key = group[by].as_str().map_or_else(|| group[by].to_string(), str::to_owned);
        assert_eq!(key, *name, "{by}");
        for (kpi, figure) in kpis.iter().zip(figures) {
            check(values, kpi, figure, name);
        }
    }
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
    for shipped in ["rules/datasets", "rules/kpis", "rules/functions"] {
        copy(shipped, &workspace.join(shipped));
    }
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
    // Offline: of the shipped datasets this database has the calls only.
    assert!(succeeded(workspace, &["check", "--offline"]).starts_with("no mistakes: "));

    let kpis = TOTALS.iter().map(|(kpi, _)| *kpi).chain(UNKNOWN);
    let total = kpi_total(workspace, &PERIOD.into_iter().chain(kpis).collect::<Vec<_>>());
    for (kpi, published) in TOTALS {
        check(&total, kpi, published, "all");
    }
    for kpi in UNKNOWN {
        assert!(total[kpi]["value"].is_null() && total[kpi].get("error").is_none(), "{kpi}: {}", total[kpi]);
    }
    for (threshold, within, below, answered_only, all_offered) in SERVICE_LEVELS {
        let ask = |threshold: u32| {
            let set = format!("--set=sl_threshold={threshold}");
            let kpis = ["in_time", "service_level_answered_only", "service_level_all_offered", "service_level"];
            kpi_total(workspace, &[&PERIOD[..], &[set.as_str()], &kpis].concat())
        };
        let (at, one_less) = (ask(threshold), ask(threshold - 1));
        check(&at, "in_time", within, "all");
        // Waits are whole seconds, so less than a threshold is at most one second less.
        check(&one_less, "in_time", below, "all");
        check(&at, "service_level_answered_only", answered_only, "all");
        check(&at, "service_level_all_offered", all_offered, "all");
        check(&at, "service_level", all_offered, "all");
    }
    check_groups(workspace, "agent", AGENT_KPIS, &AGENTS);
    check_groups(workspace, "month", COUNTS, &MONTHS);
    check_groups(workspace, "queue", COUNTS, &TOPICS);
    check_groups(workspace, "weekday", ["offered", "answered"], &WEEKDAYS);
    check_groups(workspace, "hour_of_day", ["offered", "answered"], &HOURS);
}
