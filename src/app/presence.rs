//! A process's presence on the journal it shares with others: its name, and what a process of that name left behind.

use anyhow::bail;
use chrono::{DateTime, Utc};
use tracing::{info, warn};

use crate::journal::{Instance, Journal, JournalError};

/// The presence of this process.
pub(super) struct Presence {
    instance: Instance,
    /// Whether it is known that the name is not held at present.
    is_lost: bool,
}

impl Presence {
    /// Takes a name that no living process has, and takes back what the last process of that name had in hand.
    pub(super) async fn begin(journal: &Journal, machine: &str, now: DateTime<Utc>) -> Result<Self, JournalError> {
        let instance = journal.take_name(machine).await?;
        let freed = journal.take_back(instance.name(), now).await?;
        if freed > 0 {
            info!(instance = instance.name(), freed, "the process before this one ended in the middle of its work");
        }
        Ok(Self { instance, is_lost: false })
    }

    pub(super) fn name(&self) -> &str {
        self.instance.name()
    }

    /// Sees to it that the name is still ours: the database forgets it when it is started again. Fails when another process
    /// has it by now, as that one takes our work for its own.
    pub(super) async fn go_on(&mut self, journal: &Journal) -> anyhow::Result<()> {
        if self.instance.is_held().await {
            return Ok(());
        }
        match journal.take_this_name(self.name()).await {
            Ok(Some(instance)) => {
                info!(instance = instance.name(), "the journal is reached again");
                *self = Self { instance, is_lost: false };
            }
            Ok(None) => bail!("another process goes by the name `{}` since the journal was out of reach", self.name()),
            Err(failure) if !self.is_lost => {
                warn!(error = failure.to_string(), "the journal is out of reach");
                self.is_lost = true;
            }
            Err(_) => {}
        }
        Ok(())
    }
}
