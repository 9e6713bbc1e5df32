//! Passwords in the lines that an excerpt shows: what `check` prints ends up in logs and tickets.

/// The keys whose values are secrets.
const KEYS: [&str; 2] = ["password:", "secret:"];

/// The key of addresses. A webhook's path is as good as a password; a database's only names a database.
const ADDRESS_KEY: &str = "url:";

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
    for (at, key) in line.match_indices(ADDRESS_KEY) {
        hidden.extend(path(line, at + key.len()));
    }
    for (at, key) in KEYS.iter().flat_map(|key| line.match_indices(key)) {
        let after = at + key.len();
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

/// Where the path of the web address that begins behind this place stands.
fn path(line: &str, from: usize) -> Option<std::ops::Range<usize>> {
    let value = line[from..].trim_start_matches([' ', '"', '\'']);
    let rest = value.strip_prefix("https://").or_else(|| value.strip_prefix("http://"))?;
    let start = line.len() - rest.len();
    let end = start + rest.find([' ', '"', '\'', ',']).unwrap_or(rest.len());
    let path = line[start..end].find(['/', '?'])?;
    Some(start + path + 1..end)
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
            ("hook: { secret: 'abc', url: x }", "hook: { secret: '***', url: x }"),
            ("  password: 'a b'", "  password: '***'"),
            ("  password: ${PW}", "  password: ${PW}"),
            ("  password:", "  password:"),
            ("  password_file: /run/secret", "  password_file: /run/secret"),
            ("see https://example.com/a:b@c", "see https://example.com/a:b@c"),
            (
                "ops: { url: \"https://example.com/a/b?c=d\", x: 1 }",
                "ops: { url: \"https://example.com/*******\", x: 1 }",
            ),
            ("url: https://example.com", "url: https://example.com"),
            ("url: https://${HOST}/${TOKEN}", "url: https://${HOST}/${TOKEN}"),
        ] {
            assert_eq!(masked(line), expected);
        }
    }
}
