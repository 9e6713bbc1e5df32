//! The function reference as Markdown: the language, then every function from its documentation. The same for every
//! machine and workspace; nothing is measured or read here.

use std::fmt::Write;

use super::{Accepts, Category, EXAMPLE_ROWS, Example, Function, Parameter, all};

/// What the functions stand upon: rows, aggregates, no data, limits.
const LANGUAGE: &str = include_str!("language.md");

/// The whole reference: `docs/functions.md`.
pub fn documentation() -> String {
    let mut page = format!("{}\n", LANGUAGE.trim_end());
    for category in Category::ALL {
        let functions = || all().iter().filter(|function| function.category == category);
        let names: Vec<String> = functions().map(|function| format!("[`{0}`](#{0})", function.name)).collect();
        // Writing to a text cannot fail.
        let _ = write!(page, "\n## {}\n\n{}\n", category.title(), names.join(" · "));
        for function in functions() {
            page.push_str(&entry(function));
        }
    }
    let _ = write!(page, "\n## The rows of the examples\n\nEmpty is \"no value\".\n\n{}", example_rows());
    page
}

/// One function.
fn entry(function: &Function) -> String {
    let mut entry = format!("\n### {}\n\n", function.name);
    let parameters: String = function.parameters.iter().map(explained).collect();
    let _ = write!(entry, "```rust\n{}\n```\n\n{}\n\n{parameters}", function.usage.join("\n"), function.summary);
    let _ = write!(entry, "\n**Gives:** {}.\n\n**Formula:** {}.\n", function.result, function.formula);
    if let Some(elsewhere) = function.elsewhere {
        let _ = write!(entry, "\n**Differs elsewhere:** {elsewhere}.\n");
    }
    if !function.examples.is_empty() {
        let examples: Vec<String> = function.examples.iter().map(example).collect();
        let _ = write!(entry, "\n```rust\n{}\n```\n", examples.join("\n"));
    }
    entry
}

fn explained(parameter: &Parameter) -> String {
    let default = parameter.default.map_or_else(String::new, |default| format!("; left out: {default}"));
    let mut line = format!("- `{}` ({}{default}): {}\n", parameter.name, parameter.accepts.words(), parameter.doc);
    if let Accepts::OneOf(words) = parameter.accepts {
        line.extend(words.iter().map(|(word, meaning)| format!("  - `\"{word}\"`: {meaning}\n")));
    }
    line
}

fn example(example: &Example) -> String {
    format!("{}    // {}", example.formula, example.shown())
}

fn example_rows() -> String {
    let cells = |line: &str| format!("| {} |\n", line.replace(',', " | "));
    let mut lines = EXAMPLE_ROWS.lines();
    let header = lines.next().unwrap_or_default();
    let rule = format!("|{}\n", "---|".repeat(header.split(',').count()));
    format!("{}{rule}{}", cells(header), lines.map(cells).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_documented_and_nothing_else_is() {
        for function in all() {
            let mut used = Vec::new();
            for usage in function.usage {
                let inner = usage
                    .strip_prefix(function.name)
                    .and_then(|rest| rest.strip_prefix('(')?.strip_suffix(')'))
                    .unwrap_or_else(|| panic!("`{usage}` is no call of `{}`", function.name));
                let names: Vec<&str> = inner.split(", ").filter(|name| !name.is_empty()).collect();
                assert!(function.arity.contains(&names.len()), "`{usage}` has {} arguments", names.len());
                used.extend(names);
            }
            for name in &used {
                assert!(
                    function.parameters.iter().any(|parameter| parameter.name == *name),
                    "{}: {name}",
                    function.name
                );
            }
            for Parameter { name, .. } in function.parameters {
                assert!(used.contains(name), "{}: no form has `{name}`", function.name);
            }
            assert!(function.summary.ends_with('.'), "{}: the summary is a sentence", function.name);
        }
    }

    #[test]
    fn functions_stand_in_the_order_of_their_names() {
        let names: Vec<&str> = all().iter().map(|function| function.name).collect();
        assert!(names.is_sorted(), "{names:?}");
    }
}
