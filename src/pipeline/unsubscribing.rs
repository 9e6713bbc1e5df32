//! How recipients get no more of something: what their mails say about it, and what happens when they follow the link.

use chrono::{DateTime, Utc};
use secrecy::SecretString;

use super::Workspace;
use super::undelivered::looks_after;
use crate::delivery::{Contact, Unsubscribe, UnsubscribeLink, link, verify};
use crate::journal::{Journal, JournalError, NewSuppression, SuppressionCause, SuppressionScope};
use crate::locale::{Language, text};

/// What the mails of a workspace say about getting no more of them.
pub(super) struct Unsubscribing<'a> {
    workspace: &'a Workspace,
    /// What links are signed with; none where the service is not reached from outside.
    key: Option<SecretString>,
}

/// Someone who unsubscribed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsubscribed {
    /// The address.
    pub address: String,
    /// What it does not get any more.
    pub scope: SuppressionScope,
}

impl<'a> Unsubscribing<'a> {
    /// With the journal's key, where there is use for it.
    pub(super) async fn of(workspace: &'a Workspace, journal: &Journal) -> Result<Self, JournalError> {
        let key = match workspace.catalog.settings.service.public_url {
            Some(_) => Some(journal.unsubscribe_key().await?),
            None => None,
        };
        Ok(Self { workspace, key })
    }

    /// For a mail of runs of this name to this address.
    pub(super) fn from(&self, run: &str, address: &str, language: Language) -> anyhow::Result<Unsubscribe> {
        let settings = &self.workspace.catalog.settings;
        let link = settings.service.public_url.as_ref().zip(self.key.as_ref()).map(|(url, key)| UnsubscribeLink {
            address: link(url, key, address, &SuppressionScope::named(run)),
            words: text(language, "unsubscribe", &[]),
        });
        let mailto = match looks_after(self.workspace, run) {
            Some(address) => address.to_owned(),
            None => Contact::parse(&settings.mail.from.value)?.address,
        };
        Ok(Unsubscribe { mailto, of: run.to_owned(), link })
    }
}

/// Ends what a link was sent with; none when the token is not one of ours. To follow a link again changes nothing.
pub async fn unsubscribe(
    journal: &Journal,
    token: &str,
    now: DateTime<Utc>,
) -> Result<Option<Unsubscribed>, JournalError> {
    let key = journal.unsubscribe_key().await?;
    let Some((address, scope)) = verify(&key, token) else { return Ok(None) };
    let suppression = NewSuppression {
        address: address.clone(),
        scope: scope.clone(),
        cause: SuppressionCause::Unsubscribed,
        reason: "followed the link in a mail".to_owned(),
        author: "the recipient".to_owned(),
    };
    journal.suppress(suppression, now).await?;
    Ok(Some(Unsubscribed { address, scope }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_link_ends_what_it_was_sent_with_and_nothing_else_does() {
        let journal = Journal::in_memory().await.unwrap();
        let now = DateTime::from_timestamp(1_795_392_000, 0).unwrap();
        let key = journal.unsubscribe_key().await.unwrap();
        let scope = SuppressionScope::named("weekly");
        let link = link("https://reports.example.com", &key, "Anna@example.com", &scope);
        let token = link.rsplit('/').next().unwrap();
        assert_eq!(unsubscribe(&journal, &token[1..], now).await.unwrap(), None);
        assert_eq!(journal.suppressions().await.unwrap(), []);
        for _ in 0..2 {
            let expected = Unsubscribed { address: "Anna@example.com".to_owned(), scope: scope.clone() };
            assert_eq!(unsubscribe(&journal, token, now).await.unwrap(), Some(expected));
        }
        let only = journal.suppressions().await.unwrap().remove(0);
        assert_eq!(
            (only.address.as_str(), only.scope, only.cause),
            ("anna@example.com", scope, SuppressionCause::Unsubscribed)
        );
    }
}
