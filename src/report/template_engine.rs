//! The template engine behind its limits: every value is escaped, output, ranges and loops end, and nothing of the
//! machine can be seen.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use indexmap::IndexMap;
use tera::{Context, ErrorKind, Kwargs, State, Tera};

use super::escape::{write_masked, write_plain};
use super::loops::{Counted, TURN};
use super::template_errors::{clamped, explain};
use crate::diagnostics::{Code, Diagnostic, SourceFile};
use crate::locale::Language;

/// At most so many bytes come out of a template.
const MAX_OUTPUT: usize = 2 << 20;
/// At most so many numbers one `range` gives.
const MAX_RANGE: u64 = 10_000;
/// At most so many numbers all `range` calls of one rendering give together.
const MAX_RANGES: u64 = 100_000;
/// At most so many turns all loops of one rendering make together.
const MAX_TURNS: u64 = 200_000;

/// A file as it was written and as the engine gets it.
#[derive(Clone, Debug)]
pub(super) struct TemplateFile {
    /// As written.
    pub(super) file: Arc<SourceFile>,
    /// With its loops counted.
    pub(super) counted: Counted,
}

/// What values need on their way out.
#[derive(Clone, Copy)]
pub(super) enum Escaping {
    /// They are masked until Markdown and YAML are parsed.
    Markdown,
    /// They stay on one line.
    Plain,
    /// They are HTML already, made where what is in them was escaped.
    Markup,
}

/// Parsed templates that may include each other.
#[derive(Clone)]
pub(super) struct Engine {
    tera: Tera,
    files: IndexMap<String, TemplateFile>,
}

impl Engine {
    /// Parses the files; returns all mistakes at once.
    pub(super) fn new(
        written: &IndexMap<String, Arc<SourceFile>>,
        escaping: Escaping,
    ) -> Result<Self, Vec<Diagnostic>> {
        let file = |file: &Arc<SourceFile>| TemplateFile { file: Arc::clone(file), counted: Counted::new(&file.text) };
        let files: IndexMap<String, TemplateFile> =
            written.iter().map(|(name, text)| (name.clone(), file(text))).collect();
        let mut tera = Tera::default();
        tera.set_escape_fn(match escaping {
            Escaping::Markdown => write_masked,
            Escaping::Plain => write_plain,
            Escaping::Markup => |markup, output| output.write_all(markup.as_bytes()),
        });
        // The empty suffix ends every name: nothing goes out as it is.
        tera.autoescape_on([""]);
        equip(&mut tera, Language::English);
        let mut diagnostics = Vec::new();
        // One by one first, because the engine stops at the first file that cannot be parsed.
        for (name, file) in &files {
            if let Err(error) = tera.clone().add_raw_template(name, &file.counted.text)
                && matches!(error.kind(), ErrorKind::SyntaxError(_))
            {
                diagnostics.extend(explain(&error, Code::TemplateSyntax, &files));
            }
            diagnostics.extend(file.counted.uncounted.iter().map(|range| {
                let message = "a loop inside a loop in one expression";
                let hint = "write them as {% for … %} … {% endfor %}, which always come to an end";
                Diagnostic::error(Code::TemplateSyntax, clamped(&file.file, range.clone()), message).hint(hint)
            }));
        }
        if diagnostics.is_empty()
            && let Err(error) = tera.add_raw_templates(files.iter().map(|(name, file)| (name, &file.counted.text)))
        {
            diagnostics.extend(explain(&error, Code::TemplateSyntax, &files));
        }
        if diagnostics.is_empty() { Ok(Self { tera, files }) } else { Err(diagnostics) }
    }

    /// Renders one of the files within the limits.
    pub(super) fn render(&self, name: &str, context: &Context, language: Language) -> Result<String, Vec<Diagnostic>> {
        // The functions count and know the language, so each rendering has its own.
        let mut tera = self.tera.clone();
        equip(&mut tera, language);
        let mut output = Limited::default();
        match tera.render_to(name, context, &mut output) {
            Ok(()) => Ok(String::from_utf8_lossy(&output.bytes).into_owned()),
            Err(_) if output.exceeded => {
                let message = format!("the template makes more than {} MB of text", MAX_OUTPUT >> 20);
                let hint = "look for a loop that does not end, or give tables a `limit:`";
                let span = clamped(&self.files[name].file, 0..0);
                Err(vec![Diagnostic::error(Code::TemplateFailed, span, message).hint(hint)])
            }
            Err(error) => Err(explain(&error, Code::TemplateFailed, &self.files)),
        }
    }
}

/// Gives the engine its functions: `text(en="…", ru="…")`, which picks the report's language, a `range` with
/// limits, and the count of the loops' turns.
fn equip(tera: &mut Tera, language: Language) {
    tera.register_function("text", move |texts: Kwargs, _: &State| -> tera::TeraResult<String> {
        let mut first = None;
        for (key, value) in texts.iter() {
            let code = key.as_str().unwrap_or_default();
            let known = Language::parse(code);
            let written = value.as_str().map(str::to_owned).unwrap_or_else(|| value.to_string());
            match known {
                None => return Err(tera::Error::message(format!("no language is called `{code}`; use en or ru"))),
                Some(known) if known == language => return Ok(written),
                Some(_) => first = first.or(Some(written)),
            }
        }
        first.ok_or_else(|| {
            tera::Error::message("text needs a text for each language, as in text(en=\"Queues\", ru=\"Очереди\")")
        })
    });
    let turns = Arc::new(AtomicU64::new(0));
    tera.register_function(TURN, move |_: Kwargs, _: &State| -> tera::TeraResult<String> {
        if turns.fetch_add(1, Ordering::Relaxed) >= MAX_TURNS {
            return Err(tera::Error::message(format!("the loops of one report may turn {MAX_TURNS} times")));
        }
        Ok(String::new())
    });
    let given = Arc::new(AtomicU64::new(0));
    tera.register_function("range", move |arguments: Kwargs, _: &State| -> tera::TeraResult<Vec<i64>> {
        let start = arguments.get::<i64>("start")?.unwrap_or(0);
        let end = arguments.must_get::<i64>("end")?;
        let step = arguments.get::<i64>("step_by")?.unwrap_or(1);
        let step = usize::try_from(step).ok().filter(|step| *step > 0);
        let step = step.ok_or_else(|| tera::Error::message("range needs a step_by of 1 or more"))?;
        let count = u64::try_from(i128::from(end) - i128::from(start)).unwrap_or(0).div_ceil(step as u64);
        if count > MAX_RANGE || given.fetch_add(count, Ordering::Relaxed) + count > MAX_RANGES {
            let message = format!("range may give {MAX_RANGE} numbers, and {MAX_RANGES} in one report");
            return Err(tera::Error::message(message));
        }
        Ok((start..end).step_by(step).collect())
    });
}

/// Collects output up to the limit.
#[derive(Default)]
struct Limited {
    bytes: Vec<u8>,
    exceeded: bool,
}

impl Write for Limited {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.bytes.len() + bytes.len() > MAX_OUTPUT {
            self.exceeded = true;
            return Err(io::Error::other("too much output"));
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
