//! How long PDFs take: the report of the design's figure (3 pages: a table of 80 rows, four tiles, two charts), weekly
//! reports, a table of 10,000 rows, a file with a password, and 500 reports that all differ. Beside it, on the same
//! report as an HTML page, `WeasyPrint` and headless Chromium. `bash tests/run cargo bench --bench pdf` installs what
//! they need. With a folder as argument, the files are left there to be looked at, also those of `shapes`.

#![expect(clippy::print_stdout, reason = "a measuring program tells its figures")]

mod report;
mod rivals;
mod shapes;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use callbrief::locale::Language;
use callbrief::report::document::Document;
use callbrief::report::export::pdf::render;
use callbrief::report::theme::Theme;
use callbrief::workspace::PdfDefinition;

type Failure = Box<dyn std::error::Error>;

/// So many recipients get a report of their own.
const RECIPIENTS: usize = 500;

fn main() -> Result<(), Failure> {
    let folder = std::env::args().skip(1).find(|argument| !argument.starts_with("--")).map(PathBuf::from);
    if let Some(folder) = folder {
        for (name, document, theme, definition) in shapes::all() {
            std::fs::write(folder.join(format!("{name}.pdf")), render(&document, &theme, &definition)?)?;
        }
        return Ok(());
    }
    let (usual, theme) = (PdfDefinition::default(), Theme::default());
    let secret = PdfDefinition { password: Some("correct horse".to_owned().into()), ..PdfDefinition::default() };
    let ours = measure("80 rows, 4 tiles, 2 charts", &report::figure(), &theme, &usual, 101)?;
    measure("the same with a password", &report::figure(), &theme, &secret, 51)?;
    measure("weekly, English", &report::weekly(&report::ENGLISH, Language::English), &theme, &usual, 51)?;
    measure("weekly, Russian", &report::weekly(&report::RUSSIAN, Language::Russian), &theme, &usual, 51)?;
    measure("10,000 rows", &report::long_table(), &theme, &usual, 3)?;
    many(1)?;
    many(2)?;
    rivals::print(&report::figure(), ours)
}

/// Prints and gives the median of several runs; the first one, which also reads the fonts, is told beside it.
fn measure(
    name: &str,
    document: &Document,
    theme: &Theme,
    definition: &PdfDefinition,
    runs: usize,
) -> Result<Duration, Failure> {
    let start = Instant::now();
    let size = render(document, theme, definition)?.len();
    let first = start.elapsed();
    let mut times = Vec::new();
    for _ in 0..runs {
        let start = Instant::now();
        std::hint::black_box(render(document, theme, definition)?);
        times.push(start.elapsed());
    }
    times.sort();
    let median = times[times.len() / 2];
    println!("{name:<28}{median:>9.1?} (first {first:.1?}), {} kB", size / 1000);
    Ok(median)
}

/// Prints how long reports for many recipients take, each of them different.
fn many(threads: usize) -> Result<(), Failure> {
    let documents: Vec<Document> = (0..RECIPIENTS).map(report::of_recipient).collect();
    let (usual, theme) = (PdfDefinition::default(), Theme::default());
    let start = Instant::now();
    std::thread::scope(|scope| {
        let share = documents.len().div_ceil(threads);
        let work = documents.chunks(share).map(|documents| {
            scope.spawn(|| documents.iter().try_for_each(|document| render(document, &theme, &usual).map(drop)))
        });
        work.collect::<Vec<_>>().into_iter().try_for_each(|thread| thread.join().expect("no thread panics"))
    })?;
    let took = start.elapsed();
    let rate = RECIPIENTS as f64 / took.as_secs_f64();
    println!("{RECIPIENTS} different ones, {threads} at a time: {took:.2?}, {rate:.0} a second");
    Ok(())
}
