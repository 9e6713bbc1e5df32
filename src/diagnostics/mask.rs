//! Passwords in the lines that an excerpt shows: what `check` prints ends up in logs and tickets.

/// The same line with each byte of a password replaced by `*`, so that all positions stay. A `${VARIABLE}` is shown.
pub(super) fn masked(line: &str) -> String {
    let mut hidden = Vec::new();
    for (at, _) in line.match_indices("://") {
        let authority = &line[at + 3..];
        let end = authority.find(['/', '?', ' ', '"', '\'']).unwrap_or(authority.len());
        if let Some((user, _)) = authority[..end].rsplit_once('@')
            && let Some(colon) = user.find(':')
        {
            hidden.push(at + 3 + colon + 1..at + 3 + user.len());
        }
    }
    for (at, _) in line.match_indices("password:") {
        let after = at + "password:".len();
        let value = after + line[after..].len() - line[after..].trim_start().len();
        let rest = &line[value..];
        let quoted = rest.chars().next().filter(|first| matches!(first, '"' | '\''));
        let end = match quoted {
            Some(quote) => rest[1..].find(quote).map_or(rest.len(), |length| 1 + length),
            None => {
                let end = rest.find([',', '}']).or_else(|| rest.find(" #")).unwrap_or(rest.len());
                rest[..end].trim_end().len()
            }
        };
        hidden.push(value + usize::from(quoted.is_some())..value + end.max(usize::from(quoted.is_some())));
    }
    hidden.retain(|range| !line[range.clone()].starts_with("${"));
    let mut masked = String::with_capacity(line.len());
    for (at, character) in line.char_indices() {
        if hidden.iter().any(|range| range.contains(&at)) {
            (0..character.len_utf8()).for_each(|_| masked.push('*'));
        } else {
            masked.push(character);
        }
    }
    masked
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn passwords_are_hidden_and_nothing_moves() {
        for (line, expected) in [
            ("url: postgres://anna:hunter2@db/calls", "url: postgres://anna:*******@db/calls"),
            ("url: \"mysql://a:p@ss@db\"", "url: \"mysql://a:****@db\""),
            ("url: postgres://anna:${PW}@db/calls", "url: postgres://anna:${PW}@db/calls"),
            ("smtp: { user: a, password: пароль, port: 25 }", "smtp: { user: a, password: ************, port: 25 }"),
            ("{ password: secret }", "{ password: ****** }"),
            ("  password: 'a b'", "  password: '***'"),
            ("  password: ${PW}", "  password: ${PW}"),
            ("  password:", "  password:"),
            ("  password_file: /run/secret", "  password_file: /run/secret"),
            ("see https://example.com/a:b@c", "see https://example.com/a:b@c"),
        ] {
            assert_eq!(masked(line), expected);
        }
    }
}
