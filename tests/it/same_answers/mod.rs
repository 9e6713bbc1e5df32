//! Random formulas over random rows by random groupings: every database gives the answers that are computed row by row
//! from the rows themselves, whichever way the database stores its instants.

mod formula;
mod reference;
mod rows;

use std::collections::BTreeMap;
use std::fmt::Write;

use callbrief::kpi::{Detail, GroupKey, KpiSet, Origin, Part, Question, Reading, RowCounts};
use callbrief::pipeline::{Sources, measure};
use callbrief::time::{Bucket, Frame, Window};
use callbrief::workspace::{Grouping, WorkspaceFiles, load_files};
use chrono_tz::Tz;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};

use crate::databases::{TestDatabase, each};
use formula::Formula;
use rows::{Row, Storage};

/// One experiment.
#[derive(Clone, Debug)]
struct Case {
    zone: Tz,
    window: Window,
    rows: Vec<Row>,
    storage: Storage,
    formulas: Vec<Formula>,
    groupings: Vec<Vec<Grouping>>,
}

fn case() -> impl Strategy<Value = Case> {
    let by = || {
        let dimension = prop::sample::select(vec!["queue", "agent"]);
        let bucket = prop::sample::select(Bucket::ALL.to_vec());
        prop_oneof![
            dimension.prop_map(|column| Grouping::Dimension(column.to_owned())),
            bucket.prop_map(Grouping::Time),
        ]
    };
    let groupings = prop::collection::vec(
        prop_oneof![3 => by().prop_map(|by| vec![by]), 1 => [by(), by()].prop_map(Vec::from)],
        1..4,
    );
    let what = (prop::sample::select(Storage::all()), prop::collection::vec(formula::formula(), 1..7), groupings);
    (rows::window(), what).prop_flat_map(|((zone, window), (storage, formulas, mut groupings))| {
        groupings.insert(0, Vec::new());
        groupings.iter_mut().for_each(|by| by.dedup());
        let case =
            move |rows| Case { zone, window, rows, storage, formulas: formulas.clone(), groupings: groupings.clone() };
        rows::rows(window).prop_map(case)
    })
}

/// The settings with every engine as a source of its own name, and the datasets of this case.
fn workspace(databases: &[TestDatabase], case: &Case) -> WorkspaceFiles {
    let mut settings = "timezone: UTC\nlocale: en\njournal: { url: \"sqlite:journal.db\" }\n\
                        mail: { from: \"Reports <reports@example.com>\", transport: folder, folder: outbox }\nsources:\n"
        .to_owned();
    let (mut datasets, mut kpis) = (Vec::new(), "kpis:\n".to_owned());
    for database in databases {
        let name = format!("{:?}", database.engine).to_lowercase();
        writeln!(settings, "  {name}: {{ url: \"${{DATABASE:-{}}}\" }}", database.absolute_url()).unwrap();
        let (column, stored) = (case.storage.column(), case.storage.declared(database.engine));
        let dataset = format!(
            "dataset: {name}\nsource: {name}\ntime: at\n\
             query: SELECT {column} AS at, queue, agent, answered, resolved, wait_s, price, score FROM calls\n\
             columns:\n  at: {stored}\n  queue: text\n  agent: text\n  answered: bool\n  resolved: bool\n  \
             wait_s: duration\n  price: number\n  score: number\n"
        );
        datasets.push((format!("rules/datasets/{name}.yaml"), dataset));
        for (index, formula) in case.formulas.iter().enumerate() {
            let formula = serde_json::to_string(&formula.written()).unwrap();
            writeln!(kpis, "  {name}_{index}: {{ dataset: {name}, unit: number, formula: {formula} }}").unwrap();
        }
    }
    let mut texts = vec![("callbrief.yaml", settings.as_str()), ("rules/kpis/all.yaml", kpis.as_str())];
    texts.extend(datasets.iter().map(|(path, text)| (path.as_str(), text.as_str())));
    WorkspaceFiles::from_texts("", texts)
}

async fn check(databases: &[TestDatabase], sources: &mut Option<Sources>, case: &Case) -> Result<(), TestCaseError> {
    let loaded = load_files(&workspace(databases, case), &BTreeMap::new());
    let catalog = loaded.catalog.ok_or_else(|| TestCaseError::fail(format!("{:#?}", loaded.diagnostics)))?;
    // The sources are the same in each case, only the rules differ.
    let sources = match sources {
        Some(sources) => sources,
        None => sources.insert(Sources::connect(&catalog).await),
    };
    let (kpis, mistakes) = KpiSet::compile(&catalog);
    prop_assert!(loaded.diagnostics.is_empty() && mistakes.is_empty(), "{:?} {mistakes:?}", loaded.diagnostics);
    for database in databases {
        database.write(&rows::filled(database.engine, &case.rows)).await;
    }
    let readable: Vec<Row> =
        case.rows.iter().map(|row| Row { instant: case.storage.readable(row.instant), ..row.clone() }).collect();
    for database in databases {
        let name = format!("{:?}", database.engine).to_lowercase();
        let ids: Vec<String> = (0..case.formulas.len()).map(|index| format!("{name}_{index}")).collect();
        let questions = case
            .groupings
            .iter()
            .map(|by| Question { by: by.clone(), kpis: ids.clone(), detail: EXPLAINED, ..Question::default() })
            .collect();
        let frame = Frame::Rolling { window: case.window, zone: case.zone };
        let measured = measure(&kpis, &catalog, sources, frame, questions).await;
        for (by, result) in case.groupings.iter().zip(&measured.snapshot.results) {
            let expected = reference::answers(&readable, case.window, case.zone, by, &case.formulas);
            let found: BTreeMap<&GroupKey, &Vec<Reading>> = result.groups.iter().collect();
            let names = |by: &[Grouping]| by.iter().map(|by| by.name().to_owned()).collect::<Vec<_>>();
            prop_assert!(
                found.keys().copied().eq(expected.keys()),
                "{name} by {:?}: groups {:?} instead of {:?}",
                names(by),
                found.keys(),
                expected.keys()
            );
            for (key, readings) in found {
                for ((reading, expected), formula) in readings.iter().zip(&expected[key]).zip(&case.formulas) {
                    prop_assert!(
                        is_same(reading, *expected, formula),
                        "{name} by {:?}, {key:?}: {} is {reading:?} instead of {expected:?}\n{}",
                        names(by),
                        formula.written(),
                        measured.sent.iter().map(|sent| sent.statement.sql.as_str()).collect::<Vec<_>>().join(";\n")
                    );
                }
            }
            let expected = reference::counts(&readable, case.window, case.zone, by, &case.formulas);
            for group in measured.snapshot.explained.iter().filter(|group| group.by == *by) {
                for ((kpi, expected), formula) in group.kpis.iter().zip(&expected[&group.key]).zip(&case.formulas) {
                    let Some(Part { origin: Origin::Rows { counts: Some(counts), .. }, .. }) = kpi.parts.first() else {
                        return Err(TestCaseError::fail(format!("{kpi:?} counts no rows")));
                    };
                    let RowCounts { all, entered, outside, missing, .. } = *counts;
                    prop_assert!(
                        (entered, outside) == *expected && entered + outside + missing == all,
                        "{name} by {:?}, {:?}: {counts:?} instead of {expected:?} for {}",
                        names(by),
                        group.key,
                        formula.written()
                    );
                }
            }
        }
    }
    Ok(())
}

/// So that the rows of each part are counted, too.
const EXPLAINED: Detail = Detail::Explained { groups: usize::MAX };

/// Counts, extremes and percentiles are exact; sums depend on the order of their terms in the last digits.
fn is_same(reading: &Reading, expected: Option<f64>, formula: &Formula) -> bool {
    match (reading, expected) {
        (Reading::Value(value), Some(expected)) => match formula.function {
            "sum" | "avg" | "stddev" => (value - expected).abs() <= 1e-9 * expected.abs().max(1e3),
            _ => *value == expected,
        },
        (Reading::NoData, None) => true,
        _ => false,
    }
}

#[test]
fn every_database_answers_like_the_rows_themselves() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let databases = runtime.block_on(each(callbrief::source::Limits::default(), rows::table));
    let config = Config { cases: cases(), failure_persistence: None, max_shrink_iters: 300, ..Config::default() };
    let sources = std::cell::RefCell::new(None);
    let result = TestRunner::new(config)
        .run(&case(), |case| runtime.block_on(check(&databases, &mut sources.borrow_mut(), &case)));
    if let Err(failure) = result {
        panic!("{failure}");
    }
}

/// How many experiments are made; more of them than usual when something was changed in how formulas become SQL.
fn cases() -> u32 {
    #[expect(clippy::disallowed_methods, reason = "set by hand or by tests/run")]
    let cases = std::env::var("CALLBRIEF_TEST_CASES");
    cases.map_or(300, |cases| cases.parse().unwrap())
}
