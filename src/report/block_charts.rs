//! What a `chart` block may ask for: which groupings, how many KPIs and which lines go with each kind of chart.

use super::block_spec::{ChartSpec, ChartSpecKind};
use super::blocks::Resolver;
use super::chart::ChartChoice;
use crate::diagnostics::{Code, Diagnostic};
use crate::locale::Unit;
use crate::workspace::{DataDefinition, Grouping, KpiDefinition};

/// What the chart shows, or all that is wrong with it; `kpis` are the block's KPIs and their definitions.
pub(super) fn choice<'a>(
    resolver: &Resolver<'_>,
    spec: &'a ChartSpec,
    data: &DataDefinition,
    (kpis, definitions): (&'a [&'a str], &[&KpiDefinition]),
) -> Result<ChartChoice<'a>, Vec<Diagnostic>> {
    let mistakes = Mistakes { resolver, data }.of(spec, definitions);
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    let usually = spec.kind == ChartSpecKind::Bullet;
    Ok(ChartChoice {
        kind: spec.kind.into(),
        kpis,
        target: spec.target.unwrap_or(usually),
        previous: spec.previous.unwrap_or(usually),
        title: spec.title.as_deref(),
    })
}

struct Mistakes<'a> {
    resolver: &'a Resolver<'a>,
    data: &'a DataDefinition,
}

impl Mistakes<'_> {
    fn of(&self, spec: &ChartSpec, definitions: &[&KpiDefinition]) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        if let Some(other) = definitions.iter().find(|definition| definition.unit != definitions[0].unit) {
            let message = format!("`{}` and `{}` have different units", definitions[0].id.value, other.id.value);
            let hint = "draw them in two charts: one axis cannot show both";
            found.push(self.resolver.mistake(Code::BadBlock, message, &other.id.value).hint(hint));
        }
        match spec.kind {
            ChartSpecKind::Line | ChartSpecKind::Bar => {}
            ChartSpecKind::Stacked => self.stacked(spec, definitions, &mut found),
            ChartSpecKind::Heatmap => self.heat_map(spec, definitions, &mut found),
            ChartSpecKind::Bullet => self.bullet(definitions, &mut found),
        }
        found
    }

    fn stacked(&self, spec: &ChartSpec, definitions: &[&KpiDefinition], found: &mut Vec<Diagnostic>) {
        if let Some(share) = definitions.iter().find(|definition| definition.unit == Unit::Percent) {
            let message = format!("`{}` is a percentage and cannot be stacked", share.id.value);
            let hint = "parts make a whole only where something is counted; draw percentages as lines or bars";
            found.push(self.resolver.mistake(Code::BadBlock, message, &share.id.value).hint(hint));
        }
        match (self.data.by.len(), definitions.len()) {
            (2, 1) | (1, 2..) => {}
            (2, _) => found.push(self.too_many_kpis("a stacked chart of two groupings shows one KPI")),
            _ => {
                let hint = "group it by the bars and their parts, as in `by: [day, queue]`, or name several `kpis:`";
                found.push(self.groupings("stacked", hint));
            }
        }
        self.no_lines("a stacked chart", spec, found);
    }

    fn heat_map(&self, spec: &ChartSpec, definitions: &[&KpiDefinition], found: &mut Vec<Diagnostic>) {
        if self.data.by.len() != 2 {
            let hint = "a heat map needs two groupings: its rows, then its columns, as in `by: [weekday, hour_of_day]`";
            found.push(self.groupings("heatmap", hint));
        }
        if definitions.len() > 1 {
            found.push(self.too_many_kpis("a heat map shows one KPI"));
        }
        self.no_lines("a heat map", spec, found);
    }

    fn bullet(&self, definitions: &[&KpiDefinition], found: &mut Vec<Diagnostic>) {
        if !matches!(self.data.by.as_slice(), [by] if matches!(by.value, Grouping::Dimension(_))) {
            let hint = "a bullet chart has a bar for each name, as in `by: [queue]`; draw a course of time as a line";
            found.push(self.groupings("bullet", hint));
        }
        if definitions.len() > 1 {
            found.push(self.too_many_kpis("a bullet chart shows one KPI"));
        }
    }

    fn groupings(&self, kind: &str, hint: &str) -> Diagnostic {
        let names: Vec<&str> = self.data.by.iter().map(|by| by.value.name()).collect();
        let name = &self.data.name.value;
        let message = match names.as_slice() {
            [] => format!("the data block `{name}` has no grouping, which a `{kind}` chart needs"),
            names => format!("the data block `{name}` is by {}, which is not for a `{kind}` chart", names.join(", ")),
        };
        self.resolver.mistake(Code::BadBlock, message, name).hint(hint)
    }

    fn too_many_kpis(&self, message: &str) -> Diagnostic {
        let hint = "name it by `kpi:`, and draw the others in charts of their own";
        self.resolver.mistake(Code::BadBlock, message.to_owned(), "kpis").hint(hint)
    }

    /// Lines that a chart has no place for must not be left out in silence.
    fn no_lines(&self, chart: &str, spec: &ChartSpec, found: &mut Vec<Diagnostic>) {
        let asked = [("target", spec.target), ("previous", spec.previous)];
        for (key, _) in asked.into_iter().filter(|(_, asked)| *asked == Some(true)) {
            let message = format!("{chart} has no place for `{key}`");
            found.push(self.resolver.mistake(Code::BadBlock, message, key).hint(format!("remove `{key}`")));
        }
    }
}
