//! The table of what mail programs show, made from caniemail.com's data; its head names date and licence.

use std::collections::BTreeMap;
use std::sync::OnceLock;

/// The programs in the order of the table's columns.
const PROGRAMS: [&str; 15] = [
    "Outlook for Windows",
    "Outlook.com",
    "Outlook for macOS",
    "Outlook for iOS",
    "Outlook for Android",
    "Gmail",
    "Gmail for iOS",
    "Gmail for Android",
    "Gmail in a phone's browser",
    "Apple Mail",
    "Apple Mail on iOS",
    "Yahoo Mail",
    "Yahoo Mail for iOS",
    "Yahoo Mail for Android",
    "Mail.ru",
];

/// The programs that do not show a feature, or not everywhere, or in which it was not tried; none when the table does not
/// have it.
pub(super) fn without(feature: &str) -> Option<Vec<&'static str>> {
    let marks = table().get(feature)?;
    Some(PROGRAMS.iter().zip(marks.bytes()).filter(|(_, mark)| *mark != b'y').map(|(program, _)| *program).collect())
}

fn table() -> &'static BTreeMap<&'static str, &'static str> {
    static TABLE: OnceLock<BTreeMap<&'static str, &'static str>> = OnceLock::new();
    TABLE.get_or_init(|| lines().collect())
}

fn lines() -> impl Iterator<Item = (&'static str, &'static str)> {
    include_str!("support.tsv").lines().filter(|line| !line.starts_with("# ")).filter_map(|line| line.split_once('\t'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_read_and_has_a_mark_for_each_program() {
        for (feature, marks) in lines() {
            assert_eq!(marks.len(), PROGRAMS.len(), "{feature}");
            assert!(marks.bytes().all(|mark| b"yan-".contains(&mark)), "{feature} {marks}");
        }
        assert_eq!((lines().count(), table().len()), (310, 310));
        assert_eq!(without("<table>"), Some(Vec::new()));
        assert_eq!(without("display:flex").map(|programs| programs[0]), Some("Outlook for Windows"));
        assert!(without("#a").is_some());
        assert_eq!(without("colour"), None);
    }
}
