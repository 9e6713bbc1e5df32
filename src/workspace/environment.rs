//! `${VARIABLE}` in the values of `callbrief.yaml`, put in after the file is parsed: what a variable holds is never
//! read as YAML. The variables are an argument; nothing here looks at the process.

use std::collections::BTreeMap;

use super::yaml::{Node, NodeKind, Scalar, ScalarStyle};
use crate::diagnostics::{Code, Diagnostic};

/// Puts the variables in: `${NAME}`, `${NAME:?what is missing}`, `${NAME:-default}`; `$$` is a dollar sign.
pub(super) fn expand(node: &mut Node, variables: &BTreeMap<String, String>, diagnostics: &mut Vec<Diagnostic>) {
    match &mut node.kind {
        NodeKind::Map(entries) => {
            entries.iter_mut().for_each(|entry| expand(&mut entry.value, variables, diagnostics));
        }
        NodeKind::List(items) => items.iter_mut().for_each(|item| expand(item, variables, diagnostics)),
        NodeKind::Scalar(scalar) if scalar.text.contains('$') => match expanded(&scalar.text, variables) {
            Ok((text, from_environment)) => {
                scalar.from_environment = from_environment;
                if scalar.style == ScalarStyle::Plain && from_environment {
                    scalar.resolved = Scalar::resolve(&text);
                }
                scalar.text = text;
            }
            Err(Fault::Missing { name, message }) => {
                let message = message.map_or_else(String::new, |message| format!(": {message}"));
                diagnostics.push(
                    Diagnostic::error(
                        Code::MissingVariable,
                        node.span.clone(),
                        format!("the environment variable `{name}` is not set{message}"),
                    )
                    .did_you_mean(&name, variables.keys().map(String::as_str))
                    .hint(format!("set it before callbrief starts, or give a default: ${{{name}:-…}}")),
                );
            }
            Err(Fault::Unreadable) => diagnostics.push(
                Diagnostic::error(
                    Code::BadValue,
                    node.span.clone(),
                    "a `${` is not followed by a variable's name and `}`",
                )
                .hint("write ${NAME}; a dollar sign of its own is $$"),
            ),
        },
        NodeKind::Scalar(_) => {}
    }
}

enum Fault {
    Missing { name: String, message: Option<String> },
    Unreadable,
}

/// The text with its variables put in, and whether there was one.
fn expanded(text: &str, variables: &BTreeMap<String, String>) -> Result<(String, bool), Fault> {
    let mut result = String::with_capacity(text.len());
    let mut from_environment = false;
    let mut rest = text;
    while let Some(dollar) = rest.find('$') {
        result.push_str(&rest[..dollar]);
        rest = &rest[dollar + 1..];
        if let Some(after) = rest.strip_prefix('$') {
            result.push('$');
            rest = after;
        } else if let Some(after) = rest.strip_prefix('{') {
            let (inside, after) = after.split_once('}').ok_or(Fault::Unreadable)?;
            result.push_str(&variable(inside, variables)?);
            from_environment = true;
            rest = after;
        } else {
            result.push('$');
        }
    }
    result.push_str(rest);
    Ok((result, from_environment))
}

fn variable(inside: &str, variables: &BTreeMap<String, String>) -> Result<String, Fault> {
    let (name, rest) = inside.split_once(':').map_or((inside, None), |(name, rest)| (name, Some(rest)));
    let good = !name.is_empty() && name.chars().all(|character| character.is_ascii_alphanumeric() || character == '_');
    if !good {
        return Err(Fault::Unreadable);
    }
    // An empty variable is what a forgotten secret looks like in most service managers.
    let value = variables.get(name).filter(|value| !value.is_empty());
    match (value, rest) {
        (Some(value), _) => Ok(value.clone()),
        (None, Some(rest)) => match (rest.strip_prefix('-'), rest.strip_prefix('?')) {
            (Some(default), _) => Ok(default.to_owned()),
            (None, Some(message)) => Err(Fault::Missing { name: name.to_owned(), message: Some(message.to_owned()) }),
            (None, None) => Err(Fault::Unreadable),
        },
        (None, None) => Err(Fault::Missing { name: name.to_owned(), message: None }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Result<&str, &str>) {
        let variables = BTreeMap::from([("A".to_owned(), "x: 1\ny".to_owned()), ("EMPTY".to_owned(), String::new())]);
        let result = expanded(text, &variables).map(|(text, _)| text).map_err(|fault| match fault {
            Fault::Missing { name, message } => format!("{name} {}", message.unwrap_or_default()),
            Fault::Unreadable => "unreadable".to_owned(),
        });
        assert_eq!(result.as_deref().map_err(String::as_str), expected, "{text}");
    }

    #[test]
    fn variables_are_put_in_as_they_are() {
        check("${A}", Ok("x: 1\ny"));
        check("a $$ b $5 ${A:-z}$", Ok("a $ b $5 x: 1\ny$"));
        check("${B:-z}", Ok("z"));
        check("${B}", Err("B "));
        check("${EMPTY}", Err("EMPTY "));
        check("${B:?the database's address}", Err("B the database's address"));
        check("${B", Err("unreadable"));
        check("${ B }", Err("unreadable"));
    }
}
