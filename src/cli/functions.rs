//! `callbrief functions`: what formulas can call, as a list, as one function's page, or as the whole reference.

use anyhow::bail;
use clap::Args;
use unicode_width::UnicodeWidthStr;

use super::Verdict;
use super::session::print;
use crate::diagnostics::nearest;
use crate::formula::{Accepts, Category, EXAMPLE_ROWS, Function, Parameter, function_reference, functions};

#[derive(Debug, Args)]
pub(super) struct FunctionsArguments {
    /// The function; a list of all when none is named
    name: Option<String>,
    /// The whole reference as Markdown, the language included
    #[arg(long, conflicts_with = "name")]
    markdown: bool,
}

/// Pages fit a terminal of the old width.
const WIDTH: usize = 80;

pub(super) fn run(arguments: &FunctionsArguments) -> anyhow::Result<Verdict> {
    let text = match &arguments.name {
        Some(name) => page(find(name)?),
        None if arguments.markdown => function_reference(),
        None => list(),
    };
    print(text.trim_end())?;
    Ok(Verdict::Fine)
}

fn find(name: &str) -> anyhow::Result<&'static Function> {
    // Whoever copies a name from a formula may take its parenthesis along.
    let name = name.split('(').next().unwrap_or(name).trim();
    if let Some(function) = functions().iter().find(|function| function.name == name) {
        return Ok(function);
    }
    let hint = match nearest(name, functions().iter().map(|function| function.name)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`callbrief functions` lists them".to_owned(),
    };
    bail!("there is no function `{name}`\nhelp: {hint}")
}

fn list() -> String {
    let longest = functions().iter().map(|function| function.name.width()).max().unwrap_or(0);
    let headings = Category::ALL.into_iter().map(|category| {
        let of_category = functions().iter().filter(|function| function.category == category);
        let lines = of_category.map(|function| beside(function.name, longest, function.summary));
        format!("{}\n{}", category.title(), lines.collect::<String>())
    });
    format!("{}\n`callbrief functions NAME` explains one.\n", headings.collect::<Vec<_>>().join("\n"))
}

fn page(function: &Function) -> String {
    let mut page = format!("{}\n\n{}\n", function.usage.join("\n"), lines(function.summary, WIDTH).join("\n"));
    if !function.parameters.is_empty() {
        let longest = function.parameters.iter().map(|parameter| parameter.name.width()).max().unwrap_or(0);
        page.push('\n');
        for parameter in function.parameters {
            page.push_str(&explained(parameter, longest));
        }
    }
    page.push('\n');
    let parts =
        [("gives", Some(function.result)), ("formula", Some(function.formula)), ("elsewhere", function.elsewhere)];
    page.extend(parts.into_iter().filter_map(|(name, text)| Some(beside(name, 9, text?))));
    if !function.examples.is_empty() {
        page.push_str("\nexamples\n");
    }
    for example in function.examples {
        page.push_str(&format!("  {} = {}\n", example.formula, example.shown()));
    }
    if function.examples.iter().any(|example| speaks_of_rows(example.formula)) {
        let rows: Vec<String> = EXAMPLE_ROWS.lines().map(|line| format!("  {line}")).collect();
        page.push_str(&format!("\nover these rows\n{}\n", rows.join("\n")));
    }
    page
}

/// Whether a formula names a column of the example rows, or counts them all.
fn speaks_of_rows(formula: &str) -> bool {
    let header = EXAMPLE_ROWS.lines().next().unwrap_or_default();
    let mut words = formula.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
    words.any(|word| word == "count" || !word.is_empty() && header.split(',').any(|column| column == word))
}

fn explained(parameter: &Parameter, longest: usize) -> String {
    let default = parameter.default.map_or_else(String::new, |default| format!("; left out: {default}"));
    let text = format!("{}: {}{default}", parameter.accepts.words(), parameter.doc);
    let mut explained = beside(parameter.name, longest, &text);
    if let Accepts::OneOf(words) = parameter.accepts {
        for (word, meaning) in words {
            explained.push_str(&format!("    {word}\n"));
            explained.extend(lines(meaning, WIDTH - 6).into_iter().map(|line| format!("      {line}\n")));
        }
    }
    explained
}

/// A name and, beside it, a text in as many lines as it needs.
fn beside(name: &str, longest: usize, text: &str) -> String {
    let mut result = String::new();
    for (index, line) in lines(text, WIDTH - longest - 4).into_iter().enumerate() {
        let name = if index == 0 { name } else { "" };
        result.push_str(&format!("  {name}{}  {line}\n", " ".repeat(longest.saturating_sub(name.width()))));
    }
    result
}

/// A text in lines of at most this width, broken between words.
fn lines(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.width() + 1 + word.width() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_fits_the_terminal() {
        let pages = functions().iter().map(|function| page(function)).chain([list()]);
        let wide: Vec<String> = pages
            .flat_map(|page| page.lines().filter(|line| line.width() > WIDTH).map(str::to_owned).collect::<Vec<_>>())
            .collect();
        assert_eq!(wide, Vec::<String>::new());
    }

    #[test]
    fn names_are_found_as_they_are_copied() {
        assert_eq!(find("count(").expect("a function").name, "count");
        assert!(find("servise_level").expect_err("no function").to_string().contains("did you mean `service_level`?"));
        assert!(find("x").expect_err("no function").to_string().contains("callbrief functions"));
    }
}
