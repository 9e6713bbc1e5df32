//! The key that unsubscribe links are signed with: made once, the same for every process on the journal. Without the
//! journal old links lead nowhere, and nothing else is lost.

use secrecy::SecretString;

use super::store::failed;
use super::{Journal, JournalError};

/// The key's length in bytes, before it is written as text.
const LENGTH: usize = 32;

impl Journal {
    /// The key; made and kept at the first call.
    pub async fn unsubscribe_key(&self) -> Result<SecretString, JournalError> {
        const DOING: &str = "reading the key of unsubscribe links";
        const READ: &str = "SELECT value FROM keys WHERE name = 'unsubscribe'";
        let known: Option<String> =
            sqlx::query_scalar(READ).fetch_optional(&self.reader).await.map_err(failed(DOING))?;
        if let Some(key) = known {
            return Ok(SecretString::from(key));
        }
        let mut bytes = [0; LENGTH];
        getrandom::fill(&mut bytes).map_err(|error| JournalError::NoRandomness { source: error })?;
        let new: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let mut transaction = self.write(DOING).await?;
        // Another process may have been quicker: its key counts.
        sqlx::query("INSERT INTO keys (name, value) VALUES ('unsubscribe', $1) ON CONFLICT (name) DO NOTHING")
            .bind(new)
            .execute(&mut *transaction)
            .await
            .map_err(failed(DOING))?;
        let key: String = sqlx::query_scalar(READ).fetch_one(&mut *transaction).await.map_err(failed(DOING))?;
        transaction.commit().await.map_err(failed(DOING))?;
        Ok(SecretString::from(key))
    }
}
