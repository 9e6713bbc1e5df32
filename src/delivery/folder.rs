//! The folder transport: each message becomes an `.eml` file that any mail program opens.

use std::path::{Path, PathBuf};

use tokio::io::AsyncWriteExt;

use super::{DeliveryError, FailureKind};

/// Writes messages into a folder.
#[derive(Clone, Debug)]
pub struct FolderTransport {
    folder: PathBuf,
}

impl FolderTransport {
    /// A transport into this folder, which is created when the first message comes.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    /// The file a message with this id is written to.
    pub fn path_of(&self, message_id: &str) -> PathBuf {
        self.folder.join(file_name(message_id))
    }

    /// Writes a message; the answer is the file's path. The file is complete or absent, and the same message written
    /// again replaces itself.
    pub async fn send(&self, message_id: &str, bytes: &[u8]) -> Result<String, DeliveryError> {
        let path = self.path_of(message_id);
        write(&path, bytes).await.map_err(|error| DeliveryError {
            kind: FailureKind::Unreachable,
            step: "writing the message",
            text: format!("{}: {error}", path.display()),
            retry_after: None,
        })?;
        Ok(path.display().to_string())
    }
}

async fn write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        tokio::fs::create_dir_all(folder).await?;
    }
    let unfinished = path.with_extension("eml.part");
    let mut file = tokio::fs::File::create(&unfinished).await?;
    file.write_all(bytes).await?;
    file.sync_all().await?;
    drop(file);
    tokio::fs::rename(&unfinished, path).await
}

/// `weekly.2026-W46.1.8c1f09ab.eml`: the message id's own part, without what a file system may dislike.
fn file_name(message_id: &str) -> String {
    let local = message_id.trim_start_matches('<').split('@').next().unwrap_or_default();
    let safe: String = local
        .chars()
        .map(|character| if character.is_ascii_alphanumeric() || "._-".contains(character) { character } else { '-' })
        .collect();
    format!("{}.eml", safe.trim_start_matches('.'))
}

#[cfg(test)]
mod tests {
    use super::{FolderTransport, file_name};

    #[test]
    fn names_are_readable_and_stay_in_the_folder() {
        let check = |id: &str, name: &str| assert_eq!(file_name(id), name, "{id}");
        check("<weekly.2026-W46.1.8c1f09ab@example.com>", "weekly.2026-W46.1.8c1f09ab.eml");
        check("<../../etc/passwd@x>", "-..-etc-passwd.eml");
        check("<отчёт@x>", "-----.eml");
    }

    #[tokio::test]
    async fn a_message_is_written_whole_and_can_be_written_again() {
        let folder = tempfile::tempdir().unwrap();
        let transport = FolderTransport::new(folder.path().join("out/box"));
        let id = "<weekly.2026-W46.0.aa@example.com>";
        transport.send(id, b"first").await.unwrap();
        let reply = transport.send(id, b"second\r\n").await.unwrap();
        assert_eq!(std::fs::read(&reply).unwrap(), b"second\r\n");
        assert_eq!(std::fs::read_dir(folder.path().join("out/box")).unwrap().count(), 1);
    }

    #[tokio::test]
    async fn a_folder_that_cannot_be_made_is_told_with_its_path() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let error = FolderTransport::new(file.path()).send("<a@b>", b"x").await.unwrap_err();
        assert!(error.is_temporary() && error.concerns_all());
        assert!(error.to_string().contains("a.eml"), "{error}");
    }
}
