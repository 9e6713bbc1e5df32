//! `rules/reports/*.yaml` as [`ReportDefinition`]s. The tree was compared with `shapes` before.

use std::path::Path;

use chrono::TimeDelta;
use chrono_tz::Tz;

use super::definition::OnUnknown;
use super::definition::{
    Compare, CompleteBy, DataDefinition, Format, Misfire, ReportDefinition, ScheduleDefinition, WhenEmpty,
};
use super::read_kpis::plain;
use super::yaml::{Entry, Node};
use super::{read_pdf, values};
use crate::diagnostics::{Diagnostic, Spanned};

/// Where reports are defined.
pub(super) const PLACE: &str = "rules/reports/";
/// The key their ids stand under.
pub(super) const KEY: &str = "reports";

/// How late a missed instant may be made up for when the schedule does not say.
const USUAL_CATCHUP: TimeDelta = TimeDelta::days(1);

/// Reads a report; `zone` is the workspace's, for schedules that name none. A password in a file of its own is read here,
/// with the root as the folder of relative paths.
pub(super) fn report(
    entry: &Entry,
    zone: Tz,
    root: &Path,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<ReportDefinition> {
    let node = &entry.value;
    let items = |key: &str| node.get(key).map_or(&[][..], Node::items).iter();
    let data = node.get("data").map_or(&[][..], Node::entries).iter().map(data_block).collect::<Option<Vec<_>>>()?;
    let formats = items("formats").map(format).collect::<Option<Vec<_>>>()?;
    let attach = node.get("attach").map(|node| node.items().iter().map(format).collect::<Option<Vec<_>>>());
    Some(ReportDefinition {
        id: entry.key.clone(),
        title: node.get("title").map_or_else(|| Some(plain(&entry.key.value)), values::localized)?,
        schedule: match node.get("schedule") {
            Some(node) => Some(schedule(node, zone)?),
            None => None,
        },
        period: node.get("period").and_then(values::period)?.ok()?,
        compare: match word(node, "compare").as_deref() {
            Some("previous_period") => Compare::PreviousPeriod,
            Some("previous_week") => Compare::PreviousWeek,
            Some("previous_year") => Compare::PreviousYear,
            _ => Compare::Nothing,
        },
        template: node.get("template").and_then(values::text)?,
        data: data.into_iter().map(|data| (data.name.value.clone(), data)).collect(),
        formats: match formats.as_slice() {
            [] => vec![Format::Html, Format::Pdf],
            formats => formats.iter().map(|format| format.value).collect(),
        },
        attach: match attach {
            Some(formats) => Some(formats?),
            None => None,
        },
        pdf: read_pdf::pdf(entry, root, diagnostics)?,
        recipients: items("recipients").map(values::text).collect::<Option<_>>()?,
        owner: node.get("owner").and_then(values::text),
        on_unknown: word(node, "on_unknown").map(|word| OnUnknown::of(&word)),
        language: node.get("language").and_then(values::language),
        only_if: node.get("only_if").and_then(values::formula),
        when_empty: match node.get("skip_when_empty").and_then(values::yes_or_no) {
            Some(true) => WhenEmpty::Skip,
            _ => WhenEmpty::Send,
        },
        complete_by: match node.get("complete_by") {
            Some(node) => Some(complete_by(node)?),
            None => None,
        },
    })
}

fn complete_by(node: &Node) -> Option<CompleteBy> {
    Some(CompleteBy {
        data: node.get("data")?.items().iter().map(values::text).collect::<Option<_>>()?,
        deadline: node.get("deadline").and_then(values::time_of_day)?,
        tolerance: node.get("tolerance").and_then(values::duration),
    })
}

fn schedule(node: &Node, zone: Tz) -> Option<ScheduleDefinition> {
    Some(ScheduleDefinition {
        cron: node.get("cron").and_then(values::text)?,
        timezone: node.get("timezone").map_or(Some(zone), values::zone)?,
        misfire: match word(node, "misfire").as_deref() {
            Some("fire_all") => Misfire::FireAll,
            Some("skip") => Misfire::Skip,
            _ => Misfire::FireOnce,
        },
        catchup_window: node.get("catchup_window").map_or(Some(USUAL_CATCHUP), values::duration)?,
    })
}

fn data_block(entry: &Entry) -> Option<DataDefinition> {
    let node = &entry.value;
    Some(DataDefinition {
        name: entry.key.clone(),
        kpis: node.get("kpis")?.items().iter().map(values::text).collect::<Option<_>>()?,
        by: node.get("by").map_or(&[][..], Node::items).iter().map(values::grouping).collect::<Option<_>>()?,
        sort: node.get("sort").and_then(values::text),
        limit: node.get("limit").and_then(values::integer).and_then(|limit| usize::try_from(limit).ok()),
        periods: node.get("periods").and_then(values::integer).and_then(|periods| u32::try_from(periods).ok()),
    })
}

fn format(node: &Node) -> Option<Spanned<Format>> {
    let word = values::text(node)?;
    Some(Spanned::new(Format::parse(&word.value)?, word.span))
}

fn word(node: &Node, key: &str) -> Option<String> {
    node.get(key).and_then(values::text).map(|word| word.value)
}
