//! Trying a way out without sending anything.

use super::smtp_failure::from_text;
use super::{DeliveryError, FailureKind, Transport};

/// The file that is written into a folder of mails, and removed at once.
const TRIAL: &str = "callbrief-doctor";

impl Transport {
    /// Fails when nothing could be sent now: the folder cannot be written to, the server does not answer or refuses the
    /// login. Webhooks cannot be tried without telling them something.
    pub async fn try_out(&self) -> Result<(), DeliveryError> {
        match self {
            Self::Smtp(smtp) => smtp.try_login().await,
            Self::Webhooks(_) => Ok(()),
            Self::Folder(folder) => {
                let path = folder.path_of(TRIAL);
                let tried = async {
                    if let Some(folder) = path.parent() {
                        tokio::fs::create_dir_all(folder).await?;
                    }
                    tokio::fs::write(&path, b"").await?;
                    tokio::fs::remove_file(&path).await
                };
                tried.await.map_err(|error| {
                    from_text(
                        FailureKind::Configuration,
                        "writing into the folder",
                        &format!("{}: {error}", path.display()),
                    )
                })
            }
        }
    }
}
