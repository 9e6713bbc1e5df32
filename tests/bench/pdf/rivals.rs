//! `WeasyPrint` and headless Chromium on the HTML page of the same report. What starting them costs is told apart from
//! what a document costs in a process that is warm.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use callbrief::report::document::Document;
use callbrief::report::export::html;
use callbrief::report::theme::Theme;

use crate::Failure;

/// Prints the times of both beside ours; what cannot be had is said to be missing.
pub(crate) fn print(document: &Document, ours: Duration) -> Result<(), Failure> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("rivals");
    std::fs::create_dir_all(&folder)?;
    let page = folder.join("report.html");
    std::fs::write(&page, html::render(document, &Theme::default()))?;
    let Some(python) = python(&folder.join("environment"))? else { return Ok(()) };
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/bench/pdf/rivals.py");
    let output = Command::new(&python).arg(script).arg(&page).arg(&folder).output()?;
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        match line.split_once('\t').and_then(|(name, seconds)| Some((name, seconds.parse::<f64>().ok()?))) {
            Some((name, seconds)) => {
                println!("{name:<44}{:>8.0} ms, {:>5.0} x ours", 1000.0 * seconds, seconds / ours.as_secs_f64());
            }
            None => println!("{line}"),
        }
    }
    if !output.status.success() {
        println!("rivals: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(())
}

/// A Python with `WeasyPrint`, made beside the build's other products; none where it cannot be had.
fn python(environment: &Path) -> Result<Option<std::path::PathBuf>, Failure> {
    let python = environment.join("bin/python");
    if !python.exists() && !Command::new("python3").args(["-m", "venv"]).arg(environment).status()?.success() {
        println!("not measured: WeasyPrint and Chromium, Python's venv is missing");
        return Ok(None);
    }
    let has = Command::new(&python).args(["-c", "import weasyprint"]).output()?.status.success();
    if !has && !Command::new(&python).args(["-m", "pip", "install", "--quiet", "weasyprint"]).status()?.success() {
        println!("WeasyPrint cannot be installed");
    }
    Ok(Some(python))
}
