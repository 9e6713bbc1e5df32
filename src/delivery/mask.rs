//! Text without the names of mailboxes, for logs: servers repeat the recipient's address in what they answer.

/// The same text with everything before the `@` of what looks like an address replaced by `…`.
pub fn without_mailboxes(text: &str) -> String {
    let is_part = |character: char| character.is_alphanumeric() || ".!#$%&'*+-/=?^_`{|}~".contains(character);
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('@') {
        let (before, after) = rest.split_at(at);
        let quoted = before.strip_suffix('"').and_then(|inside| inside.rfind('"'));
        let name = quoted.unwrap_or_else(|| before.trim_end_matches(is_part).len());
        masked.push_str(&before[..name]);
        if name < at {
            masked.push('…');
        }
        masked.push('@');
        rest = &after[1..];
    }
    masked.push_str(rest);
    masked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(without_mailboxes(text), expected);
    }

    #[test]
    fn mailboxes_have_no_names() {
        check("550 5.1.1 <anna.k+x@example.org>: unknown", "550 5.1.1 <…@example.org>: unknown");
        check("анна@example.org, b@c", "…@example.org, …@c");
        check("\"anna k\"@example.org", "…@example.org");
        check("at 10 @ 5", "at 10 @ 5");
        check("nothing", "nothing");
    }
}
