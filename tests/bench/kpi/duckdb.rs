//! `DuckDB` on the same rows, as the limit to know about: it keeps columns apart and works on all cores.

use std::path::Path;
use std::process::Command;

use crate::Failure;

/// Prints `DuckDB`'s time; when it cannot be had, says so.
pub(crate) fn print(file: &Path) -> Result<(), Failure> {
    // Beside the build's other products: made once, thrown away with them.
    let environment = Path::new(env!("CARGO_TARGET_TMPDIR")).join("duckdb");
    let python = environment.join("bin/python");
    if !python.exists() {
        let made = Command::new("python3").args(["-m", "venv"]).arg(&environment).status()?.success();
        if !made {
            println!("DuckDB: not measured, Python's venv is missing");
            return Ok(());
        }
    }
    let has = Command::new(&python).args(["-c", "import duckdb"]).output()?.status.success();
    if !has && !Command::new(&python).args(["-m", "pip", "install", "--quiet", "duckdb"]).status()?.success() {
        println!("DuckDB: not measured, it cannot be installed");
        return Ok(());
    }
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/bench/kpi/weekly_set.py");
    let output = Command::new(&python).arg(script).arg(file).output()?;
    print!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    Ok(())
}
