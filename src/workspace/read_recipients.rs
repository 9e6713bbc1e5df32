//! `rules/recipients.yaml` as groups of recipients. The tree was compared with `shapes` before.

use indexmap::IndexMap;

use super::definition::{Member, Recipient, RecipientGroup, RecipientQuery, Scope};
use super::values;
use super::yaml::Node;
use crate::diagnostics::Spanned;

/// Reads the groups.
pub(super) fn recipients(node: &Node) -> Option<IndexMap<String, RecipientGroup>> {
    node.get("recipients")?
        .entries()
        .iter()
        .map(|entry| Some((entry.key.value.clone(), group(&entry.value)?)))
        .collect()
}

/// Reads a group.
pub(super) fn group(node: &Node) -> Option<RecipientGroup> {
    if node.entries().is_empty() {
        return Some(RecipientGroup::Listed(node.items().iter().map(member).collect::<Option<_>>()?));
    }
    Some(RecipientGroup::Queried(RecipientQuery {
        source: node.get("source").and_then(values::text)?,
        query: node.get("query").and_then(values::text)?,
        scope: texts(node.get("scope"))?,
    }))
}

fn member(node: &Node) -> Option<Member> {
    if let Some(webhook) = node.get("webhook") {
        return Some(Member::Webhook(values::text(webhook)?));
    }
    if let Some(group) = node.get("group") {
        return Some(Member::Group(values::text(group)?));
    }
    recipient(node).map(Member::Recipient)
}

fn recipient(node: &Node) -> Option<Recipient> {
    if node.entries().is_empty() {
        let written = values::text(node)?;
        let mailbox = values::mailbox(&written.value).ok()?;
        let address = Spanned::new(mailbox.email.to_string(), written.span);
        return Some(Recipient { address, name: mailbox.name, language: None, timezone: None, scope: None });
    }
    let address = node.get("address").and_then(values::text)?;
    Some(Recipient {
        address: Spanned::new(address.value.trim().to_owned(), address.span),
        name: node.get("name").and_then(values::text).map(|name| name.value),
        language: node.get("language").and_then(values::language),
        timezone: node.get("timezone").and_then(values::zone),
        scope: match node.get("scope") {
            // What cannot be read as a scope must not become the scope of everything.
            Some(scope) => Some(self::scope(scope)?),
            None => None,
        },
    })
}

fn scope(node: &Node) -> Option<Scope> {
    let dimension = |entry: &super::yaml::Entry| {
        let values = texts(Some(&entry.value))?.into_iter().map(|value| value.value).collect();
        Some((entry.key.value.clone(), values))
    };
    Scope::of_each(&node.entries().iter().map(dimension).collect::<Option<Vec<_>>>()?)
}

fn texts(node: Option<&Node>) -> Option<Vec<Spanned<String>>> {
    node.map_or(&[][..], Node::items).iter().map(values::text).collect()
}
