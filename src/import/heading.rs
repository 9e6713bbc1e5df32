//! Column names: from what a header line says to what SQL and formulas can use without quotes.

use std::collections::BTreeSet;

/// Words that would have to be quoted in a query.
const RESERVED: [&str; 45] = [
    "all", "and", "as", "between", "by", "case", "check", "column", "create", "default", "delete", "distinct", "drop",
    "else", "end", "exists", "from", "group", "having", "if", "in", "index", "insert", "into", "is", "join", "let",
    "like", "limit", "not", "null", "on", "or", "order", "primary", "select", "set", "table", "then", "to", "union",
    "unique", "update", "values", "where",
];

/// Names for the headers, in their order: snake case, Latin letters, no name twice.
pub(super) fn column_names(headers: &[String]) -> Vec<String> {
    let mut taken = BTreeSet::new();
    headers
        .iter()
        .enumerate()
        .map(|(index, header)| {
            let name = Some(column_name(header)).filter(|name| !name.is_empty());
            let name = free_name(name.unwrap_or_else(|| format!("column_{}", index + 1)), &taken);
            taken.insert(name.clone());
            name
        })
        .collect()
}

/// The name itself if it is free, else with the first number that makes it so.
pub(super) fn free_name(name: String, taken: &BTreeSet<String>) -> String {
    if !taken.contains(&name) {
        return name;
    }
    (2..).map(|number| format!("{name}_{number}")).find(|candidate| !taken.contains(candidate)).unwrap_or(name)
}

/// Whether a name can stand in SQL and in formulas as it is.
pub(super) fn is_plain_name(name: &str) -> bool {
    let starts = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    let plain = name.chars().all(|character| character.is_ascii_alphanumeric() || character == '_');
    starts && plain && !RESERVED.contains(&name.to_ascii_lowercase().as_str())
}

/// The header in snake case; empty when nothing of it can be used.
pub(super) fn column_name(header: &str) -> String {
    let mut name = String::new();
    let mut previous = ' ';
    for character in header.chars() {
        let starts_word = character.is_uppercase() && (previous.is_lowercase() || previous.is_ascii_digit());
        let lower: String = character.to_lowercase().collect();
        let letters: String = lower.chars().map(latin).collect();
        if (letters.is_empty() && !is_silent(&lower)) || starts_word {
            push_gap(&mut name);
        }
        name.push_str(&letters);
        previous = character;
    }
    let name = name.trim_matches('_');
    if name.starts_with(|first: char| first.is_ascii_digit()) {
        return format!("c_{name}");
    }
    if RESERVED.contains(&name) { format!("{name}_") } else { name.to_owned() }
}

fn push_gap(name: &mut String) {
    if !name.is_empty() && !name.ends_with('_') {
        name.push('_');
    }
}

fn is_silent(lower: &str) -> bool {
    matches!(lower, "ъ" | "ь" | "'" | "’")
}

/// One lower-case letter in Latin; empty for what is no letter and no digit.
fn latin(character: char) -> &'static str {
    const ASCII: &str = "abcdefghijklmnopqrstuvwxyz0123456789";
    if let Some(place) = ASCII.find(character) {
        return &ASCII[place..=place];
    }
    match character {
        'а' | 'á' | 'à' | 'â' | 'ã' | 'å' => "a",
        'б' => "b",
        'в' => "v",
        'г' | 'ґ' => "g",
        'д' => "d",
        'е' | 'ё' | 'э' | 'é' | 'è' | 'ê' | 'ë' => "e",
        'ж' => "zh",
        'з' => "z",
        'и' | 'й' | 'і' | 'í' | 'î' => "i",
        'к' => "k",
        'л' => "l",
        'м' => "m",
        'н' | 'ñ' => "n",
        'о' | 'ó' | 'ô' | 'õ' => "o",
        'п' => "p",
        'р' => "r",
        'с' => "s",
        'т' => "t",
        'у' | 'ú' | 'û' => "u",
        'ф' => "f",
        'х' => "kh",
        'ц' => "ts",
        'ч' => "ch",
        'ш' => "sh",
        'щ' => "shch",
        'ы' => "y",
        'ю' => "yu",
        'я' => "ya",
        'ä' => "ae",
        'ö' => "oe",
        'ü' => "ue",
        'ß' => "ss",
        'ç' => "c",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_become_names() {
        let cases = [
            ("Call Id", "call_id"),
            ("Answered (Y/N)", "answered_y_n"),
            ("AvgTalkDuration", "avg_talk_duration"),
            ("Speed of answer in seconds", "speed_of_answer_in_seconds"),
            ("  CSAT  ", "csat"),
            ("Дата звонка", "data_zvonka"),
            ("Длительность, сек", "dlitelnost_sek"),
            ("Объём", "obem"),
            ("2nd line", "c_2nd_line"),
            ("order", "order_"),
            ("agent's name", "agents_name"),
            ("x'); DROP TABLE calls;--", "x_drop_table_calls"),
            ("📞", ""),
            ("HTTPCode2Text", "httpcode2_text"),
        ];
        for (header, expected) in cases {
            assert_eq!(column_name(header), expected, "{header}");
            assert!(expected.is_empty() || is_plain_name(expected), "{expected}");
        }
    }

    #[test]
    fn no_name_comes_twice_and_none_is_empty() {
        let headers = ["Date", "date", "", "DATE ", "date_2"].map(str::to_owned);
        assert_eq!(column_names(&headers), ["date", "date_2", "column_3", "date_3", "date_2_2"]);
    }
}
