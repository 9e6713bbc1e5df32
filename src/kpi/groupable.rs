//! Which groupings a KPI can be answered by. Whether there are rows, and what they give, is not asked here.

use super::compile::KpiSet;
use crate::formula::Elsewhere;
use crate::workspace::{Catalog, Grouping};

impl KpiSet {
    /// Whether every dataset this KPI is computed from has the dimensions; a part that is taken across one needs that one
    /// not.
    pub fn can_be_grouped(&self, catalog: &Catalog, kpi: &str, by: &[Grouping]) -> bool {
        // A KPI with a mistake says so, however it is grouped.
        let Some(compiled) = self.kpis.get(kpi) else { return true };
        let has_dimensions = |dataset: &String| {
            let columns = catalog.datasets.get(dataset).map(|definition| &definition.columns);
            by.iter().all(|grouping| match grouping {
                Grouping::Dimension(column) => columns.is_some_and(|columns| columns.contains_key(column)),
                Grouping::Time(_) => true,
            })
        };
        let named = compiled.formula.names().iter().filter(|name| catalog.datasets.contains_key(*name));
        compiled.dataset.iter().chain(named).all(has_dimensions)
            && compiled.needs.iter().all(|needed| self.can_be_grouped(catalog, needed, by))
            && compiled.refers.iter().all(|reference| match &reference.place {
                Elsewhere::Previous | Elsewhere::WeeksAgo(_) => self.can_be_grouped(catalog, &reference.kpi, by),
                Elsewhere::Across(dimension) => {
                    let left = |grouping: &&Grouping| **grouping != Grouping::Dimension(dimension.to_string());
                    let by: Vec<Grouping> = by.iter().filter(left).cloned().collect();
                    self.can_be_grouped(catalog, &reference.kpi, &by)
                }
            })
    }
}
