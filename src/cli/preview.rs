//! `callbrief preview`: a report in the browser that follows its files. What changed, how long it took and the mistakes
//! are told in the terminal too.

use clap::Args;

use super::Verdict;
use super::report::{language, period};
use super::session::{Session, complain, print, style};
use crate::app::preview::{Measuring, PreviewOptions, Showing, Told, preview};
use crate::diagnostics::render_text;
use crate::locale::Language;

/// More files than this are not named one by one.
const MOST_NAMES: usize = 3;

#[derive(Debug, Args)]
pub(super) struct PreviewArguments {
    /// The report's id
    id: String,
    /// The period instead of the report's own: 2026-W46, 2026-11, yesterday, …
    #[arg(long, short)]
    period: Option<String>,
    /// The language: en or ru
    #[arg(long, short, value_parser = language)]
    language: Option<Language>,
    /// The port on this machine; one that is free when 0
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Open it in the browser
    #[arg(long)]
    open: bool,
}

pub(super) async fn run(session: &Session, arguments: &PreviewArguments) -> anyhow::Result<Verdict> {
    session.require_workspace()?;
    let options = PreviewOptions {
        root: session.root.clone(),
        environment: session.environment.clone(),
        clock: session.clock,
        report: arguments.id.clone(),
        period: period(arguments.period.as_deref())?,
        language: arguments.language,
        port: arguments.port,
    };
    preview(options, |told| match told {
        Told::Serving { address } => {
            // A terminal that is gone is no reason to stop showing the report.
            let _ = print(address);
            if arguments.open {
                open(address);
            }
        }
        Told::Made(showing) => tell(showing),
    })
    .await?;
    Ok(Verdict::Fine)
}

fn tell(showing: &Showing) {
    let changed = match showing.changed.as_slice() {
        [] => String::new(),
        few if few.len() <= MOST_NAMES => format!("{}\n  ", few.join("\n")),
        many => format!("{} files changed\n  ", many.len()),
    };
    let took = format!("{} ms", showing.took.as_millis());
    let numbers = match showing.measured {
        Measuring::Anew => "numbers measured",
        Measuring::NotNeeded => "same numbers",
    };
    let outcome = if showing.is_made() {
        format!("made in {took}, {numbers}")
    } else {
        "not made: it is shown as it was made last".to_owned()
    };
    complain(&format!("{changed}{outcome}"));
    if let Some(failure) = &showing.failure {
        complain(&format!("error: {failure}"));
    }
    if !showing.diagnostics.is_empty() {
        complain(render_text(&showing.diagnostics, style(&std::io::stderr())).trim_end());
    }
}

/// Asks the system for a browser.
fn open(address: &str) {
    let program = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    let started = std::process::Command::new(program)
        .arg(address)
        .stdin(std::process::Stdio::null())
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn();
    if let Err(error) = started {
        complain(&format!("no browser was opened: {program}: {error}"));
    }
}
