//! `callbrief kpi`: which KPIs of which period are asked for, by what. How the answer looks is in `kpi_answer`.

use std::collections::BTreeMap;

use anyhow::bail;
use clap::Args;

use super::Verdict;
use super::kpi_answer::{Answer, totals};
use super::kpi_explained;
use super::parameter_values;
use super::session::{Session, print};
use crate::diagnostics::nearest;
use crate::kpi::{Detail, Question, Reading};
use crate::locale::format_period;
use crate::pipeline::{Sources, Workspace, measure, rows_without_time};
use crate::time::{Bucket, Frame, Period, PeriodName};
use crate::workspace::{ColumnKind, Grouping};

#[derive(Debug, Args)]
pub(super) struct KpiArguments {
    /// The KPIs; when none is named, all that can be grouped so
    ids: Vec<String>,
    /// The period: `previous_week`, yesterday, 2026-W46, 2026-11, 2026-11-01..2026-11-15, …
    #[arg(long, short, default_value = "previous_week")]
    period: String,
    /// Rows by dimensions (queue, agent, …) or time (hour, day, week, month, `hour_of_day`, weekday)
    #[arg(long, value_delimiter = ',', value_name = "GROUPING")]
    by: Vec<String>,
    /// Another value for a parameter, in this run only; may be given more than once
    #[arg(long = "set", value_name = "NAME=NUMBER", value_parser = parameter_values::parse)]
    values: Vec<(String, f64)>,
    /// As JSON
    #[arg(long, conflicts_with = "sql")]
    json: bool,
    /// How each number came about: formula, parts, rows counted and left out, window
    #[arg(long)]
    explain: bool,
    /// The SQL that was sent
    #[arg(long)]
    sql: bool,
}

pub(super) async fn run(session: &Session, arguments: &KpiArguments) -> anyhow::Result<Verdict> {
    let name = match PeriodName::parse(&arguments.period) {
        Ok(name) => name,
        Err(reason) => bail!("--period {:?}: {reason}", arguments.period),
    };
    let values = parameter_values::collected(&arguments.values);
    let workspace = session.workspace_with(&values)?;
    parameter_values::must_be_known(&values, &workspace.catalog)?;
    let period = name.at(session.clock.now(), workspace.catalog.settings.timezone);
    let by = groupings(&workspace, &arguments.by)?;
    let kpis = wanted(&workspace, &arguments.ids, &by)?;
    let sources = Sources::connect(&workspace.catalog).await;
    let detail = match (arguments.explain, arguments.json) {
        (false, _) => Detail::Values,
        (true, true) => Detail::Explained { groups: usize::MAX },
        (true, false) => Detail::Explained { groups: kpi_explained::MOST_GROUPS },
    };
    let ask = |period: &Period| {
        let questions = vec![Question { by: by.clone(), kpis: kpis.clone(), detail, ..Question::default() }];
        measure(&workspace.kpis, &workspace.catalog, &sources, Frame::Period(period.clone()), questions)
    };
    let current = ask(&period).await;
    let shown = Answer { workspace: &workspace, period: &period, current: &current };
    let without_time = match detail {
        Detail::Values => BTreeMap::new(),
        Detail::Explained { .. } => rows_without_time(&workspace.catalog, &sources, &current.snapshot).await,
    };
    if arguments.json {
        print(&serde_json::to_string_pretty(&shown.json(&without_time))?)?;
    } else if arguments.explain {
        print(kpi_explained::explained(&shown, &without_time).trim_end())?;
    } else if arguments.sql {
        print(shown.statements().trim_end())?;
    } else {
        let previous = if by.is_empty() { Some(ask(&period.previous()).await) } else { None };
        print(&format_period(&period, shown.language()))?;
        print(&match &previous {
            Some(previous) => totals(&workspace, &kpis, &current.snapshot, Some(&previous.snapshot)),
            None => shown.grouped(),
        })?;
    }
    sources.close().await;
    let of_groups = current.snapshot.results.iter().flat_map(|result| result.groups.values().flatten());
    let failed = of_groups.chain(current.without_rows.iter().flatten());
    Ok(if failed.into_iter().any(|reading| matches!(reading, Reading::Failed(_))) {
        Verdict::Found
    } else {
        Verdict::Fine
    })
}

fn wanted(workspace: &Workspace, ids: &[String], by: &[Grouping]) -> anyhow::Result<Vec<String>> {
    for id in ids {
        if !workspace.catalog.kpis.contains_key(id) {
            let near = nearest(id, workspace.catalog.kpis.keys().map(String::as_str));
            let hint = near.map_or_else(String::new, |near| format!("\nhelp: did you mean `{near}`?"));
            bail!("there is no KPI `{id}`{hint}");
        }
    }
    if !ids.is_empty() {
        return Ok(ids.to_vec());
    }
    // Unnamed KPIs that have no such rows are left out; named ones would say why they fail.
    let fits = |id: &&String| workspace.kpis.can_be_grouped(&workspace.catalog, id, by);
    Ok(workspace.catalog.kpis.keys().filter(fits).cloned().collect())
}

fn groupings(workspace: &Workspace, names: &[String]) -> anyhow::Result<Vec<Grouping>> {
    let columns: Vec<&str> = workspace
        .catalog
        .datasets
        .values()
        .flat_map(|dataset| dataset.columns.values())
        .filter(|column| column.kind == ColumnKind::Text)
        .map(|column| column.name.value.as_str())
        .collect();
    let read = |name: &String| match Grouping::parse(name) {
        Grouping::Dimension(column) if !columns.contains(&column.as_str()) => {
            let buckets = Bucket::ALL.map(Bucket::name);
            let hint = nearest(name, columns.iter().copied().chain(buckets))
                .map_or_else(String::new, |near| format!("\nhelp: did you mean `{near}`?"));
            bail!("there is no text column and no time bucket `{name}` to group by{hint}")
        }
        grouping => Ok(grouping),
    };
    names.iter().map(read).collect()
}
