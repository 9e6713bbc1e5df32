//! The sources of a workspace, connected; one that cannot be reached does not stop the others.

use std::collections::BTreeMap;

use crate::source::{Dialect, Source, SourceError};
use crate::workspace::{Catalog, RecipientGroup};

/// Every source of a workspace, or why it cannot be reached.
pub struct Sources {
    sources: BTreeMap<String, Result<Source, SourceError>>,
}

impl Sources {
    /// Connects to every source that a dataset or a group of recipients uses.
    pub async fn connect(catalog: &Catalog) -> Self {
        let mut sources = BTreeMap::new();
        for (name, definition) in &catalog.settings.sources {
            let has_data = catalog.datasets.values().any(|dataset| dataset.source.value == *name);
            let has_recipients = catalog.recipients.values().any(|group| match group {
                RecipientGroup::Queried(query) => query.source.value == *name,
                RecipientGroup::Listed(_) => false,
            });
            if has_data || has_recipients {
                sources.insert(name.clone(), Source::connect(name, &definition.database, &catalog.root).await);
            }
        }
        Self { sources }
    }

    /// Sources that are open already.
    pub fn of(sources: impl IntoIterator<Item = Source>) -> Self {
        Self { sources: sources.into_iter().map(|source| (source.name().to_owned(), Ok(source))).collect() }
    }

    /// The source of this name.
    pub fn get(&self, name: &str) -> Option<&Result<Source, SourceError>> {
        self.sources.get(name)
    }

    /// Each source's dialect, or in words why it cannot be reached.
    pub fn dialects(&self) -> BTreeMap<String, Result<Dialect, String>> {
        let dialect = |source: &Result<Source, SourceError>| match source {
            Ok(source) => Ok(source.dialect()),
            Err(error) => Err(error.to_string()),
        };
        self.sources.iter().map(|(name, source)| (name.clone(), dialect(source))).collect()
    }

    /// Whether some source could not be reached for a reason that may pass.
    pub fn is_temporary_failure(&self) -> bool {
        self.sources.values().any(|source| source.as_ref().is_err_and(SourceError::is_temporary))
    }

    /// Closes every connection.
    pub async fn close(self) {
        for source in self.sources.into_values().flatten() {
            source.close().await;
        }
    }
}
