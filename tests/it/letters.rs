//! Messages read back by a program that is not ours: Python's own parser of e-mail.

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::Value;

const READER: &str = r#"
import email, email.policy, json, sys
message = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.default)
parts = []
for part in message.walk():
    content = None if part.is_multipart() else part.get_content()
    parts.append({
        "type": part.get_content_type(), "name": part.get_filename(), "id": part["Content-ID"],
        "disposition": part.get_content_disposition(), "defects": [str(defect) for defect in part.defects],
        "text": content if isinstance(content, str) else None,
        "hex": content.hex() if isinstance(content, bytes) else None,
    })
json.dump({"headers": {name: str(value) for name, value in message.items()}, "parts": parts}, sys.stdout)
"#;

/// A message as read by someone else.
pub(crate) struct Letter {
    pub(crate) headers: Value,
    parts: Vec<Value>,
}

impl Letter {
    pub(crate) fn read(bytes: &[u8]) -> Self {
        let mut python = Command::new("/usr/bin/python3")
            .args(["-c", READER])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        // Python reads everything before it writes, so neither waits for the other.
        python.stdin.take().unwrap().write_all(bytes).unwrap();
        let output = python.wait_with_output().unwrap();
        assert!(output.status.success(), "no message: {}", String::from_utf8_lossy(bytes));
        let mut read: Value = serde_json::from_slice(&output.stdout).unwrap();
        let Value::Array(parts) = read["parts"].take() else { panic!("no parts: {read}") };
        for part in &parts {
            assert_eq!(part["defects"], serde_json::json!([]), "{part}");
        }
        Self { headers: read["headers"].take(), parts }
    }

    /// The types of all parts, from the outside in.
    pub(crate) fn types(&self) -> Vec<&str> {
        self.parts.iter().filter_map(|part| part["type"].as_str()).collect()
    }

    /// The text of the first part of this type.
    pub(crate) fn text(&self, kind: &str) -> &str {
        self.part(kind)["text"].as_str().unwrap()
    }

    /// The bytes of the first part of this type.
    pub(crate) fn bytes(&self, kind: &str) -> Vec<u8> {
        let hex = self.part(kind)["hex"].as_str().unwrap();
        (0..hex.len()).step_by(2).map(|place| u8::from_str_radix(&hex[place..place + 2], 16).unwrap()).collect()
    }

    /// File name and disposition of the first part of this type.
    pub(crate) fn file(&self, kind: &str) -> (&str, &str) {
        let part = self.part(kind);
        (part["name"].as_str().unwrap_or_default(), part["disposition"].as_str().unwrap_or_default())
    }

    /// The ids of the pictures, without their brackets.
    pub(crate) fn picture_ids(&self) -> Vec<&str> {
        let ids = self.parts.iter().filter(|part| part["type"] == "image/png").filter_map(|part| part["id"].as_str());
        ids.map(|id| id.trim_matches(['<', '>'])).collect()
    }

    fn part(&self, kind: &str) -> &Value {
        self.parts.iter().find(|part| part["type"] == kind).unwrap_or_else(|| panic!("no {kind} in {:?}", self.types()))
    }
}
