//! `rules/recipients.yaml` as groups of [`Recipient`]s. The tree was compared with `shapes` before.

use indexmap::IndexMap;

use super::definition::Recipient;
use super::values;
use super::yaml::Node;
use crate::diagnostics::Spanned;

/// Reads the groups.
pub(super) fn recipients(node: &Node) -> Option<IndexMap<String, Vec<Recipient>>> {
    let group = |items: &[Node]| items.iter().map(recipient).collect::<Option<Vec<_>>>();
    node.get("recipients")?
        .entries()
        .iter()
        .map(|entry| Some((entry.key.value.clone(), group(entry.value.items())?)))
        .collect()
}

fn recipient(node: &Node) -> Option<Recipient> {
    if node.entries().is_empty() {
        let written = values::text(node)?;
        let mailbox = values::mailbox(&written.value).ok()?;
        let address = Spanned::new(mailbox.email.to_string(), written.span);
        return Some(Recipient { address, name: mailbox.name, language: None });
    }
    let address = node.get("address").and_then(values::text)?;
    Some(Recipient {
        address: Spanned::new(address.value.trim().to_owned(), address.span),
        name: node.get("name").and_then(values::text).map(|name| name.value),
        language: node.get("language").and_then(values::language),
    })
}
